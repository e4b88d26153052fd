"""What screens ask of a timer: its explanation, the words of its light, its due days. No query per row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.deadlines import arithmetic, rules
from approvals.deadlines.arithmetic import Explanation
from approvals.deadlines.columns import Clock
from approvals.deadlines.events import Event, Terms
from approvals.deadlines.models import Timer, TimerEvent
from approvals.deadlines.standing import CORRECTION
from approvals.deadlines.states import Calibre, EventType, Light, Outcome, SpecialKind, Unit
from portal.core import calendars
from portal.core.prepared import Prepared
from portal.ui.lights import Light as Shape

_HISTORY = ("seq", "type", "kind", "days")
_MOMENTS = ("happened_at", "recorded_at")


@dataclass(frozen=True, slots=True)
class LightWords:
    """A light as a list shows it: what it is, its shape, and the words that carry it."""

    light: Light
    shape: Shape
    words: str


def terms_of(timer: Timer) -> Terms:
    """Return the rules a timer runs under, with the calendar in force."""
    return Terms(
        calendar=calendars.current(timer.region),
        statutory_days=timer.statutory_days,
        promised_days=timer.promised_days,
        unit=Unit(timer.unit),
        close_of_business=timer.close_of_business,
        correction_stops=frozenset(Calibre(calibre) for calibre in timer.correction_stops),
    )


def event_of(row: TimerEvent) -> Event:
    """Return a stored event as the arithmetic takes it."""
    return Event(EventType(row.type), row.happened_at, kind=row.kind, days=row.days or 0, recorded_at=row.recorded_at)


def events_of(timer_id: int) -> list[Event]:
    """Return a timer's events in the order in which they happened; one query."""
    return [event_of(row) for row in _EVENTS(timer_id)]


_EVENTS = Prepared(lambda timer: TimerEvent.objects.filter(timer_id=timer).order_by("happened_at", "seq"))


def history_of(timer: F | OuterRef) -> ArraySubquery:
    """Return an expression that gives the events of another query's timer along with its rows; see `told_rows`."""
    # history is added to, never changed: whoever holds the timer's lock in an earlier statement reads all of it
    columns = JSONObject(**{name: name for name in (*_HISTORY, *_MOMENTS)})
    return ArraySubquery(TimerEvent.objects.filter(timer_id=timer).order_by("seq").values(event=columns))


def told_rows(timer_id: int, history: Iterable[Mapping[str, Any]]) -> list[TimerEvent]:
    """Return what `history_of` gave as rows, in the order of recording."""
    return [
        TimerEvent(
            timer_id=timer_id,
            **{name: event[name] for name in _HISTORY},
            **{name: datetime.fromisoformat(event[name]) for name in _MOMENTS},
        )
        for event in history
    ]


def explain(timer: Timer, as_of: date) -> Explanation | None:
    """Tell the clock of a timer at the end of a day; None before anything has happened. One query."""
    return _told(timer, events_of(timer.pk), as_of)


def explain_with(timer: Timer, rows: Iterable[TimerEvent], as_of: date) -> Explanation | None:
    """Tell the clock from event rows that the caller has loaded, ordered by `happened_at` and `seq`; no query."""
    return _told(timer, [event_of(row) for row in rows], as_of)


def _told(timer: Timer, events: list[Event], as_of: date) -> Explanation | None:
    if not events or as_of < events[0].day:
        return None
    return arithmetic.explain(terms_of(timer), events, as_of)


def promised_due_on(timer: Clock, today: date) -> date | None:
    """Return the due day of C2 as of today; it moves with every day of a pause. None while not accepted."""
    return _due_on(timer, today, timer.promised_due_on, timer.promised_left_days)


def statutory_due_on(timer: Timer, today: date) -> date | None:
    """Return the due day of C1 as of today; None while not accepted."""
    return _due_on(timer, today, timer.statutory_due_on, timer.statutory_left_days)


