"""Working-day arithmetic, pure: every day has a running working-day number, so all answers are look-ups.

A working day is a make-up workday, or a Monday to Friday that is not a day off (行政许可法第82条: limits
are counted in working days, holidays left out). Intervals are (a, b]: the start day does not count, the
end day does (民法典第201条).
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

#: the range the national notices and our own input are held to
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)

ONE_DAY = timedelta(days=1)


class OutOfCalendar(OverflowError):
    """The day asked for lies past the year 9999."""


def _weekdays_until(ordinal: int) -> int:
    """Count Mondays to Fridays in ordinals 1..ordinal; ordinal 1 was a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _nth_weekday(number: int) -> int:
    """Return the ordinal of the n-th Monday-to-Friday: the inverse of `_weekdays_until`."""
    weeks, rest = divmod(number - 1, 5)
    return weeks * 7 + rest + 1


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and for which days a published notice says so.

    :param rest_days: days off; those on weekends may be listed too
    :param extra_workdays: make-up workdays; a date in both sets is worked
    :param known_from: first day a notice covers, None: known since ever
    :param known_until: last day a notice covers, None: known for ever
    """

    rest_days: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    known_from: date | None = None
    known_until: date | None = None

    # Between the first and the last exception the numbers stand in a table; before and after it the plain
    # Monday-to-Friday formula holds, after it shifted by what the exceptions took or gave.
    _first: int = field(init=False, repr=False, compare=False)
    _last: int = field(init=False, repr=False, compare=False)
    _base: int = field(init=False, repr=False, compare=False)
    _shift: int = field(init=False, repr=False, compare=False)
    _running: "array[int]" = field(init=False, repr=False, compare=False)
    _workdays: "array[int]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        rest = {day.toordinal() for day in self.rest_days}
        extra = {day.toordinal() for day in self.extra_workdays}
        exceptions = rest | extra
        first = min(exceptions, default=1)
        last = max(exceptions, default=0)
        base = number = _weekdays_until(first - 1)
        running, workdays = array("l"), array("l")
        for ordinal in range(first, last + 1):
            if ordinal in extra or (ordinal % 7 not in (6, 0) and ordinal not in rest):
                number += 1
                workdays.append(ordinal)
            running.append(number)
        for name, value in (
            ("_first", first),
            ("_last", last),
            ("_base", base),
            ("_shift", number - _weekdays_until(last)),
            ("_running", running),
            ("_workdays", workdays),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Calendar":
        """Build the calendar of a pack's `holidays.yaml`; it is known for the years the document lists."""
        years = document["years"]
        numbers = [int(year["year"]) for year in years]
        return cls(
            rest_days=frozenset(_dates(years, "days_off")),
            extra_workdays=frozenset(_dates(years, "makeup_workdays")),
            known_from=date(min(numbers), 1, 1),
            known_until=date(max(numbers), 12, 31),
        )

    def number(self, day: date) -> int:
        """Return the running number of a day: how many working days there were up to and including it."""
        return self._number(day.toordinal())

    def nth(self, number: int) -> date:
        """Return the working day that has this running number.

        :raises OutOfCalendar: it lies past the year 9999
        """
        if number <= self._base:
            ordinal = _nth_weekday(number)
        elif number <= self._base + len(self._workdays):
            ordinal = self._workdays[number - self._base - 1]
        else:
            ordinal = _nth_weekday(number - self._shift)
        return _day(ordinal)

    def is_workday(self, day: date) -> bool:
        """Tell whether a day is worked."""
        return day in self.extra_workdays or (day.weekday() < 5 and day not in self.rest_days)

    def is_known(self, day: date) -> bool:
        """Tell whether a published notice covers the day; if not, what is computed with it is 暂定."""
        return (self.known_from is None or self.known_from <= day) and (
            self.known_until is None or day <= self.known_until
        )

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days of (start, end]; 0 when the interval is empty."""
        return max(0, self.number(end) - self.number(start))

    def add_workdays(self, day: date, count: int) -> date:
        """Return the count-th working day after a day (before it when negative); 0 is the day itself.

        :raises OutOfCalendar: the answer lies past the year 9999
        """
        if count > 0:
            return self.nth(self.number(day) + count)
        if count < 0:
            return self.nth(self._number(day.toordinal() - 1) + 1 + count)
        return day

    def next_workday(self, day: date) -> date:
        """Return the day itself when it is worked, else the first working day after it."""
        return self.nth(self._number(day.toordinal() - 1) + 1)

    def workdays(self, start: date, end: date) -> Iterator[date]:
        """Yield the working days of (start, end] in order."""
        for number in range(self.number(start) + 1, self.number(end) + 1):
            yield self.nth(number)

    def _number(self, ordinal: int) -> int:
        if ordinal < self._first:
            return _weekdays_until(ordinal)
        if ordinal <= self._last:
            return self._running[ordinal - self._first]
        return _weekdays_until(ordinal) + self._shift


def _day(ordinal: int) -> date:
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError) as error:
        raise OutOfCalendar(ordinal) from error


def _dates(years: Iterable[Mapping[str, Any]], key: str) -> Iterator[date]:
    for year in years:
        for entry in year.get(key) or ():
            day = entry["date"]
            yield day if isinstance(day, date) else date.fromisoformat(day)
