"""Cases by department, stage, state, light, step, due day and period; the list behind every number of cases."""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from approvals.deadlines import queries as deadlines
from approvals.deadlines.querysets import light_on
from approvals.deadlines.states import TimerState
from approvals.review.models import Case
from approvals.review.states import CASE_RUNNING, CaseState, Outcome
from approvals.supervision.queries.scope import Scope
from approvals.supervision.queries.words import Words
from approvals.supervision.querysets import open_task, stuck
from approvals.supervision.states import Due, Period, Shown, Stuck, moments, sunday_of
from portal.core import paging
from portal.ui.lights import Light as Shape

PAGE_SIZE = 50
#: counts above this read 1,000+
MOST_COUNTED = 1000
#: where a clock without a due date stands in the order: behind all others
FAR = date(9999, 12, 31)
#: what a row of a list shows
LOADED = ("project", "service_item", "department", "timer", "application")


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a list was narrowed to; empty = all.

    :param shown: by state; empty: those under way, or the decided ones where `ended` or `week` is given
    :param due_on: the one promised due day, or the days of `due`
    :param opened: the period they were opened in
    :param ended: the period they ended in
    :param week: the Monday of the week they ended in
    :param backdated: only those with an event written down on a later day
    """

    departments: tuple[str, ...] = ()
    stage: str = ""
    shown: str = ""
    light: str = ""
    step: str = ""
    pause: str = ""
    due: str = ""
    due_on: date | None = None
    opened: str = ""
    ended: str = ""
    week: date | None = None
    backdated: bool = False

    @property
    def states(self) -> Shown:
        """Return which states the list holds."""
        if self.shown:
            return Shown(self.shown)
        if self.ended or self.week:
            return Shown.DECIDED
        return Shown.ALL if self.opened else Shown.RUNNING


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of a list."""

    case: Case
    light: Shape
    words: str
    stage: str
    step: str
    due_on: date | None
    is_provisional: bool
    used_days: int | None


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of a list; `total` is counted up to MOST_COUNTED + 1."""

    rows: tuple[CaseRow, ...]
    total: int
    next: str
    previous: str


_STATES = {
    Shown.RUNNING: Q(state__in=CASE_RUNNING),
    Shown.OPEN: Q(state=CaseState.OPEN),
    Shown.HELD: Q(state=CaseState.HELD),
    Shown.DECIDED: Q(state=CaseState.DECIDED),
    Shown.GRANTED: Q(state=CaseState.DECIDED, decision__outcome=Outcome.GRANTED),
    Shown.REJECTED: Q(state=CaseState.DECIDED, decision__outcome=Outcome.REJECTED),
    Shown.CLOSED: Q(state=CaseState.CLOSED),
    Shown.ALL: Q(),
}


def narrow(scope: Scope, filters: CaseFilters, *, today: date) -> QuerySet[Case]:
    """Return the cases under filters, each with `light`, `step` and `due`."""
    found = scope.cases().filter(_STATES[filters.states])
    found = found.annotate(
        open_task=open_task(),
        light=light_on(today, "timer__"),
        due=Coalesce("timer__promised_due_on", Value(FAR), output_field=DateField()),
    ).annotate(step=stuck())
    if filters.departments:
        found = found.filter(department_id__in=filters.departments)
    if filters.stage:
        found = found.filter(application__stage=filters.stage)
    if filters.light:
        found = found.filter(light=filters.light)
    if filters.step:
        found = found.filter(step=filters.step)
    if filters.pause:
        found = found.filter(timer__paused_by=filters.pause)
    if filters.backdated:
        found = found.filter(timer__is_backdated=True)
    for days in _days_due(filters, today):
        found = found.filter(will_run_out(*days))
    if filters.opened:
        start, end = moments(Period(filters.opened).first_day(today), today)
        found = found.filter(opened_at__gte=start, opened_at__lt=end)
    for days in _days_ended(filters, today):
        start, end = moments(*days)
        found = found.filter(closed_at__gte=start, closed_at__lt=end)
    return found


def will_run_out(first: date, last: date) -> Q:
    """Return the condition of a running clock whose promised limit ends on one of these days; not late yet."""
    return Q(
        timer__state__in=(TimerState.WAITING, TimerState.RUNNING),
        timer__promised_due_on__gte=first,
        timer__promised_due_on__lte=last,
    )


def _days_due(filters: CaseFilters, today: date) -> list[tuple[date, date]]:
    days = []
    if filters.due:
        days.append((today, today if filters.due == Due.TODAY else sunday_of(today)))
    if filters.due_on:
        days.append((filters.due_on, filters.due_on))
    return days


def _days_ended(filters: CaseFilters, today: date) -> list[tuple[date, date]]:
    days = []
    if filters.ended:
        days.append((Period(filters.ended).first_day(today), today))
    if filters.week:
        days.append((filters.week, sunday_of(filters.week)))
    return days


def list_cases(
    scope: Scope, filters: CaseFilters, *, words: Words, today: date, cursor: str = "", size: int = PAGE_SIZE
) -> CaseList:
    """Return a page of cases: those under way by due day, the others newest first; two statements."""
    found = narrow(scope, filters, today=today)
    if filters.states in (Shown.RUNNING, Shown.OPEN, Shown.HELD):
        order = ("due", "id")
    else:
        order = ("-opened_at", "-id") if filters.states is Shown.ALL else ("-closed_at", "-id")
    page = paging.page(found.select_related(*LOADED), by=order, cursor=cursor, size=size)
    return CaseList(
        rows=tuple(row_of(case, words=words, today=today) for case in page.items),
        total=found.order_by().values("pk")[: MOST_COUNTED + 1].count(),
        next=page.next,
        previous=page.previous,
    )


def worst(scope: Scope, *, words: Words, today: date, size: int) -> tuple[CaseRow, ...]:
    """Return the cases longest over their limit, a pause left out; one statement over what is late."""
    found = narrow(scope, CaseFilters(), today=today).filter(timer__red_on__lte=today)
    stands_on = Coalesce("timer__paused_on", Value(today), output_field=DateField())
    over = ExpressionWrapper(stands_on - F("timer__promised_due_on"), output_field=DurationField())
    rows = found.select_related(*LOADED).order_by(over.desc(), "pk")[:size]
    return tuple(row_of(case, words=words, today=today) for case in rows)


def late(scope: Scope, *, today: date) -> QuerySet[Case]:
    """Return the cases under way that are late."""
    return scope.cases().running().filter(timer__red_on__lte=today)  # type: ignore[attr-defined]


def row_of(case: Case, *, words: Words, today: date) -> CaseRow:
    """Return a loaded case as a list shows it; no statement."""
    timer = case.timer
    told = deadlines.light_words(timer, today)
    step = case.step or ""  # type: ignore[attr-defined]
    return CaseRow(
        case=case,
        light=told.shape,
        words=told.words,
        stage=words.stages.get(case.application.stage, case.application.stage),
        step=str(Stuck(step).label) if step in Stuck.values and case.is_running else "",
        due_on=deadlines.promised_due_on(timer, today),
        is_provisional=timer.is_paused or (timer.provisional and not timer.is_stopped),
        used_days=timer.used_days,
    )
