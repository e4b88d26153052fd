"""Opening a case, its next task, and ending it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from approvals.applications.models import Application, ApplicationItem, SlotFile
from approvals.deadlines import operations as deadlines
from approvals.deadlines import queries as deadline_queries
from approvals.deadlines.events import Event
from approvals.deadlines.states import EventType
from approvals.review import queries, routing
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.operations import clocks, endings, revisions
from approvals.review.states import TASK_OPEN, CaseState, TaskState
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.prepared import Prepared
from portal.core.rows import insert
from portal.core.transitions import move
from projects.archive import operations as archive
from projects.archive.models import Document
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import Catalogue, FlowDef, ItemDef
from projects.registry import operations as registry

Opening = tuple[ApplicationItem, StageRun | None]


def open_cases(opening: Sequence[Opening], *, actor: Actor, at: datetime, accepted: int | None) -> list[Case]:
    """Begin the review of items: case, clock, first task, and what its department may read; statements by the set.

    :param accepted: the application that has just been accepted: its cases copy the events of its clock; for the others
        received = accepted = the opening day
    """
    late = (Event(EventType.RECEIVED, at), Event(EventType.ACCEPTED, at))
    at_once = [each for each in opening if each[0].application_id == accepted]
    later = [each for each in opening if each[0].application_id != accepted]
    cases: list[Case] = []
    if at_once:
        copied = at_once[0][0].application.timer_id
        events = deadline_queries.events_of(copied) if copied is not None else []
        cases += _begin(at_once, events=events, actor=actor, at=at)
    if later:
        cases += _begin(later, events=late, actor=actor, at=at)
    _let_read(cases, at=at)
    return cases


def _begin(opening: Sequence[Opening], *, events: Iterable[Event], actor: Actor, at: datetime) -> list[Case]:
    items = [_item(entry) for entry, _run in opening]
    timers = deadlines.open_timers(
        [
            deadlines.Limits(
                item.effective_statutory_days,
                _flow(entry).promised_days(item),
                item.unit,
                region=entry.application.project.region,
                pack_version_id=entry.application.pack_version_id,
            )
            for item, (entry, _run) in zip(items, opening, strict=True)
        ],
        events=events,
        actor=actor,
        at=at,
    )
    cases = [
        Case(
            number=f"{entry.application.number}-{item.id}",
            application_item=entry,
            application=entry.application,
            project=entry.application.project,
            stage_run=run,
            service_item=entry.service_item,
            department_id=item.department,
            timer=timer,
            opened_at=at,
        )
        for (entry, run), item, timer in zip(opening, items, timers, strict=True)
    ]
    insert(*cases)
    for case, item in zip(cases, items, strict=True):
        audit.record(
            stream=case.audit_stream,
            action="review.case.opened",
            actor=actor,
            at=at,
            subject=case,
            data={"item": item.id, "department": item.department},
        )
        outbox.emit("review.case.opened", at=at, id=case.pk)
    first = [
        (case, routing.steps_of(instant=item.is_instant)[0], item) for case, item in zip(cases, items, strict=True)
    ]
    open_tasks(first, actor=actor, at=at)
    return cases


def open_task(
    case: Case,
    *,
    step: str,
    item: ItemDef,
    actor: Actor,
    at: datetime,
    at_once: bool = False,
    after: ReviewTask | None = None,
) -> ReviewTask:
    """Put the next step into the department's inbox.

    :param at_once: the step decides although others would follow: the applicant has committed himself (告知承诺)
    :param after: the locked step before it, whose days it takes over
    """
    return open_tasks([(case, step, item)], actor=actor, at=at, at_once=at_once, after=after)[0]


def open_tasks(
    steps: Sequence[tuple[Case, str, ItemDef]],
    *,
    actor: Actor,
    at: datetime,
    at_once: bool = False,
    after: ReviewTask | None = None,
) -> list[ReviewTask]:
    """Put steps into the inboxes of their departments."""
    tasks = [
        ReviewTask(
            case=case,
            department_id=case.department_id,
            step=step,
            is_deciding=at_once or routing.is_deciding(step, instant=item.is_instant),
            opened_at=at,
            **(clocks.days_on(after) if after is not None else clocks.days_of(case.timer)),
        )
        for case, step, item in steps
    ]
    insert(*tasks)
    for task in tasks:
        audit.record(
            stream=task.case.audit_stream,
            action="review.task.opened",
            actor=actor,
            at=at,
            subject=task,
            data={"case": task.case_id, "step": task.step},
        )
        outbox.emit("review.task.opened", at=at, id=task.pk)
    return tasks


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
        clocks.record(case, type="withdrawn", actor=actor, at=at)
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


def _item(entry: ApplicationItem) -> ItemDef:
    return catalogues.catalogue(entry.application.pack_version_id).items[entry.service_item.code]


def _flow(entry: ApplicationItem) -> FlowDef:
    return catalogues.catalogue(entry.application.pack_version_id).flows[entry.application.project.flow]


def _let_read(cases: Sequence[Case], *, at: datetime) -> None:
    """Open the project, the materials of the items and the earlier results they draw on to the departments."""
    if not cases:
        return
    project = cases[0].project
    registry.grant_accesses(
        project=project, reasons={case.department_id: _reason(case) for case in reversed(cases)}, at=at
    )
    given: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for application_id in {case.application_id for case in cases}:
        for items, document_id in _FILES(application_id):
            given[application_id].update((item, document_id) for item in items)
    earlier = {case.pk: queries.draws_on(*_definition(case)) for case in cases}
    wanted = frozenset().union(*earlier.values())
    results = queries.granted_results(project, items=wanted) if wanted else []
    papers: dict[str, list[int]] = defaultdict(list)
    if results:
        for number, pk in Document.objects.filter(
            project=project, number__in=[result.number for result in results], withdrawn_at=None
        ).values_list("number", "pk"):
            papers[number].append(pk)
    units = {case.pk: case.application.unit.code if case.application.unit else "" for case in cases}
    lineage = {unit: queries.along(results, project=project, unit=unit) for unit in set(units.values())}
    grants = []
    for case in cases:
        documents = {pk for item, pk in given[case.application_id] if item == case.service_item.code}
        for result in lineage[units[case.pk]]:
            if result.case.service_item.code in earlier[case.pk]:
                documents.update(papers[result.number])
        grants += [(pk, case.department_id, _reason(case)) for pk in sorted(documents)]
    archive.grant_all(grants, at=at)


_FILES = Prepared(
    lambda application: SlotFile.objects.filter(
        slot__application_id=application, slot__items__len__gt=0, removed_at=None
    ).values_list("slot__items", "document_id")
)


def _definition(case: Case) -> tuple[Catalogue, ItemDef]:
    catalogue = catalogues.catalogue(case.application.pack_version_id)
    return catalogue, catalogue.items[case.service_item.code]


def _reason(case: Case) -> str:
    return f"{case.number} {_definition(case)[1].name}"
