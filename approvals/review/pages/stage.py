"""A stage with all its lanes, for its lead and for every department that has a case in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from approvals.deadlines import drawings
from approvals.deadlines import queries as deadlines
from approvals.deadlines.jointly import StageTold
from approvals.deadlines.queries import LightWords
from approvals.review import policies
from approvals.review.models import Case, Opinion, ReviewTask, StageRun, Urge
from approvals.review.queries import reopened, times
from approvals.review.queries.lanes import lane_of, lanes_of
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
    due_on: date | None
    is_provisional: bool
    said: Opinion | None
    """The last word of a step, for who may read opinions."""
    urged: Urge | None
    """The last urging."""
    may_urge: bool


@dataclass(frozen=True, slots=True)
class StagePage:
    """One stage run with all its cases."""

    run: StageRun
    name: str
    light: LightWords | None
    bar: ClockBar | None
    time: StageTold
    desks: tuple[Desk, ...]
    reads_opinions: bool
    later: tuple[Case, ...]
    """Of a stage that was opened again: what later stages have granted."""


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
    lanes = lanes_of((run.pk for run in page.items), today=today)
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
        by_lane[lane_of(case, today=today, url=url)] = case
    leads = policies.can_urge(actor, run)
    said = _last_words(cases, actor)
    urged = {urge.case_id: urge for urge in Urge.objects.filter(case__in=cases).order_by("pk")}

    def desk(lane: Lane) -> Desk:
        case = by_lane[lane]
        last = urged.get(case.pk)
        return Desk(
            case=case,
            lane=lane,
            task=open_tasks.get(case.pk),
            due_on=deadlines.promised_due_on(case.timer, today) if case.is_running else None,
            is_provisional=case.timer.is_paused or case.timer.provisional,
            said=said.get(case.pk),
            urged=last,
            may_urge=leads and case.is_running and (last is None or last.urged_on < today),
        )

    return StagePage(
        run=run,
        name=_name(run),
        light=deadlines.light_words(run.timer, today) if run.timer else None,
        bar=drawings.clock_bar(run.timer, today, subject=f"{run.project.name} {_name(run)}") if run.timer else None,
        time=times.stage_time(run, as_of=today).told,
        desks=tuple(desk(lane) for lane in in_order(by_lane)),
        reads_opinions=bool(said),
        later=tuple(reopened.later_results(run)) if run.is_reopened else (),
    )


def _last_words(cases: Sequence[Case], actor: Actor) -> dict[int, Opinion]:
    """Return the newest opinion of each case whose opinions the actor may read; one statement."""
    readable = [case.pk for case in cases if policies.can_read_opinions(actor, case)]
    return {opinion.case_id: opinion for opinion in Opinion.objects.filter(case__in=readable).order_by("pk")}


def _name(run: StageRun) -> str:
    return catalogues.catalogue(run.project.pack_version_id).stages[run.stage].name
