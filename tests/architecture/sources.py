"""The project's own source files, for the tests that read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AREAS = ("portal", "projects", "blueprint", "approvals")
FOLDERS = (*AREAS, "templates", "static", "bin", "tests")


@cache
def tracked() -> tuple[Path, ...]:
    """Return every file that belongs to the project: tracked by git, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:  # an unpacked archive, or a clone that belongs to somebody else
        return tuple(sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()))
    names = listed.stdout.split("\0")
    return tuple(sorted(ROOT / name for name in names if name and (ROOT / name).is_file()))


def files(*suffixes: str, below: tuple[str, ...]) -> list[Path]:
    """Return the project's files of these kinds in these top-level folders."""
    return [path for path in tracked() if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in below]


def slices() -> list[Path]:
    """Return the folder of every slice that exists."""
    return sorted(path.parent for path in files(".py", below=AREAS) if path.name == "apps.py")


def imported(path: Path) -> Iterator[str]:
    """Yield the full name of everything a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def show(path: Path) -> str:
    """Return a path as one reads it in a message."""
    return str(path.relative_to(ROOT))
