"""Read an input of `explain_clock`, or name the first thing wrong with it. Pure.

The order of the checks is part of the answer: fields in the order of the contract's table, then events by index.
`null` is not the same as absent, `true` and `20.0` are no integers, and only ASCII digits are digits.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from approvals.deadlines.course import Course, Fault, Reason
from approvals.deadlines.events import CLOSE_OF_BUSINESS, MAX_DAYS, Event, Terms
from approvals.deadlines.states import Calibre, EventType, Outcome, SpecialKind, Unit
from portal.core import clock
from portal.core.workdays import FIRST_DAY, LAST_DAY, Calendar

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?"
    r"(?P<offset>Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))?"
)
_STOPPABLE = frozenset({Calibre.C2, Calibre.C9})
_ABSENT = object()

_KINDS: Mapping[EventType, tuple[frozenset[str], str]] = {
    EventType.SPECIAL_STARTED: (frozenset(SpecialKind.values), SpecialKind.OTHER),
    EventType.SPECIAL_ENDED: (frozenset(SpecialKind.values), SpecialKind.OTHER),
    EventType.DECIDED: (frozenset(Outcome.values), Outcome.APPROVED),
}


class _BadField(ValueError):
    """A value that its field cannot take."""


class _Refused(ValueError):
    """An event that cannot be read or cannot follow."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Question:
    """A whole and sound input: terms, events in order, and the day at whose end the clock is told."""

    terms: Terms
    events: tuple[Event, ...]
    as_of: date


def read(given: object, *, pack: Calendar) -> Question | Fault:
    """Read one input, or return its first fault.

    :param pack: the calendar meant by `"calendar": "pack"`
    """
    if not isinstance(given, dict):
        return Fault(Reason.BAD_INPUT)
    fields: dict[str, Any] = {}
    for name, (clean, default) in _fields(pack).items():
        value = given.get(name, default)
        try:
            fields[name] = clean(value)
        except _BadField:
            return Fault(Reason.BAD_FIELD, field=name)
    raw, as_of = fields.pop("events"), fields.pop("as_of")
    terms = Terms(**fields)
    events = _events(terms, raw)
    if isinstance(events, Fault):
        return events
    if as_of < events[0].day:
        return Fault(Reason.BAD_FIELD, field="as_of")
    return Question(terms, events, as_of)


def _fields(pack: Calendar) -> dict[str, tuple[Callable[[Any], Any], object]]:
    """Return each field's reader and what its absence means, in the order of the contract's table."""
    return {
        "calendar": (lambda value: pack if value == "pack" else _calendar(value), "pack"),
        "unit": (_unit, Unit.WORKING.value),
        "statutory_days": (_days, _ABSENT),
        "promised_days": (_days, _ABSENT),
        "close_of_business": (_time, f"{CLOSE_OF_BUSINESS:%H:%M}"),
        "correction_stops": (_stops, sorted(_STOPPABLE)),
        "events": (_list_of_events, _ABSENT),
        "as_of": (_date, _ABSENT),
    }


def _calendar(value: object) -> Calendar:
    if not isinstance(value, dict):
        raise _BadField
    return Calendar(
        rest_days=frozenset(_dates(value.get("rest_days", []))),
        extra_workdays=frozenset(_dates(value.get("extra_workdays", []))),
    )


def _dates(value: object) -> list[date]:
    if not isinstance(value, list):
        raise _BadField
    return [_date(entry) for entry in value]


def _date(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _BadField
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise _BadField from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _BadField
    return day


def _unit(value: object) -> Unit:
    if not isinstance(value, str) or value not in Unit.values:
        raise _BadField
    return Unit(value)


def _is_day_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_DAYS


def _days(value: Any) -> int:
    if not _is_day_count(value):
        raise _BadField
    return int(value)


def _time(value: object) -> time:
    parts = _TIME.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise _BadField
    return time(int(parts[1]), int(parts[2]))


def _stops(value: object) -> frozenset[Calibre]:
    if not isinstance(value, list) or not all(isinstance(entry, str) and entry in _STOPPABLE for entry in value):
        raise _BadField
    return frozenset(Calibre(entry) for entry in value)


def _list_of_events(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise _BadField
    return value


def _events(terms: Terms, raw: list[object]) -> tuple[Event, ...] | Fault:
    course, events = Course(terms), []
    for index, given in enumerate(raw):
        try:
            event = _event(given, course)
        except _Refused as refused:
            return Fault(refused.reason, index)
        course.take(event)
        events.append(event)
    return tuple(events)


def _event(given: object, course: Course) -> Event:
    if not isinstance(given, dict):
        raise _Refused(Reason.BAD_EVENT)
    name = given.get("type")
    if not isinstance(name, str) or name not in EventType.values:
        raise _Refused(Reason.UNKNOWN_TYPE)
    type_ = EventType(name)
    at = _moment(given.get("at"))
    if course.is_out_of_order(at):
        raise _Refused(Reason.OUT_OF_ORDER)
    event = Event(type_, at, kind=_kind(type_, given), days=_extension(type_, given))
    if reason := course.refuse(event):
        raise _Refused(reason)
    return event


def _moment(value: object) -> datetime:
    parts = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    if parts is None:
        raise _Refused(Reason.BAD_DATETIME)
    year, month, day, hour, minute, second = (int(part) for part in parts.groups()[:6])
    microsecond = int((parts["fraction"] or "").ljust(6, "0"))
    try:
        at = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=_offset(parts))
    except ValueError as error:
        raise _Refused(Reason.BAD_DATETIME) from error
    if parts["offset"] is None:
        raise _Refused(Reason.NAIVE_DATETIME)
    # An offset is less than a day: no year but these can hold a Shanghai day of our range.
    if not FIRST_DAY.year - 1 <= year <= LAST_DAY.year + 1:
        raise _Refused(Reason.BAD_DATETIME)
    if not FIRST_DAY <= clock.day_of(at) <= LAST_DAY:
        raise _Refused(Reason.BAD_DATETIME)
    return at


def _offset(parts: re.Match[str]) -> timezone:
    if parts["offset"] in (None, "Z"):
        return UTC
    hours, minutes = int(parts["hours"]), int(parts["minutes"])
    if minutes > 59:
        raise ValueError(minutes)
    ahead = timedelta(hours=hours, minutes=minutes)
    # timezone() itself refuses a whole day and more
    return timezone(ahead if parts["sign"] == "+" else -ahead)


def _kind(type_: EventType, given: dict[str, Any]) -> str:
    if type_ not in _KINDS:
        return ""
    allowed, default = _KINDS[type_]
    kind = given.get("kind", default)
    if not isinstance(kind, str) or kind not in allowed:
        raise _Refused(Reason.BAD_KIND)
    return str(kind)


def _extension(type_: EventType, given: dict[str, Any]) -> int:
    if type_ is not EventType.EXTENDED:
        return 0
    if not _is_day_count(given.get("days")):
        raise _Refused(Reason.BAD_DAYS)
    return int(given["days"])
