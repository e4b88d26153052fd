"""The verbs of the clock: open a timer, record what happened, derive all dates anew after a new calendar.

Audit and news belong to whoever owns the timer; the events themselves are append-only and name who recorded them.
Audience: operations of higher slices, inside their transaction and behind their policies.
"""

from approvals.deadlines.operations.recording import (
    DERIVED,
    BadEvent,
    EventRefused,
    Limits,
    keep_stage_days,
    open_again,
    open_timer,
    open_timers,
    record,
    stop,
)
from approvals.deadlines.operations.recounting import BATCH, Owners, begin_recount, forget_moves, recount_batch

__all__ = [
    "BATCH",
    "DERIVED",
    "BadEvent",
    "EventRefused",
    "Limits",
    "Owners",
    "begin_recount",
    "forget_moves",
    "keep_stage_days",
    "open_again",
    "open_timer",
    "open_timers",
    "record",
    "recount_batch",
    "stop",
]
