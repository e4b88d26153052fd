"""Where parallel work meets: under the locks of a project's stage runs everything is counted once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from approvals.applications import operations as applications
from approvals.applications.models import Application, ApplicationItem
from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import Timer
from approvals.review import queries, routing
from approvals.review.lines import WHOLE, Lines
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.operations import cases
from approvals.review.states import StageState
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.prepared import Prepared
from portal.core.rows import Changes
from portal.core.transitions import move
from projects.catalogue import queries as catalogues
from projects.planning import checklist
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.states import ProjectState

TOPICS = {
    StageState.WAITING: "review.stage.set_back",
    StageState.OPEN: "review.stage.opened",
    StageState.IN_REVIEW: "review.stage.review_started",
    StageState.CONCLUDED: "review.stage.concluded",
    StageState.NOT_NEEDED: "review.stage.not_needed",
    StageState.DIVIDED: "review.stage.divided",
    StageState.CLOSED: "review.stage.closed",
}


def _runs(project: Any) -> QuerySet[StageRun]:
    return (
        StageRun.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .filter(project_id=project)
        .order_by("pk")
    )


_RUNS = Prepared(lambda pk: _runs(pk).select_related("project", "unit"))
_RUNS_OF_APPLICATION = Prepared(lambda pk: _runs(Application.objects.filter(pk=pk).values("project_id")[:1]))
_RUNS_OF_DECIDING_TASK = Prepared(
    lambda pk: _runs(ReviewTask.objects.filter(pk=pk, is_deciding=True).values("case__project_id")[:1])
)


def lock_runs(project_id: int) -> list[StageRun]:
    """Lock all stage runs of a project in pk order, the first lock of every act that joins; return those that go on."""
    return _lock(_RUNS, project_id)


def lock_runs_of_application(application_id: int) -> list[StageRun]:
    """Do the same for the project of an application.

    The project is read with the application, `settle` lets the runs know it.
    """
    return _lock(_RUNS_OF_APPLICATION, application_id)


def lock_runs_of_deciding(task_id: int) -> list[StageRun]:
    """Do the same for the project of a task that decides its case; nothing comes back for another task.

    The project is read with the task, `settle` lets the runs know it.
    """
    return _lock(_RUNS_OF_DECIDING_TASK, task_id)


def _lock(runs_of: Prepared[StageRun], key: int) -> list[StageRun]:
    runs = runs_of(key)
    if any(run.state == StageState.DIVIDED for run in runs):
        # Whoever waited for a division did not yet see the runs it laid out. The old ones are held now, so no
        # other division can come between.
        runs = runs_of(key)
    return [run for run in runs if run.state != StageState.DIVIDED]


def settle(
    *,
    project: Project,
    runs: list[StageRun],
    actor: Actor,
    at: datetime,
    accepted: int | None = None,
    ended: int | None = None,
) -> routing.Moves:
    """Carry out what the rows of a project ask for: open cases, move stages, end applications, close the project.

    Call it at the end of an act, with the runs locked.
    :param accepted: the application that has just been accepted; its cases take over its clock
    :param ended: the application item whose decision has just ended, which may open its stage again
    """
    if project.state == ProjectState.WITHDRAWN:
        # news of before its end may still arrive
        return routing.Moves()
    for run in runs:
        run.project = project
    moves = routing.settle(replace(queries.picture(project, runs), ended=ended))
    if moves.open_entries:
        _open_cases(moves.open_entries, runs=runs, actor=actor, at=at, accepted=accepted)
    by_id = {run.pk: run for run in runs}
    for run_id, state in moves.runs:
        move_run(by_id[run_id], state, actor=actor, at=at)
    if project.state == ProjectState.CLOSED and any(run.is_reopened for run in runs):
        project.state = registry.reopen(project_id=project.pk, actor=actor, at=at).state
    for application_id in moves.complete:
        applications.mark_completed(application_id=application_id, actor=actor, at=at)
    if moves.close_project and project.is_running:
        registry.close(project_id=project.pk, actor=actor, at=at)
    return moves


def stands_alone(case: Case) -> bool:
    """Tell whether the end of a case can move nothing else while others of its application are under review.

    It neither is a milestone nor what another item waits for, and its stage is sure to have a milestone: a stage
    without one is concluded by all its items that apply, and of those it may be the last although an item that applies
    no longer is still under review. The project is read and settled when those others end. As `settle` does, it goes by
    the project's own version of the pack.
    """
    project = case.project
    stage = case.application.stage if case.stage_run_id is not None else ""
    return _moves_nothing_else(project.pack_version_id, project.flow, stage, case.service_item.code)


@lru_cache(maxsize=4096)
def _moves_nothing_else(version_id: int, flow: str, stage_id: str, code: str) -> bool:
    catalogue = catalogues.catalogue(version_id)
    item = catalogue.items.get(code)
    if item is None or item.milestone or any(code in other.prereq for other in catalogue.items.values()):
        return False
    if not stage_id:
        return True
    stage = catalogue.flows[flow].stages.get(stage_id)
    return stage is not None and any(
        catalogue.items[other].milestone and checklist.always_applies(catalogue, flow, other) for other in stage.items
    )


def run_for(runs: list[StageRun], *, stage: str, unit: str) -> StageRun | None:
    """Return the run of a stage in a unit's line, the unit's own first."""
    lines = Lines()
    found = [run for run in runs if run.stage == stage and lines.related(run.unit.code if run.unit else WHOLE, unit)]
    return max(found, key=lambda run: len(run.unit.code) if run.unit else 0, default=None)


def _open_cases(
    entries: tuple[int, ...], *, runs: list[StageRun], actor: Actor, at: datetime, accepted: int | None
) -> None:
    opening = []
    for row in _WITHOUT_CASE(runs[0].project_id):
        if row.pk not in entries:
            continue
        application = row.application
        application.project = runs[0].project
        unit = application.unit.code if application.unit else ""
        opening.append((row, None if application.is_parallel else run_for(runs, stage=application.stage, unit=unit)))
    cases.open_cases(opening, actor=actor, at=at, accepted=accepted)


_WITHOUT_CASE = Prepared(
    lambda project: (
        ApplicationItem.objects.filter(application__project_id=project, case=None)
        .select_related("application__unit", "application__timer", "service_item")
        .order_by("pk")
    )
)


def move_run(
    run: StageRun, state: StageState, *, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
) -> None:
    """Move a locked run, with its times and its clock: that one ends when nobody works at the stage any more."""
    fields: list[str] = []
    changes = Changes()
    topic = TOPICS[state]
    if run.state == StageState.CONCLUDED:
        topic = "review.stage.reopened"
        fields += _open_again(run, state, actor=actor, at=at)
    if run.state == StageState.OPEN and state == StageState.IN_REVIEW and (ended := _ended_timer(run)):
        # a case was taken up again in a stage nobody worked at any more
        run.timer = deadlines.open_again(timer_id=ended.pk, actor=actor, at=at)
        fields.append("timer")
    if run.state == StageState.IN_REVIEW and state in (StageState.OPEN, StageState.CLOSED) and run.timer_id is not None:
        deadlines.record(timer_id=run.timer_id, type="withdrawn", actor=actor, at=at, changes=changes)
    if state == StageState.OPEN and run.opened_at is None:
        run.opened_at = at
        fields.append("opened_at")
    if state == StageState.IN_REVIEW and run.review_started_at is None:
        run.review_started_at = at
        fields.append("review_started_at")
    if state == StageState.CONCLUDED:
        run.concluded_at = at
        fields.append("concluded_at")
        if run.timer_id is not None:
            deadlines.record(timer_id=run.timer_id, type="decided", actor=actor, at=at, changes=changes)
    told = {"stage": run.stage, **(data or {})}
    move(run, to=state, actor=actor, at=at, topic=topic, data=told, fields=fields, changes=changes)
    changes.write()


def _ended_timer(run: StageRun) -> Timer | None:
    """Return the clock of a stage if it has stopped."""
    return run.timer if run.timer is not None and run.timer.ended_on is not None else None


def _open_again(run: StageRun, state: StageState, *, actor: Actor, at: datetime) -> list[str]:
    """Take the end of a stage back; where work goes on at once it has a clock of its own, as a new round of a case has.

    What the stage took until now counts again when it ends: C7 is made of the clocks of its cases.
    """
    run.concluded_at, run.reopened_at = None, at
    fields = ["concluded_at", "reopened_at"]
    if run.timer is not None:
        deadlines.keep_stage_days(timer_id=run.timer.pk, days=None)
        if state == StageState.IN_REVIEW:
            run.timer = deadlines.open_again(timer_id=run.timer.pk, actor=actor, at=at)
            fields.append("timer")
    return fields


def announce(topic: str, *, project: Project, subject: StageRun, actor: Actor, at: datetime) -> None:
    """Record and emit something about a stage that changes no state."""
    audit.record(stream=project.audit_stream, action=topic, actor=actor, at=at, subject=subject)
    outbox.emit(topic, at=at, id=subject.pk)
