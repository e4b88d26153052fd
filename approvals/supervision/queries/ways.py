"""How long stages (C7) and whole projects (C8) took that ended in a period, in working days.

C7 is kept with the stage's clock when it concludes; C8 is the longest line of a project's units (domain.md 2.3).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Count, QuerySet

from approvals.deadlines.jointly import StageUsed, explain_way
from approvals.review.models import StageRun
from approvals.review.queries import times
from approvals.review.states import StageState
from approvals.supervision.queries.scope import Scope
from approvals.supervision.querysets import Percentile
from approvals.supervision.states import Period, moments
from projects.catalogue.definitions import ADVISORY_STAGE
from projects.registry.states import ProjectState


@dataclass(frozen=True, slots=True)
class StagePace:
    """The stages of one kind that concluded: how many, and C7 of the middle one and of the ninth in ten."""

    stage: str
    number: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Ways:
    """What ended in a period; of whole projects the number, and C8 of the middle and of the longest one."""

    stages: tuple[StagePace, ...]
    projects: int
    median: float | None
    longest: int | None


def ways(scope: Scope, period: Period, *, today: date) -> Ways:
    """Tell how long what ended in a period took; two statements."""
    start, end = moments(period.first_day(today), today)
    kept = _kept(scope)
    stages = tuple(
        StagePace(stage, number, round(float(middle), 1), round(float(ninth), 1))
        for stage, number, middle, ninth in kept.filter(
            state=StageState.CONCLUDED, concluded_at__gte=start, concluded_at__lt=end
        )
        .order_by("stage")
        .values("stage")
        .annotate(
            number=Count("pk"),
            middle=Percentile("timer__stage_days", 0.5),
            ninth=Percentile("timer__stage_days", 0.9),
        )
        .values_list("stage", "number", "middle", "ninth")
    )
    lines: dict[int, list[StageUsed]] = defaultdict(list)
    closed = kept.filter(
        project__state=ProjectState.CLOSED, project__closed_at__gte=start, project__closed_at__lt=end
    ).select_related("unit", "timer")
    for run in closed:
        if run.timer is not None and run.timer.stage_days is not None:
            lines[run.project_id].append(StageUsed(run.stage, times.path_of(run), run.timer.stage_days))
    used = [explain_way(line).used for line in lines.values()]
    return Ways(stages, len(used), float(median(used)) if used else None, max(used, default=None))


def _kept(scope: Scope) -> QuerySet[StageRun]:
    """Return the stages whose C7 was kept; what is only advised is no part of the way."""
    runs = StageRun.objects.filter(timer__stage_days__isnull=False).exclude(stage=ADVISORY_STAGE)
    return runs.filter(project__in=scope.projects()) if scope.departments is not None or scope.region else runs
