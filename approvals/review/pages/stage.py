"""A stage with all its lanes, for its lead and for every department that has a case in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from approvals.deadlines import drawings
from approvals.deadlines import queries as deadlines
from approvals.deadlines.queries import LightWords
from approvals.review import policies
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.queries import tasklist
from approvals.review.states import TASK_OPEN, StageState
from portal.core import paging
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.ui.clockbar import ClockBar
from portal.ui.lanes import Lane, in_order
from projects.catalogue import queries as catalogues


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage run in the lead's list."""

    run: StageRun
    name: str
    light: LightWords | None
    lanes: tuple[Lane, ...]

    @property
    def done(self) -> int:
        return sum(lane.light in ("done", "no") for lane in self.lanes)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a case lies now: the step, who has it and since when."""

    case: Case
    lane: Lane
    task: ReviewTask | None


@dataclass(frozen=True, slots=True)
class StagePage:
    """One stage run with all its cases."""

    run: StageRun
    name: str
    light: LightWords | None
    bar: ClockBar | None
    desks: tuple[Desk, ...]


def led_stages(actor: Actor, *, today: date, cursor: str = "", size: int = 30) -> tuple[list[StageRow], str, str]:
    """Return the stages under review that the actor's departments lead, with the cursors of the neighbour pages."""
    leads = actor.departments_for("stage.lead")
    page = paging.page(
        StageRun.objects.filter(lead_id__in=leads, state=StageState.IN_REVIEW).select_related(
            "project", "unit", "timer"
        ),
        by=("-id",),
        cursor=cursor,
        size=size,
    )
    lanes = tasklist.lanes_of((run.pk for run in page.items), today=today)
    rows = [
        StageRow(
            run=run,
            name=_name(run),
            light=deadlines.light_words(run.timer, today) if run.timer else None,
            lanes=lanes.get(run.pk, ()),
        )
        for run in page.items
    ]
    return rows, page.next, page.previous


def stage_page(run_id: int, actor: Actor, *, today: date) -> StagePage:
    """Return one stage run for who may see its lanes.

    :raises NotFound: there is none, or not for this actor
    """
    run = StageRun.objects.select_related("project__owner", "unit", "timer", "lead").filter(pk=run_id).first()
    if run is None:
        raise NotFound
    cases = list(
        Case.objects.filter(stage_run=run)
        .select_related("department", "timer", "service_item", "stage_run", "project")
        .order_by("pk")
    )
    if not policies.can_view_stage(actor, run, departments=frozenset(case.department_id for case in cases)):
        raise NotFound
    open_tasks: Mapping[int, ReviewTask] = {
        task.case_id: task
        for task in ReviewTask.objects.filter(case__in=cases, state__in=TASK_OPEN).select_related("assignee")
    }
    by_lane: dict[Lane, Case] = {}
    for case in cases:
        url = reverse("review:case", args=[case.pk]) if policies.can_view_case(actor, case) else ""
        by_lane[tasklist.lane_of(case, today=today, url=url)] = case
    return StagePage(
        run=run,
        name=_name(run),
        light=deadlines.light_words(run.timer, today) if run.timer else None,
        bar=drawings.clock_bar(run.timer, today) if run.timer else None,
        desks=tuple(Desk(by_lane[lane], lane, open_tasks.get(by_lane[lane].pk)) for lane in in_order(by_lane)),
    )


def _name(run: StageRun) -> str:
    return catalogues.catalogue(run.project.pack_version_id).stages[run.stage].name
