"""The time page of a project: its whole way, its stages, and every day of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from approvals.deadlines.jointly import DayOfStage, StageTold
from approvals.review.models import StageRun
from approvals.review.queries import times
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from projects.catalogue import queries as catalogues
from projects.planning import queries as planning
from projects.registry import policies as registry_policies
from projects.registry.models import Project


@dataclass(frozen=True, slots=True)
class DayRun:
    """Neighbouring days of a stage that count, or do not count, for the same reason: one line."""

    first: date
    last: date
    why: str
    open: int
    days: int
    counts: bool
    total: int
    """Days counted up to the last of them."""


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage: C7 against its limit, in working days, and its days in runs of like ones."""

    run: StageRun
    name: str
    unit: str
    told: StageTold
    limit: int
    is_on_way: bool
    days: tuple[DayRun, ...]

    @property
    def is_over(self) -> bool:
        return bool(self.limit) and self.told.used > self.limit


@dataclass(frozen=True, slots=True)
class TimePage:
    """C8 of a project and what it is made of; `provisional` when a day lies beyond the published holidays."""

    project: Project
    today: date
    used: int
    limit: int
    path: str
    stages: tuple[StageRow, ...]


def project_time(project_id: int, actor: Actor, *, at: datetime) -> TimePage:
    """Return the time page for who may see the project.

    :raises NotFound: there is none, or not for this actor
    """
    project = Project.objects.select_related("owner").filter(pk=project_id).first()
    if project is None or not registry_policies.can_view(actor, project):
        raise NotFound
    catalogue = catalogues.catalogue(project.pack_version_id)
    limits = {stage.id: stage.limit_days for stage in planning.plan(project, at=at).stages}
    today = clock.day_of(at)
    told = times.project_time(project, as_of=today)
    return TimePage(
        project=project,
        today=today,
        used=told.way.used,
        limit=catalogue.flows[project.flow].total_limit_days,
        path=told.way.path,
        stages=tuple(
            StageRow(
                run=time.run,
                name=catalogue.stages[time.run.stage].name,
                unit=time.run.unit.code if time.run.unit else "",
                told=time.told,
                limit=limits.get(time.run.stage, 0),
                is_on_way=told.way.path.startswith(times.path_of(time.run)),
                days=tuple(_runs(time.told.days)),
            )
            for time in told.stages
        ),
    )


def _runs(days: Iterable[DayOfStage]) -> Iterator[DayRun]:
    total = 0
    for (counts, why, names), group in groupby(days, key=lambda day: (day.counts, day.why, day.open)):
        like = list(group)
        total += len(like) if counts else 0
        yield DayRun(like[0].date, like[-1].date, why, len(names), len(like), counts, total)
