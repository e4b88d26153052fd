"""Asking other departments and offices: from a case, from a stage, or to answer a question oneself."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from approvals.joint import policies, queries
from approvals.joint.models import Consultation, Request
from approvals.joint.operations import clocks
from approvals.joint.operations.errors import Ended
from approvals.joint.states import HOLD_OWNER, Silence
from approvals.review import operations as review
from approvals.review.models import Case, Hold, StageRun
from approvals.review.states import HoldClock
from portal.accounts.models import Department
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound, Text
from portal.core.unit import operation
from projects.archive import operations as archive
from projects.archive import policies as papers
from projects.archive.models import Document
from projects.catalogue.definitions import JointDef
from projects.registry import operations as registry
from projects.registry.models import Project

MOST_DAYS = 60
#: letters of a question that stand in the reason of a hold
MOST_SHOWN = 12
#: a department and one of its offices, '' for the department itself
Addressee = tuple[str, str]


def ask_about_case(
    *,
    case_id: int,
    kind: str,
    addressees: Sequence[Addressee],
    question: str,
    actor: Actor,
    at: datetime,
    days: int | None = None,
    document_ids: Iterable[int] = (),
    is_blocking: bool = False,
) -> Consultation:
    """Ask others about a case; a blocking question keeps the case from being decided until it is closed.

    :param days: working days to answer; None for those of the kind
    :param document_ids: what is shown to the asked; each of them may read it from now on
    :raises NotAllowed: actor does not work on the case in its department
    :raises InvalidInput: no question, nobody asked, oneself asked, days out of range, papers not one's own
    """
    with operation():
        case = (
            Case.objects.select_for_update(of=("self",), no_key=True)
            .select_related("project", "application")
            .filter(pk=case_id)
            .first()
        )
        if case is None:
            raise NotFound
        policies.require(policies.can_ask_about_case(actor, case))
        consultation = Consultation(project=case.project, case=case, department_id=case.department_id)
        definition = _kind(kind, version=case.application.pack_version_id)
        consultation = _ask(
            consultation,
            definition,
            addressees=addressees,
            question=question,
            days=days,
            document_ids=document_ids,
            actor=actor,
            at=at,
        )
        if is_blocking:
            consultation.hold = _hold(case, definition, consultation, actor=actor, at=at)
            consultation.save(update_fields=["hold"])
        return consultation


def ask_about_stage(
    *,
    run_id: int,
    kind: str,
    addressees: Sequence[Addressee],
    question: str,
    actor: Actor,
    at: datetime,
    days: int | None = None,
    document_ids: Iterable[int] = (),
) -> Consultation:
    """Ask others about a whole stage.

    :raises NotAllowed: actor is not the lead of the stage
    :raises InvalidInput: as for a case
    """
    with operation():
        run = StageRun.objects.select_related("project").filter(pk=run_id).first()
        if run is None:
            raise NotFound
        policies.require(policies.can_ask_about_stage(actor, run))
        return _ask(
            Consultation(project=run.project, stage_run=run, department_id=run.lead_id or ""),
            _kind(kind, version=run.project.pack_version_id),
            addressees=addressees,
            question=question,
            days=days,
            document_ids=document_ids,
            actor=actor,
            at=at,
        )


def ask_further(
    *,
    request_id: int,
    addressees: Sequence[Addressee],
    question: str,
    actor: Actor,
    at: datetime,
    days: int | None = None,
    document_ids: Iterable[int] = (),
) -> Consultation:
    """Ask one's own offices or other departments in order to answer; due no later than one's own answer.

    :raises NotAllowed: actor is not of the asked department, or it has answered
    :raises Ended: the question above was closed
    :raises InvalidInput: as for a case, or due after one's own answer
    """
    with operation():
        request = lock_request(request_id)
        policies.require(policies.can_ask_further(actor, request))
        if not request.consultation.is_running:
            raise Ended
        above = request.consultation
        consultation = _ask(
            Consultation(project=above.project, parent=request, department_id=request.department_id),
            _kind(above.kind, version=above.project.pack_version_id),
            addressees=addressees,
            question=question,
            days=days,
            document_ids=document_ids,
            actor=actor,
            at=at,
        )
        own_due = request.timer.promised_due_on
        if own_due and consultation.requests.filter(timer__promised_due_on__gt=own_due).exists():
            raise InvalidInput(fields={"days": _("期限不能晚于本单位自己的回复期限。请减少天数。")})
        return consultation


def lock_request(request_id: int) -> Request:
    """Lock a request behind its consultation, the row that joins lock."""
    consultation_id = Request.objects.filter(pk=request_id).values_list("consultation_id", flat=True).first()
    if consultation_id is None:
        raise NotFound
    consultation = lock_consultation(consultation_id)
    request = (
        Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("department", "timer")
        .get(pk=request_id)
    )
    request.consultation = consultation
    return request


def lock_consultation(consultation_id: int) -> Consultation:
    """Lock a consultation."""
    consultation = (
        Consultation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project", "department", "hold")
        .filter(pk=consultation_id)
        .first()
    )
    if consultation is None:
        raise NotFound
    return consultation


def show(
    documents: Iterable[Document], *, to: Iterable[str], consultation: Consultation, actor: Actor, at: datetime
) -> None:
    """Let the asked read what is shown; only papers of the project that the asker reads himself.

    :raises InvalidInput: a paper is not of the project, or not the asker's to show
    """
    shown = list(documents)
    for document in shown:
        if document.project_id != consultation.project_id or not papers.can_read(actor, document):
            raise InvalidInput(fields={"documents": _("只能附本项目中您能查看的材料。请重新选择。")})
    consultation.documents.add(*shown)
    reason = _stored(_("征询意见：%(department)s"), department=consultation.department.name)
    for department in sorted(set(to)):
        for document in consultation.documents.all():
            archive.grant(document_id=document.pk, department_id=department, reason=reason, at=at)


def _kind(kind: str, *, version: int) -> JointDef:
    definition = queries.opinion_kinds(version).get(kind)
    if definition is None:
        raise InvalidInput(fields={"kind": _("请选择征询的种类。")})
    return definition


def _ask(
    consultation: Consultation,
    kind: JointDef,
    *,
    addressees: Sequence[Addressee],
    question: str,
    days: int | None,
    document_ids: Iterable[int],
    actor: Actor,
    at: datetime,
) -> Consultation:
    consultation.kind = kind.id
    consultation.silence = Silence(kind.silence)
    consultation.days = kind.opinion_days if days is None else days
    consultation.question = question.strip()
    consultation.asked_by_id = policies.person_id(actor)
    consultation.asked_by_name, consultation.asked_at = actor.name, at
    rows = _addressees(addressees, asker=consultation.department_id)
    faults = {}
    if not consultation.question:
        faults["question"] = _("请写明要征询什么，对方才好回复。")
    if not rows:
        faults["addressees"] = _("请至少选择一个要征询的部门或科室。")
    if not 1 <= consultation.days <= MOST_DAYS:
        faults["days"] = _("请写 1 到 60 个工作日。")
    if faults:
        raise InvalidInput(fields=faults)
    consultation.save()
    departments = sorted({department.pk for department, _unit in rows})
    for department, unit in rows:
        request = Request.objects.create(
            consultation=consultation,
            department=department,
            unit=unit,
            unit_name=unit_name(department, unit),
            timer=clocks.start(days=consultation.days, actor=actor, at=at),
        )
        tell(
            "joint.request.asked",
            request,
            actor=actor,
            at=at,
            consultation=consultation.pk,
            department=department.pk,
            unit=unit,
        )
    _let_see(consultation.project, departments, consultation=consultation, at=at)
    chosen = list(Document.objects.standing().filter(pk__in=list(document_ids)).select_related("project"))
    show(chosen, to=departments, consultation=consultation, actor=actor, at=at)
    return consultation


def _addressees(addressees: Sequence[Addressee], *, asker: str) -> list[tuple[Department, str]]:
    """Look the addressees up; a department does not ask itself, only its offices."""
    departments = Department.objects.filter(is_active=True).in_bulk([name for name, _unit in addressees])
    found: dict[Addressee, tuple[Department, str]] = {}
    for name, unit in addressees:
        department = departments.get(name)
        if department is None or (unit and not unit_name(department, unit)):
            raise InvalidInput(fields={"addressees": _("选的部门或科室不存在或已停用，请重新选择。")})
        if name == asker and not unit:
            raise InvalidInput(fields={"addressees": _("不用征询本部门。可以征询本部门的科室。")})
        found[name, unit] = (department, unit)
    return [found[key] for key in sorted(found)]


def unit_name(department: Department, unit: str) -> str:
    """Return the name of an office, empty when the department has none such."""
    return next((row["name"] for row in department.sub_units if row["id"] == unit), "")


def _let_see(project: Project, departments: Iterable[str], *, consultation: Consultation, at: datetime) -> None:
    reason = _stored(_("征询意见：%(department)s"), department=consultation.department.name)
    for department in departments:
        registry.grant_access(project_id=project.pk, department_id=department, reason=reason, at=at)


def _hold(case: Case, kind: JointDef, consultation: Consultation, *, actor: Actor, at: datetime) -> Hold:
    special = kind.special_procedure
    return review.place_hold(
        case_id=case.pk,
        reason=_stored(_("等待征询意见：%(question)s"), question=shortened(consultation.question)),
        clock=HoldClock.SPECIAL if special else HoldClock.NONE,
        kind=special or "",
        expected_days=consultation.days if special else None,
        # who may ask may let the case wait for the answer, whether or not a step of it is his
        actor=Actor.system(actor.name),
        owner=HOLD_OWNER,
        at=at,
    )


def shortened(question: str) -> str:
    """Return a question as it fits into a line beside a case."""
    return question if len(question) <= MOST_SHOWN else question[:MOST_SHOWN] + "…"


def _stored(words: Text, **values: str) -> str:
    """Fill in words that are kept: they are in the language of the city, whatever the asker's interface speaks."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(words) % values


def tell(topic: str, subject: Request | Consultation, *, actor: Actor, at: datetime, **data: object) -> None:
    """Record and emit something that changes no state."""
    audit.record(stream=subject.audit_stream, action=topic, actor=actor, at=at, subject=subject, data=data)
    outbox.emit(topic, at=at, id=subject.pk)
