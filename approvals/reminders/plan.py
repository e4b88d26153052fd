"""Which days of an event are to be told of today. Pure.

All steps of one event form a chain ordered by their distance from it, and each event day falls into exactly one step:
the latest one whose turn has come. So after an outage nothing is told three times over, and nothing is left out as
long as it is not older than the days of catching up.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from portal.core.workdays import ONE_DAY, Calendar


class DayUnit(StrEnum):
    """In which days the distance from an event is counted."""

    WORKING = "working"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of a rule.

    :param rule: id of the rule in the pack
    :param days: distance from the event's day: negative before it, 0 on it, positive after it
    :param to: roles, and `holder`: whoever has it on his desk
    """

    rule: str
    event: str
    unit: DayUnit
    days: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The event days (after, last] of which the steps at one distance are to be told today."""

    days: int
    steps: tuple[Step, ...]
    after: date
    last: date


@dataclass(frozen=True, slots=True)
class Course:
    """The windows of one event in one unit of days, the latest event days first; they touch and do not overlap."""

    event: str
    windows: tuple[Window, ...]

    @property
    def after(self) -> date:
        return self.windows[-1].after

    @property
    def last(self) -> date:
        return self.windows[0].last

    def window_of(self, on: date) -> Window | None:
        """Return the window an event day lies in."""
        return next((window for window in self.windows if window.after < on <= window.last), None)


@dataclass(frozen=True, slots=True)
class Rules:
    """All steps of a pack version.

    :param names: event -> what its date is called
    :param catch_up_days: calendar days for which a missed reminder is still sent
    :param not_before: time of the day before which nobody is told
    """

    steps: tuple[Step, ...]
    names: Mapping[str, str]
    catch_up_days: int
    not_before: time


def read(reminders: Mapping[str, Any], metrics: Mapping[str, Any]) -> Rules:
    """Return the rules of a pack: its reminders, and the levels that what is late climbs."""
    steps = []
    for rule in reminders["reminders"]:
        distances = [-days for days in rule["before"]] + list(rule["after"])
        for days in distances:
            steps.append(Step(rule["id"], rule["event"], DayUnit(rule["unit"]), days, tuple(rule["to"])))
    for level in metrics["escalation"]:
        steps.append(Step(level["id"], level["event"], DayUnit.WORKING, level["overdue_days"], tuple(level["to"])))
    return Rules(
        tuple(steps), dict(reminders["events"]), reminders["catch_up_days"], time.fromisoformat(reminders["not_before"])
    )


def courses(rules: Rules, event: str, *, calendar: Calendar, today: date) -> Iterator[Course]:
    """Yield the event days to be told of today, one course per unit of days in which an event's steps are counted."""
    chains: dict[DayUnit, list[Step]] = defaultdict(list)
    for step in rules.steps:
        if step.event == event:
            chains[step.unit].append(step)
    for unit, chain in chains.items():
        distances = sorted({step.days for step in chain})
        ends = [latest_day(today, days, unit=unit, calendar=calendar) for days in distances]
        starts = [*ends[1:], ends[-1] - timedelta(days=rules.catch_up_days)]
        windows = tuple(
            Window(days, tuple(step for step in chain if step.days == days), after, last)
            for days, after, last in zip(distances, starts, ends, strict=True)
        )
        yield Course(event, windows)


def latest_day(today: date, days: int, *, unit: DayUnit, calendar: Calendar) -> date:
    """Return the latest event day of which a step at this distance is told today or was before."""
    if unit is DayUnit.CALENDAR or days == 0:
        return today - timedelta(days=days)
    number = calendar.number(today)
    if days < 0:
        # the working day so many before the event is today or earlier
        return calendar.nth(number - days)
    # so many working days of (event, today] have passed
    return calendar.nth(number - days + 1) - ONE_DAY
