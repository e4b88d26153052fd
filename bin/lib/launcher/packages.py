"""System packages: what is missing, and its installation where that is allowed."""

import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launcher import say, services


@dataclass(frozen=True)
class Need:
    """One thing the portal needs from the system, and the Debian or Ubuntu packages that bring it."""

    name: str
    packages: tuple[str, ...]
    present: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _chinese_font() -> bool:
    return any(
        next(Path(folder).rglob("NotoSansCJK*"), None) for folder in ("/usr/share/fonts", "/usr/local/share/fonts")
    )


PORTAL = (
    Need("Python's venv", ("python3-venv",), lambda: importlib.util.find_spec("ensurepip") is not None),
    Need("PostgreSQL with PostGIS", ("postgresql", "postgresql-postgis"), lambda: bool(services.server_versions())),
    Need("GDAL", ("gdal-bin",), _library("gdal")),
    Need("Redis", ("redis-server",), _program("redis-server")),
    Need("Pango", ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"), _library("pangoft2-1.0")),
    Need("Noto CJK fonts", ("fonts-noto-cjk",), _chinese_font),
    Need("gettext", ("gettext",), _program("msgfmt")),
)
TESTS = (
    Need("Chromium", ("chromium",), _program("chromium", "chromium-browser", "google-chrome")),
    Need("Poppler's tools", ("poppler-utils",), _program("pdftotext")),
)


def missing(needs: tuple[Need, ...]) -> list[Need]:
    """Return the needs the system does not meet."""
    return [need for need in needs if not need.present()]


def _privilege() -> list[str] | None:
    """Return the prefix that makes a command root's, or None when there is no right to it."""
    if os.getuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    quiet = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo"] if quiet or sys.stdin.isatty() else None


def _apt(privilege: list[str], *args: str) -> bool:
    command = [
        *privilege,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-qq",
        *args,
    ]
    stdin = None if privilege else subprocess.DEVNULL
    return subprocess.run(command, stdin=stdin, stdout=sys.stderr, check=False).returncode == 0


def ensure(needs: tuple[Need, ...]) -> None:
    """Install what is missing.

    :raises Stop: there is no right to install, or it did not help; names what to install by hand
    """
    lacking = missing(needs)
    if not lacking:
        return
    names = ", ".join(need.name for need in lacking)
    wanted = [package for need in lacking for package in need.packages]
    advice = f"Please install {names}. On Debian or Ubuntu:\n  sudo apt-get install {' '.join(wanted)}"
    privilege = _privilege() if shutil.which("apt-get") else None
    if privilege is None:
        raise say.Stop(f"Missing on this machine, and no right to install it here. {advice}")
    with say.step(f"Installing {names}"):
        _apt(privilege, "update")
        # The first call may also start the distribution's own servers; nothing of ours talks to them.
        if not _apt(privilege, "install", "-y", "--no-install-recommends", *wanted):
            raise say.Stop(f"apt-get could not install the packages (see above). {advice}")
    importlib.invalidate_caches()
    if still := missing(needs):
        raise say.Stop(f"Still missing after the installation: {', '.join(need.name for need in still)}. {advice}")
