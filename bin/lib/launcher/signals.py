"""Signals: one wish to stop, answered once, never in the middle of starting or stopping a server."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen() -> None:
    """Turn the first wish to stop into KeyboardInterrupt and let later ones wait for the tidying up.

    A shell starts background jobs with SIGINT ignored, and Python would leave it so; hence handlers of our own.
    """
    asked = False

    def answer(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise KeyboardInterrupt

    for number in WISHES:
        # nohup ignores SIGHUP on purpose.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, answer)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep wishes to stop until the end of the block."""
    kept: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: kept.append(number)) for number in WISHES}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if kept:
            os.kill(os.getpid(), kept[0])
