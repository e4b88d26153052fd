"""What the clock is told: the terms a timer runs under, and what happened when. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from approvals.deadlines.states import Calibre, EventType, Unit
from portal.core import clock
from portal.core.workdays import Calendar

#: working days within which a receipt must be answered, or counts as accepted (行政许可法第32条)
NOTICE_DAYS = 5
CLOSE_OF_BUSINESS = time(17, 30)
MAX_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules one timer runs under.

    :param statutory_days: limit of C1 in `unit`
    :param promised_days: limit of C2 in `unit`
    :param close_of_business: what is submitted online later than this is received on the next working day
    :param correction_stops: which of C2 and C9 a correction after acceptance stops (a local choice)
    """

    calendar: Calendar
    statutory_days: int
    promised_days: int
    unit: Unit = Unit.WORKING
    close_of_business: time = CLOSE_OF_BUSINESS
    correction_stops: frozenset[Calibre] = frozenset({Calibre.C2, Calibre.C9})

    def count(self, start: date, end: date) -> int:
        """Count the days of (start, end] in the terms' unit."""
        if self.unit is Unit.WORKING:
            return self.calendar.workdays_between(start, end)
        return max(0, (end - start).days)

    def received_on(self, first: "Event") -> date:
        """Return the day of receipt: online after hours or on a rest day means the next working day.

        Paper over the counter is received when it is received.
        """
        if first.type is EventType.RECEIVED:
            return first.day
        local = first.at.astimezone(clock.SHANGHAI)
        # next_workday covers both: an evening starts from tomorrow, a rest day from itself.
        late = local.time() > self.close_of_business
        return self.calendar.add_workdays(first.day, 1) if late else self.calendar.next_workday(first.day)

    def notice_ends_on(self, received_on: date) -> date:
        """Return the last day for an answer to the receipt; working days whatever the unit."""
        return self.calendar.add_workdays(received_on, NOTICE_DAYS)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a timer.

    :param at: aware; only its Shanghai day counts, except for an online submission
    :param kind: of a special procedure or a decision, else empty
    :param days: of an extension, else 0
    :param recorded_at: when it was written down, None: not yet; no number of the clock depends on it
    """

    type: EventType
    at: datetime
    kind: str = ""
    days: int = 0
    recorded_at: datetime | None = field(default=None, compare=False)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", clock.day_of(self.at))

    @property
    def is_backdated(self) -> bool:
        """Tell whether it was written down on a later day than it happened (补录)."""
        return self.recorded_at is not None and clock.day_of(self.recorded_at) > self.day
