"""The dashboard in a fixed number of statements.

All numbers of cases under way come from ONE grouped statement, so tiles, heat table, steps, pauses and due days
are sums over the same rows and always agree.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Case, Count, DateField, F, When

from approvals.deadlines.states import Light
from approvals.review.states import CaseState
from approvals.supervision.queries import cases, pace, projects, ways
from approvals.supervision.queries.cases import CaseFilters, CaseRow
from approvals.supervision.queries.pace import Ended, Week
from approvals.supervision.queries.projects import ProjectFilters
from approvals.supervision.queries.scope import Scope
from approvals.supervision.queries.ways import Ways
from approvals.supervision.queries.words import Words, words_in_force
from approvals.supervision.states import INSIDE, Period, Stuck, sunday_of
from portal.core import clock
from portal.core.models import CalendarDay

WORST = 8

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Group:
    """Cases under way that agree in everything the dashboard sorts by."""

    stage: str
    department: str
    state: str
    light: str
    step: str
    pause: str
    due_on: date | None
    """the promised due day if it lies in this week and the clock runs"""
    number: int


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases of one stage in one department."""

    count: int
    late: int
    due: int


@dataclass(frozen=True, slots=True)
class Board:
    """All numbers of a dashboard, as of a moment."""

    scope: Scope
    period: Period
    at: datetime
    words: Words
    groups: tuple[Group, ...]
    ended: Ended
    weeks: tuple[Week, ...]
    ways: Ways
    stages: Mapping[tuple[str, str], int]
    running_projects: int
    stalled_projects: int
    reopened_projects: int
    """with a stage that is open again because a decision it rested on ended"""
    worst: tuple[CaseRow, ...]
    rest_days: tuple[tuple[date, str], ...]
    """days off of the weeks shown, with the name of the holiday"""

    @property
    def today(self) -> date:
        return clock.day_of(self.at)

    @property
    def running(self) -> int:
        return sum(group.number for group in self.groups)

    @property
    def held(self) -> int:
        return self._count(lambda group: group.state == CaseState.HELD)

    @property
    def due_today(self) -> int:
        return self._count(lambda group: group.due_on == self.today)

    @property
    def due_this_week(self) -> int:
        return self._count(lambda group: group.due_on is not None)

    @property
    def late_inside(self) -> int:
        """Count the late cases at which it is the department's turn."""
        return sum(self.late_by_step.get(step, 0) for step in INSIDE)

    @property
    def by_light(self) -> Mapping[str, int]:
        """Return light -> cases under way."""
        counted = self._by(lambda group: group.light)
        return {light.value: counted.get(light.value, 0) for light in Light}

    @property
    def late_by_step(self) -> Mapping[str, int]:
        """Return step -> late cases."""
        counted = self._by(lambda group: group.step, (group for group in self.groups if group.light == Light.RED))
        return {step.value: counted.get(step.value, 0) for step in Stuck}

    @property
    def by_pause(self) -> Mapping[str, int]:
        """Return kind of special procedure, or `correction` -> cases whose light is grey, the most first."""
        counted = self._by(lambda group: group.pause, (group for group in self.groups if group.light == Light.GREY))
        return dict(Counter(counted).most_common())

    @property
    def by_due_day(self) -> Mapping[date, int]:
        """Return day of this week -> cases that fall due on it, in order."""
        found: Counter[date] = Counter()
        for group in self.groups:
            if group.due_on is not None:
                found[group.due_on] += group.number
        return dict(sorted(found.items()))

    @property
    def cells(self) -> Mapping[tuple[str, str], Cell]:
        """Return (stage, department) -> cases, late ones, those soon due."""
        found: dict[tuple[str, str], Cell] = {}
        for group in self.groups:
            key = group.stage, group.department
            before = found.get(key, Cell(0, 0, 0))
            found[key] = Cell(
                before.count + group.number,
                before.late + group.number * (group.light == Light.RED),
                before.due + group.number * (group.light == Light.YELLOW),
            )
        return found

    def _count(self, chosen: Callable[[Group], bool]) -> int:
        return sum(group.number for group in self.groups if chosen(group))

    def _by(self, key: Callable[[Group], Key], groups: Iterable[Group] | None = None) -> dict[Key, int]:
        found: Counter[Key] = Counter()
        for group in self.groups if groups is None else groups:
            found[key(group)] += group.number
        return dict(found)


def board(scope: Scope, period: Period, *, at: datetime) -> Board:
    """Count a dashboard; thirteen statements, whatever the size of the city."""
    today, words = clock.day_of(at), words_in_force()
    weeks = pace.weeks(scope, today=today)
    running = ProjectFilters()
    stalled = ProjectFilters(stalled=True)
    reopened = ProjectFilters(stage_state=projects.REOPENED)
    return Board(
        scope=scope,
        period=period,
        at=at,
        words=words,
        groups=groups(scope, today=today),
        ended=pace.ended(scope, period, today=today),
        weeks=weeks,
        ways=ways.ways(scope, period, today=today),
        stages=projects.by_stage(scope),
        running_projects=projects.narrow_projects(scope, running, words=words, today=today).count(),
        stalled_projects=projects.narrow_projects(scope, stalled, words=words, today=today).count(),
        reopened_projects=projects.narrow_projects(scope, reopened, words=words, today=today).count(),
        worst=cases.worst(scope, words=words, today=today, size=WORST),
        rest_days=_rest_days(weeks[0].monday, sunday_of(today)),
    )


def groups(scope: Scope, *, today: date) -> tuple[Group, ...]:
    """Return the cases under way in groups; one statement along the index of running cases."""
    this_week = Case(
        When(cases.will_run_out(today, sunday_of(today)), then=F("timer__promised_due_on")), output_field=DateField()
    )
    rows = (
        cases.narrow(scope, CaseFilters(), today=today)
        .annotate(due_day=this_week)
        .order_by()
        .values_list("application__stage", "department_id", "state", "light", "step", "timer__paused_by", "due_day")
        .annotate(number=Count("pk"))
    )
    return tuple(Group(*row) for row in rows)


def _rest_days(first: date, last: date) -> tuple[tuple[date, str], ...]:
    rows = CalendarDay.objects.filter(region="", kind=CalendarDay.Kind.REST, day__range=(first, last))
    return tuple(rows.order_by("day").values_list("day", "name"))
