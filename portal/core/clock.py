"""The only reader of the system clock.

Everything else gets its time passed in as `at`; views, tasks and commands read it here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, in Shanghai time."""
    return _frozen.get() or datetime.now(SHANGHAI)


def today() -> date:
    """Return the Shanghai day of the present moment."""
    return now().date()


def day_of(at: datetime) -> date:
    """Return the Shanghai day of an aware moment; a naive one is a programming error."""
    if at.tzinfo is None:
        raise ValueError("a moment without an offset has no day")
    return at.astimezone(SHANGHAI).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let the clock stand still at a moment: for tests and for history written afterwards."""
    token = _frozen.set(at.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _frozen.reset(token)
