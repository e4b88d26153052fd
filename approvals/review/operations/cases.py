"""Opening a case, its next task, and ending it."""

from datetime import datetime

from approvals.applications.models import Application, ApplicationItem, SlotFile
from approvals.deadlines import operations as deadlines
from approvals.deadlines.events import Event
from approvals.deadlines.states import EventType
from approvals.review import queries, routing
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.operations import endings, revisions
from approvals.review.states import TASK_OPEN, CaseState, TaskState
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.transitions import move
from projects.archive import operations as archive
from projects.archive.models import Document
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import Catalogue, ItemDef
from projects.registry import operations as registry


def open_case(entry: ApplicationItem, *, run: StageRun | None, actor: Actor, at: datetime, at_acceptance: bool) -> Case:
    """Begin the review of one item: case, clock, first task, and what its department may read.

    At acceptance the clock copies the application's events; later, received = accepted = the opening day.
    """
    application = entry.application
    project = application.project
    catalogue = catalogues.catalogue(application.pack_version_id)
    item = catalogue.items[entry.service_item.code]
    flow = catalogue.flows[project.flow]
    timer = deadlines.open_timer(
        statutory_days=item.effective_statutory_days,
        promised_days=flow.promised_days(item),
        unit=item.unit,
        region=project.region,
        pack_version_id=application.pack_version_id,
        copy_of=application.timer_id if at_acceptance else None,
        events=() if at_acceptance else (Event(EventType.RECEIVED, at), Event(EventType.ACCEPTED, at)),
        actor=actor,
        at=at,
    )
    case = Case.objects.create(
        number=f"{application.number}-{item.id}",
        application_item=entry,
        application=application,
        project=project,
        stage_run=run,
        service_item=entry.service_item,
        department_id=item.department,
        timer=timer,
        opened_at=at,
    )
    audit.record(
        stream=project.audit_stream,
        action="review.case.opened",
        actor=actor,
        at=at,
        subject=case,
        data={"item": item.id, "department": item.department},
    )
    outbox.emit("review.case.opened", at=at, id=case.pk)
    open_task(case, step=routing.steps_of(instant=item.is_instant)[0], item=item, actor=actor, at=at)
    _let_read(case, catalogue=catalogue, item=item, at=at)
    return case


def open_task(case: Case, *, step: str, item: ItemDef, actor: Actor, at: datetime, at_once: bool = False) -> ReviewTask:
    """Put the next step into the department's inbox.

    :param at_once: the step decides although others would follow: the applicant has committed himself (告知承诺)
    """
    task = ReviewTask.objects.create(
        case=case,
        department_id=case.department_id,
        step=step,
        is_deciding=at_once or routing.is_deciding(step, instant=item.is_instant),
        opened_at=at,
    )
    audit.record(
        stream=case.audit_stream,
        action="review.task.opened",
        actor=actor,
        at=at,
        subject=task,
        data={"case": case.pk, "step": step},
    )
    outbox.emit("review.task.opened", at=at, id=task.pk)
    return task


def close_cases(application: Application, *, reason: str, actor: Actor, at: datetime) -> None:
    """End all running cases of an application that was taken back, with their tasks, holds and clocks."""
    cases = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project")
        .filter(application=application)
        .running()
        .order_by("pk")
    )
    for case in cases:
        tasks = (
            ReviewTask.objects.select_for_update(of=("self",), no_key=True)
            .filter(case=case, state__in=TASK_OPEN)
            .order_by("pk")
        )
        for task in tasks:
            task.case, task.done_at = case, at
            move(task, to=TaskState.CANCELLED, actor=actor, at=at, topic="review.task.cancelled", fields=["done_at"])
        case.holds.filter(released_at=None).update(released_at=at, released_by=actor.name)
        endings.end_open(case, actor=actor, at=at)
        deadlines.record(timer_id=case.timer_id, type="withdrawn", actor=actor, at=at)
        case.closed_at = at
        move(
            case,
            to=CaseState.CLOSED,
            actor=actor,
            at=at,
            topic="review.case.closed",
            data={"reason": reason, "version": case.version + 1},
            fields=["closed_at", *revisions.touched(case, actor=actor, at=at)],
        )


def _let_read(case: Case, *, catalogue: Catalogue, item: ItemDef, at: datetime) -> None:
    """Open the project, the materials of this item and the earlier results it draws on to its department."""
    reason = f"{case.number} {item.name}"
    registry.grant_access(project_id=case.project_id, department_id=case.department_id, reason=reason, at=at)
    unit = case.application.unit.code if case.application.unit else ""
    earlier = queries.draws_on(catalogue, item)
    numbers = [result.number for result in queries.lineage_results(case.project, items=earlier, unit=unit)]
    documents = set(
        SlotFile.objects.filter(
            slot__application=case.application, slot__items__contains=[item.id], removed_at=None
        ).values_list("document_id", flat=True)
    )
    if numbers:
        documents |= set(
            Document.objects.filter(
                project=case.project, produced_by__in=earlier, number__in=numbers, withdrawn_at=None
            ).values_list("pk", flat=True)
        )
    for document_id in sorted(documents):
        archive.grant(document_id=document_id, department_id=case.department_id, reason=reason, at=at)
