"""Projects by stage and state, and those that stand still; the list behind every number of projects."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, DateTimeField, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from approvals.review.models import Case, StageRun
from approvals.review.states import CASE_RUNNING, StageState
from approvals.supervision.queries.cases import MOST_COUNTED, PAGE_SIZE
from approvals.supervision.queries.scope import Scope
from approvals.supervision.queries.words import Words
from approvals.supervision.states import midnight
from portal.core import clock, paging
from portal.core.models import AuditHead
from projects.catalogue.definitions import ADVISORY_STAGE
from projects.registry.models import Project
from projects.registry.states import ProjectState

#: in place of a state: concluded once, and open again because a decision ended
REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class ProjectFilters:
    """What a list was narrowed to; empty = all.

    :param state: of the project; empty: those under way
    :param stage: of the main line or the parallel one
    :param stage_state: the state in which that stage is, or REOPENED
    :param stalled: only those without an event for the pack's number of days
    """

    state: str = ""
    stage: str = ""
    stage_state: str = ""
    stalled: bool = False


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project of a list."""

    project: Project
    region: str
    stage: str
    stage_words: str
    stage_tone: str
    running: int
    last_at: datetime
    reopened: tuple[str, ...]
    """stages that are open again"""
    quiet_days: int
    """calendar days since the last event"""


@dataclass(frozen=True, slots=True)
class ProjectList:
    """One page of a list; `total` is counted up to MOST_COUNTED + 1."""

    rows: tuple[ProjectRow, ...]
    total: int
    next: str
    previous: str


def narrow_projects(scope: Scope, filters: ProjectFilters, *, words: Words, today: date) -> QuerySet[Project]:
    """Return the projects under filters."""
    found = scope.projects().filter(state=filters.state or ProjectState.REGISTERED)
    if filters.stage or filters.stage_state:
        runs = StageRun.objects.present().filter(project=OuterRef("pk"))
        if filters.stage:
            runs = runs.filter(stage=filters.stage)
        if filters.stage_state == REOPENED:
            runs = runs.reopened()
        elif filters.stage_state:
            runs = runs.filter(state=filters.stage_state)
        found = found.filter(Exists(runs))
    if filters.stalled:
        quiet_since = midnight(today - timedelta(days=words.stalled_days))
        found = found.filter(Exists(AuditHead.objects.filter(stream=OuterRef("code"), last_at__lt=quiet_since)))
    return found


def by_stage(scope: Scope) -> dict[tuple[str, str], int]:
    """Return (stage, state) -> number of projects under way that have a stage in this state; one statement."""
    projects = scope.projects().filter(state=ProjectState.REGISTERED)
    rows = (
        StageRun.objects.present()
        .filter(project__in=projects)
        .order_by()
        .values_list("stage", "state")
        .annotate(projects=Count("project_id", distinct=True))
    )
    return {(stage, state): number for stage, state, number in rows}


def list_projects(
    scope: Scope, filters: ProjectFilters, *, words: Words, today: date, cursor: str = "", size: int = PAGE_SIZE
) -> ProjectList:
    """Return a page of projects: the quietest first where they stand still, else the newest; three statements."""
    found = narrow_projects(scope, filters, words=words, today=today)
    heads = AuditHead.objects.filter(stream=OuterRef("code")).values("last_at")
    cases = Case.objects.filter(project=OuterRef("pk"), state__in=CASE_RUNNING).order_by().values("project")
    shown = (
        found.annotate(
            last_at=Coalesce(Subquery(heads), "registered_at", output_field=DateTimeField()),
            running_cases=Coalesce(Subquery(cases.annotate(n=Count("pk")).values("n")), 0),
        )
        .select_related("owner")
        .prefetch_related(Prefetch("stage_runs", StageRun.objects.present().order_by("stage", "pk"), to_attr="runs"))
    )
    order = ("last_at", "id") if filters.stalled else ("-registered_at", "-id")
    page = paging.page(shown, by=order, cursor=cursor, size=size)
    return ProjectList(
        rows=tuple(_row(project, filters, words=words, today=today) for project in page.items),
        total=found.order_by().values("pk")[: MOST_COUNTED + 1].count(),
        next=page.next,
        previous=page.previous,
    )


def _row(project: Project, filters: ProjectFilters, *, words: Words, today: date) -> ProjectRow:
    runs: list[StageRun] = project.runs  # type: ignore[attr-defined]
    current = next(
        (
            run
            for wanted in ([filters.stage_state] if filters.stage_state else [StageState.IN_REVIEW, StageState.OPEN])
            for run in runs
            if (run.is_reopened if wanted == REOPENED else run.state == wanted)
            and (run.stage == filters.stage if filters.stage else run.stage != ADVISORY_STAGE)
        ),
        next((run for run in runs if run.stage == filters.stage), None),
    )
    last_at: datetime = project.last_at  # type: ignore[attr-defined]
    return ProjectRow(
        project=project,
        region=words.regions.get(project.region, project.region),
        stage=words.stages.get(current.stage, current.stage) if current else "",
        stage_words=str(current.get_state_display()) if current else str(project.get_state_display()),
        stage_tone=current.tone if current else project.tone,
        running=project.running_cases,  # type: ignore[attr-defined]
        last_at=last_at,
        reopened=tuple(words.stages.get(run.stage, run.stage) for run in runs if run.is_reopened),
        quiet_days=(today - clock.day_of(last_at)).days,
    )
