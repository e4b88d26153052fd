"""The virtual environment with its pinned packages, and the compiled translations."""

import hashlib
import subprocess
import sys

from launcher import locks, say
from launcher.places import ROOT, VENV

PYTHON = VENV / "bin/python"


def _fingerprint(*names: str) -> str:
    mark = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for name in names:
        mark.update((ROOT / name).read_bytes())
    return mark.hexdigest()


def _works() -> bool:
    if not PYTHON.exists():
        return False
    probe = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False)
    return probe.returncode == 0


def ensure(*, tests: bool = False) -> None:
    """Have .venv hold what requirements.txt (and for tests requirements-dev.txt) pins; a stamp makes this quick.

    :raises Stop: the packages could not be installed
    """
    names = ("requirements.txt", "requirements-dev.txt") if tests else ("requirements.txt",)
    stamp = VENV / f".portal-{'tests' if tests else 'run'}"
    wanted = _fingerprint(*names)

    def current() -> bool:
        return PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted

    if current():
        return
    with locks.alone(ROOT / "requirements.txt"):
        if current():  # somebody else did it while we waited
            return
        if not _works():
            with say.step("Making the virtual environment"):
                _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "the virtual environment could not be made")
        with say.step(f"Installing the packages of {names[-1]}"):
            pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
            _run([*pip, "-r", str(ROOT / names[-1])], "the packages could not be installed")
        stamp.write_text(wanted)


def _run(command: list[str], fault: str) -> None:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if done.returncode:
        raise say.Stop(f"{fault} (see above)")


def compile_translations() -> None:
    """Compile every catalogue that is newer than its compiled form."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        # Written aside and renamed: a portal that starts meanwhile never reads half a file.
        fresh = compiled.with_suffix(".mo.new")
        _run(["msgfmt", "-o", str(fresh), str(source)], f"{source} could not be compiled")
        fresh.replace(compiled)
