"""Compare the English catalogue with the sources: `python -m tests.architecture.translations`.

The strings are collected anew in a copy of the tree, so that a check changes nothing.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.architecture.sources import AREAS, ROOT

LANGUAGE = "en"
COPIED = (*AREAS, "templates", "locale", "manage.py")


def collect(target: Path) -> Path:
    """Return the catalogue as `makemessages` would leave it."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "packs"))
        elif source.exists():
            shutil.copy(source, target / name)
    (target / "locale").mkdir(exist_ok=True)
    command = [sys.executable, "manage.py", "makemessages", "--locale", LANGUAGE, "--no-obsolete", "--verbosity", "0"]
    subprocess.run(command, cwd=target, check=True)
    return target / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def chosen(catalogue: Path, *options: str) -> list[str]:
    """Return the message ids msgattrib selects."""
    listed = subprocess.run(
        ["msgattrib", "--no-wrap", "--no-obsolete", *options, str(catalogue)],
        capture_output=True,
        text=True,
        check=True,
    )
    blocks = listed.stdout.split("\n\n")[1:]
    return [block.strip() for block in blocks if "msgid" in block]


def faults(catalogue: Path) -> list[str]:
    """Return a line for each missing or doubtful translation, and for each broken placeholder."""
    found = [f"missing:\n{block}" for block in chosen(catalogue, "--untranslated")]
    found += [f"fuzzy:\n{block}" for block in chosen(catalogue, "--only-fuzzy")]
    broken = subprocess.run(
        ["msgfmt", "--check", "-o", "/dev/null", str(catalogue)], capture_output=True, text=True, check=False
    )
    if broken.returncode:
        found.append(broken.stderr)
    return found


def main() -> int:
    """Print the faults; end with 1 if there is one."""
    with tempfile.TemporaryDirectory() as folder:
        found = faults(collect(Path(folder)))
    for fault in found:
        print(fault, end="\n\n")
    print(f"{len(found)} faults in the {LANGUAGE} catalogue" if found else "complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
