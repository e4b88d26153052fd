"""The clocks of requests, sessions and opinions: from the act on, working days, the first day does not count."""

from datetime import datetime

from approvals.deadlines import operations as deadlines
from approvals.deadlines.events import Event
from approvals.deadlines.models import Timer
from approvals.deadlines.states import EventType
from portal.core.actor import Actor


def start(*, days: int, actor: Actor, at: datetime) -> Timer:
    """Start a clock of so many working days."""
    return deadlines.open_timer(
        statutory_days=days,
        promised_days=days,
        events=(Event(EventType.RECEIVED, at), Event(EventType.ACCEPTED, at)),
        actor=actor,
        at=at,
    )


def stop(timer: Timer | None, *, actor: Actor, at: datetime) -> None:
    """Stop a clock because what it timed was done; a stopped one stays as it is."""
    _end(timer, EventType.DECIDED, actor=actor, at=at)


def drop(timer: Timer | None, *, actor: Actor, at: datetime) -> None:
    """Stop a clock because nothing more is awaited."""
    _end(timer, EventType.WITHDRAWN, actor=actor, at=at)


def _end(timer: Timer | None, event: EventType, *, actor: Actor, at: datetime) -> None:
    if timer is None or timer.is_stopped:
        return
    if timer.is_paused:
        deadlines.record(timer_id=timer.pk, type=EventType.CORRECTION_SUPPLIED, actor=actor, at=at)
    deadlines.record(timer_id=timer.pk, type=event, actor=actor, at=at)
