"""A var/ that the services' own account may enter; pytest's own temporary folders are closed to it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.places import Places
from launcher.services import Services


@pytest.fixture
def var() -> Iterator[Path]:
    """Return an empty directory with a short name, open to others for passing through."""
    folder = Path(tempfile.mkdtemp(prefix="portal-ops-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder / "var"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def private(var: Path) -> Iterator[Services]:
    """Return private services that are not running yet, and stop them at the end."""
    (var / "log").mkdir(parents=True)
    var.chmod(0o711)
    services = Services(Places(asked=var, var=var))
    try:
        yield services
    finally:
        services.stop()
