"""A clock as it would stand if something happened: asked before a pause or an extension is decided. Reads only."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from approvals.deadlines import arithmetic, drawings, queries
from approvals.deadlines.arithmetic import Explanation
from approvals.deadlines.events import Event
from approvals.deadlines.models import Timer
from approvals.deadlines.states import Calibre, EventType
from portal.core import clock
from portal.ui.clockbar import ClockBar, Mark

NOON = time(12)


def special(*, kind: str, start: datetime, ends_on: date) -> tuple[Event, ...]:
    """Return the events of a special procedure that begins now and ends on a day to come."""
    end = max(start, datetime.combine(ends_on, NOON, tzinfo=clock.SHANGHAI))
    return (
        Event(EventType.SPECIAL_STARTED, start, kind=kind),
        Event(EventType.SPECIAL_ENDED, end, kind=kind),
    )


def extension(*, days: int, at: datetime) -> tuple[Event, ...]:
    """Return the event of an extension; days in the timer's unit."""
    return (Event(EventType.EXTENDED, at, days=days),)


def due_on(timer: Timer, more: Sequence[Event]) -> date | None:
    """Return the promised due day if all this happened; None while nothing has been accepted. One query."""
    told = _told(timer, more)
    return None if told is None else told.due_on[Calibre.C2]


def bar(timer: Timer, more: Sequence[Event], *, today: date) -> ClockBar | None:
    """Draw the timer as it would look, today marked; None before anything has happened. One query."""
    told = _told(timer, more)
    if told is None:
        return None
    drawn = drawings.bar_of(timer, told, told.last)
    marks = [mark for mark in drawn.marks if not mark.now]
    marks.append(Mark(today, _("今天"), now=True, dated=False))
    return replace(drawn, marks=tuple(sorted(marks, key=lambda mark: mark.on)))


def _told(timer: Timer, more: Sequence[Event]) -> Explanation | None:
    events = sorted([*queries.events_of(timer.pk), *more], key=lambda event: event.at)
    if not events:
        return None
    return arithmetic.explain(queries.terms_of(timer), events, events[-1].day)
