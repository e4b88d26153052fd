"""Locks between scripts; the kernel frees them when a script dies, however it dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else is in here, and keep others out."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def try_alone(path: Path) -> IO[str] | None:
    """Return the lock as an open file, or None when somebody holds it. Close it to let go."""
    handle = path.open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def share(path: Path) -> IO[str]:
    """Say that this script is one of the users; `try_alone` fails until all have closed."""
    handle = path.open("a+")
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle
