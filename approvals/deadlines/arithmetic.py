"""Tell the clock: from terms and events to days used, due dates and the light. Pure.

A day belongs to the state at its first moment, 00:00 in Shanghai; that is the same as intervals (start, end] over
whole days (民法典第201条). So the time between two events is one span with one state, and every number is a sum
over spans. Law: 行政许可法第32条 (notice period), 第42条 (extension), 第45条 (special procedures do not count),
第82条 (working days); 民法典第203条 (a last day on a rest day moves to the next working day).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from approvals.deadlines.events import Event, Terms
from approvals.deadlines.states import COUNTED, LIMITED, Calibre, EventType, Light, Outcome, Unit


@dataclass(frozen=True, slots=True)
class Span:
    """The days (start, end] between two events, all in one state.

    :param specials: kinds of the special procedures open, in the order they began
    :param correction: whether the applicant has something to correct
    """

    start: date
    end: date
    specials: tuple[str, ...]
    correction: bool

    def stops(self, calibre: Calibre, terms: Terms) -> bool:
        """Tell whether the span's days do not count for C1, C2 or C9."""
        return bool(self.specials) or (self.correction and calibre in terms.correction_stops)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the clock says at the end of one day.

    :param last: the day of the end, else the day the clock is told for
    :param used: days per calibre; C1, C2, C9 in the terms' unit, C3 to C5 working days, C6 calendar days
    :param limits: of C1 and C2, extensions included
    :param due_on: of C1 and C2, None while not accepted
    :param provisional: suspended, or resting on days no published notice covers (暂定)
    :param spans: what the days of (first event, last] were, without gaps
    """

    terms: Terms
    received_on: date
    notice_ends_on: date
    accepted_on: date | None
    deemed_accepted: bool
    ended_on: date | None
    last: date
    used: Mapping[Calibre, int]
    limits: Mapping[Calibre, int]
    due_on: Mapping[Calibre, date | None]
    suspended: bool
    provisional: bool
    light: Light
    spans: tuple[Span, ...]

    def left(self, calibre: Calibre) -> int:
        """Return the days left of C1 or C2; negative when over the limit."""
        return self.limits[calibre] - self.used[calibre]

    def reaches(self, calibre: Calibre, days: int) -> date | None:
        """Return the first day on which C1 or C2 has used so many days, if nothing more happens.

        A pause still open is taken to end with `last`. None while not accepted, or past the year 9999.
        """
        if self.accepted_on is None:
            return None
        try:
            return _reach(self.terms, self.accepted_on, self.last, self.spans, calibre, days)
        except OverflowError:
            return None


def explain(terms: Terms, events: Sequence[Event], as_of: date) -> Explanation:
    """Tell the clock at the end of a day.

    :param events: sound and in order (see `course.first_fault`), the first one not after `as_of`
    """
    past = [event for event in events if event.day <= as_of]
    received_on = terms.received_on(past[0])
    notice_ends_on = terms.notice_ends_on(received_on)
    ended_on = next((event.day for event in past if event.type in (EventType.DECIDED, EventType.WITHDRAWN)), None)
    last = as_of if ended_on is None else ended_on
    deemed = as_of > notice_ends_on and not any(_answers(event) and event.day <= notice_ends_on for event in past)
    accepted_on = received_on if deemed else _accepted_on(past, received_on)
    spans = tuple(_spans(past, last))
    limits = _limits(terms, past)
    used = _used(terms, received_on, accepted_on, last, spans) | {Calibre.C6: (last - past[0].day).days}
    suspended = accepted_on is not None and ended_on is None and _is_suspended(terms, past)
    due_on = {calibre: _due_on(terms, accepted_on, last, spans, calibre, limits[calibre]) for calibre in LIMITED}
    promised_due_on = due_on[Calibre.C2]
    known = all(terms.calendar.is_known(day) for day in (received_on, last, *due_on.values()) if day is not None)
    return Explanation(
        terms=terms,
        received_on=received_on,
        notice_ends_on=notice_ends_on,
        accepted_on=accepted_on,
        deemed_accepted=deemed,
        ended_on=ended_on,
        last=last,
        used=used,
        limits=limits,
        due_on=due_on,
        suspended=suspended,
        provisional=suspended or not known,
        light=_light(
            accepted=accepted_on is not None,
            ended=ended_on is not None,
            suspended=suspended,
            used=used[Calibre.C2],
            limit=limits[Calibre.C2],
            overdue=promised_due_on is not None and last > promised_due_on,
        ),
        spans=spans,
    )


def warning_days(limit: int) -> int:
    """Return how many days before the limit the light turns yellow: a fifth of it, at least one."""
    return max(1, math.ceil(limit / 5))


def _answers(event: Event) -> bool:
    """Tell whether an event answers the applicant within the notice period."""
    if event.type is EventType.DECIDED:
        return event.kind == Outcome.REFUSED
    return event.type in (EventType.ACCEPTED, EventType.CORRECTION_REQUESTED, EventType.WITHDRAWN)


def _accepted_on(past: Sequence[Event], received_on: date) -> date | None:
    day = next((event.day for event in past if event.type is EventType.ACCEPTED), None)
    return None if day is None else max(day, received_on)


def _limits(terms: Terms, past: Sequence[Event]) -> dict[Calibre, int]:
    extension = sum(event.days for event in past if event.type is EventType.EXTENDED)
    return {Calibre.C1: terms.statutory_days + extension, Calibre.C2: terms.promised_days + extension}


def _spans(past: Sequence[Event], last: date) -> Iterator[Span]:
    """Cut (first event, last] at the days on which something happened."""
    specials: list[str] = []
    corrections = 0
    for event, following in zip(past, [*past[1:], None], strict=True):
        match event.type:
            case EventType.SPECIAL_STARTED:
                specials.append(event.kind)
            case EventType.SPECIAL_ENDED:
                specials.remove(event.kind)
            case EventType.CORRECTION_REQUESTED:
                corrections += 1
            case EventType.CORRECTION_SUPPLIED:
                corrections -= 1
        end = last if following is None else min(following.day, last)
        if event.day < end:
            yield Span(event.day, end, tuple(specials), corrections > 0)


def _is_suspended(terms: Terms, past: Sequence[Event]) -> bool:
    """Tell whether C2 stands still at the end of the day, also on the first day of a pause."""
    balance = {EventType.SPECIAL_STARTED: 0, EventType.CORRECTION_REQUESTED: 0}
    for event in past:
        match event.type:
            case EventType.SPECIAL_STARTED | EventType.CORRECTION_REQUESTED:
                balance[event.type] += 1
            case EventType.SPECIAL_ENDED:
                balance[EventType.SPECIAL_STARTED] -= 1
            case EventType.CORRECTION_SUPPLIED:
                balance[EventType.CORRECTION_REQUESTED] -= 1
    return balance[EventType.SPECIAL_STARTED] > 0 or (
        balance[EventType.CORRECTION_REQUESTED] > 0 and Calibre.C2 in terms.correction_stops
    )


def _used(
    terms: Terms, received_on: date, accepted_on: date | None, last: date, spans: Sequence[Span]
) -> dict[Calibre, int]:
    used = dict.fromkeys((*COUNTED, Calibre.C3, Calibre.C4, Calibre.C5), 0)
    for span in spans:
        held = terms.calendar.workdays_between(max(span.start, received_on), span.end)
        used[Calibre.C5 if span.specials else Calibre.C4 if span.correction else Calibre.C3] += held
        if accepted_on is None:
            continue
        days = terms.count(max(span.start, accepted_on), span.end)
        for calibre in COUNTED:
            if not span.stops(calibre, terms):
                used[calibre] += days
    return used


def _due_on(
    terms: Terms, accepted_on: date | None, last: date, spans: Sequence[Span], calibre: Calibre, limit: int
) -> date | None:
    if accepted_on is None:
        return None
    try:
        day = _reach(terms, accepted_on, last, spans, calibre, limit)
        # Counted in calendar days, a last day on a rest day moves on, pauses or not (民法典第203条).
        return day if terms.unit is Unit.WORKING else terms.calendar.next_workday(day)
    except OverflowError:
        return None


def _reach(terms: Terms, accepted_on: date, last: date, spans: Sequence[Span], calibre: Calibre, days: int) -> date:
    """Return the first day after acceptance on which so many days (at least one) are used.

    :raises OverflowError: it lies past the year 9999
    """
    left = days
    for span in spans:
        if span.stops(calibre, terms):
            continue
        start = max(span.start, accepted_on)
        counted = terms.count(start, span.end)
        if counted >= left:
            return _after(terms, start, left)
        left -= counted
    # After the last day nothing is suspended any more.
    return _after(terms, max(accepted_on, last), left)


def _after(terms: Terms, day: date, count: int) -> date:
    if terms.unit is Unit.WORKING:
        return terms.calendar.add_workdays(day, count)
    return day + timedelta(days=count)


def _light(*, accepted: bool, ended: bool, suspended: bool, used: int, limit: int, overdue: bool) -> Light:
    """Return the light by C2. A pause does not hide a red one."""
    if not accepted:
        return Light.BLUE
    if used > limit and overdue:
        return Light.RED
    if ended:
        return Light.GREEN
    if suspended:
        return Light.GREY
    return Light.YELLOW if limit - used <= warning_days(limit) else Light.GREEN
