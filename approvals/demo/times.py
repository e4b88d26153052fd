"""When things happen in a story: on working days, between nine and half past five, never after now. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from portal.core.clock import SHANGHAI
from portal.core.workdays import Calendar

OPENS, CLOSES = time(9, 0), time(17, 30)
MORNING = 150
"""Minutes after opening by which a morning's work has begun."""
DAY = 8 * 60 + 30


@dataclass(frozen=True, slots=True)
class Times:
    """The calendar of a story told at a moment."""

    calendar: Calendar
    now: datetime

    @property
    def today(self) -> date:
        """Return today, or the last working day before a rest day."""
        day = self.now.astimezone(SHANGHAI).date()
        return day if self.calendar.is_workday(day) else self.calendar.add_workdays(day, -1)

    @property
    def newest(self) -> date:
        """Return the last working day that has had time for something to happen."""
        local = self.now.astimezone(SHANGHAI)
        if local.date() == self.today and local.time() < time(10, 30):
            return self.calendar.add_workdays(self.today, -1)
        return self.today

    def ago(self, days: int) -> date:
        """Return the working day so many working days before the newest."""
        return self.calendar.add_workdays(self.newest, -days) if days else self.newest

    def from_today(self, days: int) -> date:
        """Return the working day so many working days after today, or before it."""
        return self.calendar.add_workdays(self.today, days) if days else self.today

    def on(self, day: date, dice: Random, *, early: bool = False) -> datetime:
        """Draw a moment of a working day."""
        last = MORNING if early else DAY
        if day == self.now.astimezone(SHANGHAI).date():
            passed = int((self.now - _opening(day)).total_seconds() // 60)
            last = max(1, min(last, passed - 1))
        return _opening(day) + timedelta(minutes=dice.randrange(last), seconds=dice.randrange(60))

    def after(self, moment: datetime, days: int, dice: Random, *, early: bool = False) -> datetime:
        """Draw a moment so many working days later; 0: later the same day, or the next morning."""
        day = moment.astimezone(SHANGHAI).date()
        if days > 0:
            return self.on(self.calendar.add_workdays(day, days), dice, early=early)
        later = moment + timedelta(minutes=dice.randint(8, 55))
        if later.astimezone(SHANGHAI).time() < CLOSES:
            return later
        return self.on(self.calendar.add_workdays(day, 1), dice, early=True)


def _opening(day: date) -> datetime:
    return datetime.combine(day, OPENS, tzinfo=SHANGHAI)
