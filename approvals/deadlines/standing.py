"""Where a timer stands until the next event: the dates to store, so that no sweep is ever needed. Pure.

Between two events only days pass, so the day on which the light turns yellow or red is known at the event. Only
silence acts by itself: after the notice period an unanswered receipt counts as accepted (行政许可法第32条); the
dates are then those of that acceptance, in force from `clock_from` on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from approvals.deadlines.arithmetic import Explanation, explain, warning_days
from approvals.deadlines.events import Event, Terms
from approvals.deadlines.states import LIMITED, Calibre, EventType, Light, TimerState
from portal.core.workdays import ONE_DAY

#: `paused_by` when an open correction stops C2, instead of the kind of a special procedure
CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds from the last event's day on, if nothing more happens.

    :param is_deemed: accepted by silence, from the day of receipt on
    :param extended_days: all extensions together; both limits are longer by them
    :param is_backdated: one of the events was written down on a later day (补录)
    :param clock_from: first day on which the light is not blue; None: never by itself
    :param promised_due_on: of C2, in force from `clock_from` on; while paused: as if resumed on the last event's day
    :param promised_left_days: days still to run after the pause; None when C2 runs or has used its limit
    :param yellow_on: first day the C2 light is yellow, None while paused and after the end
    :param red_on: first day it is red; None: never, if nothing more happens
    :param paused_by: kind of the first open special procedure, or `correction`
    :param ended_as: how it was decided, or `withdrawn`
    :param used_days: C2 at the end in the timer's unit, None before the end
    :param span_days: C6 at the end in calendar days, None before the end
    """

    state: TimerState
    received_on: date | None = None
    accepted_on: date | None = None
    is_deemed: bool = False
    is_backdated: bool = False
    extended_days: int = 0
    ended_on: date | None = None
    ended_as: str = ""
    clock_from: date | None = None
    promised_due_on: date | None = None
    statutory_due_on: date | None = None
    promised_left_days: int | None = None
    statutory_left_days: int | None = None
    yellow_on: date | None = None
    red_on: date | None = None
    paused_by: str = ""
    paused_on: date | None = None
    provisional: bool = False
    used_days: int | None = None
    span_days: int | None = None


def stand(terms: Terms, events: Sequence[Event]) -> Standing:
    """Tell where a timer stands after its events, sound and in order; without any it waits."""
    if not events:
        return Standing(TimerState.WAITING)
    return replace(
        _stand(terms, events),
        is_backdated=any(event.is_backdated for event in events),
        extended_days=sum(event.days for event in events if event.type is EventType.EXTENDED),
    )


def _stand(terms: Terms, events: Sequence[Event]) -> Standing:
    day = events[-1].day
    told = explain(terms, events, day)
    silent = told.notice_ends_on + ONE_DAY
    if told.accepted_on is None and told.ended_on is None:
        deemed = explain(terms, events, max(day, silent))
        if deemed.deemed_accepted:
            return _waiting(told, deemed, silent)
        return Standing(TimerState.WAITING, received_on=told.received_on, provisional=told.provisional)
    if told.ended_on is not None:
        return _stopped(told, events, silent)
    return _running(told, events, silent)


def _waiting(told: Explanation, deemed: Explanation, silent: date) -> Standing:
    return Standing(
        TimerState.WAITING,
        received_on=told.received_on,
        clock_from=silent,
        promised_due_on=deemed.due_on[Calibre.C2],
        statutory_due_on=deemed.due_on[Calibre.C1],
        yellow_on=_yellow_on(deemed, silent),
        red_on=_red_on(deemed, silent),
        provisional=told.provisional,
    )


def _stopped(told: Explanation, events: Sequence[Event], silent: date) -> Standing:
    end = next(event for event in events if event.type in (EventType.DECIDED, EventType.WITHDRAWN))
    return Standing(
        TimerState.STOPPED,
        received_on=told.received_on,
        accepted_on=told.accepted_on,
        is_deemed=told.deemed_accepted,
        ended_on=told.ended_on,
        ended_as=end.kind if end.type is EventType.DECIDED else EventType.WITHDRAWN.value,
        clock_from=_clock_from(told, events, silent),
        promised_due_on=told.due_on[Calibre.C2],
        statutory_due_on=told.due_on[Calibre.C1],
        red_on=told.ended_on if told.light is Light.RED else None,
        provisional=told.provisional,
        used_days=told.used[Calibre.C2],
        span_days=told.used[Calibre.C6],
    )


def _running(told: Explanation, events: Sequence[Event], silent: date) -> Standing:
    clock_from = _clock_from(told, events, silent)
    open_ = _open_pauses(events)
    # Of the pauses only special procedures stop C1, so a C1 still running has no days "left after the pause".
    left = {
        calibre: told.left(calibre) if _is_stopped(told, calibre, open_) and told.left(calibre) > 0 else None
        for calibre in LIMITED
    }
    late = told.used[Calibre.C2] > told.limits[Calibre.C2]
    first = open_[0] if told.suspended else None
    return Standing(
        TimerState.PAUSED if told.suspended else TimerState.RUNNING,
        received_on=told.received_on,
        accepted_on=told.accepted_on,
        is_deemed=told.deemed_accepted,
        clock_from=clock_from,
        promised_due_on=told.due_on[Calibre.C2],
        statutory_due_on=told.due_on[Calibre.C1],
        promised_left_days=left[Calibre.C2],
        statutory_left_days=left[Calibre.C1],
        yellow_on=None if told.suspended else _yellow_on(told, clock_from),
        # Paused within the limit it cannot become late; paused beyond it, it may still turn red when the due day,
        # moved by a rest day, has passed.
        red_on=_red_on(told, clock_from) if late or not told.suspended else None,
        paused_by=first.kind or CORRECTION if first else "",
        paused_on=first.day if first else None,
        provisional=told.provisional,
    )


def _open_pauses(events: Sequence[Event]) -> list[Event]:
    """Return the starts of what is still open, special procedures first."""
    specials: list[Event] = []
    corrections: list[Event] = []
    for event in events:
        match event.type:
            case EventType.SPECIAL_STARTED:
                specials.append(event)
            case EventType.SPECIAL_ENDED:
                specials.remove(next(start for start in specials if start.kind == event.kind))
            case EventType.CORRECTION_REQUESTED:
                corrections.append(event)
            case EventType.CORRECTION_SUPPLIED:
                corrections.pop(0)
    return specials + corrections


def _is_stopped(told: Explanation, calibre: Calibre, open_: Sequence[Event]) -> bool:
    return any(pause.kind or calibre in told.terms.correction_stops for pause in open_)


def _clock_from(told: Explanation, events: Sequence[Event], silent: date) -> date | None:
    if told.accepted_on is None:
        return None
    if told.deemed_accepted:
        return silent
    return next(event.day for event in events if event.type is EventType.ACCEPTED)


def _yellow_on(told: Explanation, clock_from: date | None) -> date | None:
    limit = told.limits[Calibre.C2]
    days = limit - warning_days(limit)
    return _later(told.reaches(Calibre.C2, days) if days > 0 else clock_from, clock_from)


def _red_on(told: Explanation, clock_from: date | None) -> date | None:
    due = told.due_on[Calibre.C2]
    over = told.reaches(Calibre.C2, told.limits[Calibre.C2] + 1)
    if due is None or over is None:
        return None
    return _later(max(over, due + ONE_DAY), clock_from)


def _later(day: date | None, other: date | None) -> date | None:
    return day if day is None or other is None else max(day, other)
