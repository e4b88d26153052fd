"""Words to the person at the terminal, always on standard error: standard output belongs to what was asked for."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_started = time.monotonic()


class Stop(Exception):
    """End the script with one clear message."""


def elapsed() -> float:
    """Return the seconds since the script began."""
    return time.monotonic() - _started


def note(text: str) -> None:
    """Print one line."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a piece of work and, when it is done, how long it took."""
    begin = time.monotonic()
    note(f"[{elapsed():6.1f}s] {text} ...")
    yield
    note(f"[{elapsed():6.1f}s] {text}: done in {time.monotonic() - begin:.1f} s")