def lights_for(timers: Iterable[Timer], today: date) -> dict[int, LightWords]:
    """Return the light of each timer by its id, without a query per row."""
    return {timer.pk: light_words(timer, today) for timer in timers}


def light_words(timer: Clock, today: date) -> LightWords:
    """Put a timer's light into words: 还剩 2 天, 今天到期, 超 2 天, 严重超期 8 天, 停：专家评审, 待受理, 已办结.

    The one place that says from where on an overrun is severe; every screen, list and endpoint asks it.
    """
    light = timer.light_on(today)
    if timer.is_stopped:
        return _stopped_words(timer, light)
    if light is Light.BLUE:
        return LightWords(light, Shape.WAIT, _("待受理") if timer.received_on else _("待开始"))
    if light is Light.RED:
        return _late_words(timer, light, over=_over_days(timer, timer.paused_on or today))
    if light is Light.GREY:
        return LightWords(light, Shape.HOLD, _("停：%(reason)s") % {"reason": pause_reason(timer)})
    left = days_left(timer, today)
    shape = Shape.DUE if light is Light.YELLOW else Shape.OK
    if left == 0:
        return LightWords(light, shape, _("今天到期"))
    return LightWords(light, shape, ngettext("还剩 %(days)s 天", "还剩 %(days)s 天", left) % {"days": left})


def days_left(timer: Clock, today: date) -> int:
    """Return the days until the promised due day, in the timer's unit; 0 on that day and after it."""
    if timer.is_paused and timer.promised_left_days is not None:
        return timer.promised_left_days
    if timer.promised_due_on is None:
        return 0
    # Accepted on a rest day, the clock starts later than today.
    start = max(today, timer.accepted_on or timer.received_on or today)
    return count(timer, start, timer.promised_due_on)


def count(timer: Clock, start: date, end: date) -> int:
    """Count the days of (start, end] in the timer's unit, with the calendar in force."""
    if timer.unit == Unit.WORKING:
        return calendars.current(timer.region).workdays_between(start, end)
    return max(0, (end - start).days)


def pause_reason(timer: Clock) -> str:
    """Name what a paused timer waits for."""
    if timer.paused_by == CORRECTION:
        return _("补正")
    return str(SpecialKind(timer.paused_by).label) if timer.paused_by else ""


def _late_words(timer: Clock, light: Light, *, over: int) -> LightWords:
    if rules.severity().is_severe(over=over, limit=timer.limit_days):
        words = ngettext("严重超期 %(days)s 天", "严重超期 %(days)s 天", over)
        return LightWords(light, Shape.LATE2, words % {"days": over})
    return LightWords(light, Shape.LATE, ngettext("超 %(days)s 天", "超 %(days)s 天", over) % {"days": over})


def _stopped_words(timer: Clock, light: Light) -> LightWords:
    if timer.ended_as == EventType.WITHDRAWN:
        return LightWords(light, Shape.OFF, _("已撤回"))
    if timer.ended_as in (Outcome.DENIED, Outcome.REFUSED):
        return LightWords(light, Shape.NO, str(Outcome(timer.ended_as).label))
    if light is Light.RED and timer.ended_on is not None:
        over = _over_days(timer, timer.ended_on)
        return LightWords(
            light, Shape.DONE, ngettext("已办结，超 %(days)s 天", "已办结，超 %(days)s 天", over) % {"days": over}
        )
    return LightWords(light, Shape.DONE, _("已办结"))


def _over_days(timer: Clock, day: date) -> int:
    """Count the days after the promised due day, at least one: it is asked for red lights only."""
    if timer.promised_due_on is None:
        return 1
    return max(1, count(timer, timer.promised_due_on, day))


def _due_on(timer: Clock, today: date, stored: date | None, left: int | None) -> date | None:
    if timer.is_blue(today):
        return None
    if left is None:
        return stored
    calendar = calendars.current(timer.region)
    start = max(today, timer.accepted_on or today)
    if timer.unit == Unit.WORKING:
        return calendar.add_workdays(start, left)
    return calendar.next_workday(start + timedelta(days=left))
