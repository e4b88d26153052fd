"""How long a stage (C7) and the whole way of a project (C8) took, from the clocks of their cases."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from approvals.deadlines import queries as deadlines
from approvals.deadlines.jointly import ItemClock, StageTold, StageUsed, WayTold, explain_stage, explain_way
from approvals.deadlines.models import TimerEvent
from approvals.review.models import Case, Decision, StageRun
from approvals.review.states import DecisionState
from portal.core import calendars, clock
from projects.catalogue.definitions import ADVISORY_STAGE
from projects.registry.models import Project


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage run and what its clock tells."""

    run: StageRun
    told: StageTold


@dataclass(frozen=True, slots=True)
class ProjectTime:
    """All stages of a project that have begun, and the way they make; what is only advised is no part of it."""

    stages: tuple[StageTime, ...]
    way: WayTold


def stage_time(run: StageRun, *, as_of: date) -> StageTime:
    """Tell the clock of one stage; three statements. The run's project must have been loaded."""
    return _told(run, _cases(Case.objects.filter(stage_run=run)), as_of=as_of)


def project_time(project: Project, *, as_of: date) -> ProjectTime:
    """Tell the clocks of all stages of a project, and of its whole way; four statements."""
    runs = list(
        StageRun.objects.filter(project=project, review_started_at__isnull=False)
        .exclude(stage=ADVISORY_STAGE)
        .select_related("project", "unit", "timer")
        .order_by("stage", "pk")
    )
    by_run: dict[int, list[Case]] = defaultdict(list)
    for case in _cases(Case.objects.filter(stage_run__in=runs)):
        if case.stage_run_id is not None:
            by_run[case.stage_run_id].append(case)
    stages = tuple(_told(run, by_run[run.pk], as_of=as_of) for run in runs)
    return ProjectTime(stages, explain_way([_used(time) for time in stages]))


def path_of(run: StageRun) -> str:
    """Return the engineering path of a run's unit, blank for the whole project; the unit must have been loaded."""
    return run.unit.code.rpartition("-")[2] if run.unit else ""


def _cases(rows: Iterable[Case]) -> Sequence[Case]:
    in_order = Prefetch("timer__events", TimerEvent.objects.order_by("happened_at", "seq"), to_attr="in_order")
    earlier = Decision.objects.filter(state=DecisionState.REOPENED, timer__isnull=False).select_related("timer")
    return list(
        rows.select_related("timer", "service_item")  # type: ignore[attr-defined]
        .prefetch_related(in_order, Prefetch("decisions", earlier.prefetch_related(in_order), to_attr="earlier"))
        .order_by("pk")
    )


def _told(run: StageRun, cases: Iterable[Case], *, as_of: date) -> StageTime:
    ended_on = clock.day_of(run.concluded_at) if run.concluded_at else None
    last = as_of if ended_on is None else min(as_of, ended_on)
    items = []
    for case in cases:
        rounds = [*(decision.timer for decision in case.earlier), case.timer]  # type: ignore[attr-defined]
        for timer in rounds:
            told = deadlines.explain_with(timer, timer.in_order, last)
            # opened after the last milestone, it is no part of the stage's time
            if told is not None:
                items.append(ItemClock(case.service_item.name, told))
    calendar = calendars.current(run.project.region)
    return StageTime(run, explain_stage(calendar, items, as_of, ended_on=ended_on))


def _used(time: StageTime) -> StageUsed:
    return StageUsed(time.run.stage, path_of(time.run), time.told.used)
