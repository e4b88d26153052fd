"""Give a project its code: on registration, when the platform answers, or by the window from the platform's notice."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.core.actor import Actor
from portal.core.errors import Conflict, DomainError, NotAllowed
from portal.core.transitions import move, require_from
from portal.core.unit import operation
from projects.catalogue import queries as catalogue_queries
from projects.registry import codes, fields, gateways, policies, queries
from projects.registry.models import CodeRequest, Project
from projects.registry.operations import facts, locks
from projects.registry.states import CodeRequestState, FactSource, ProjectState

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
#: a worker that died while it asked gives the request back after this
LEASE = timedelta(minutes=5)


class CodeTaken(Conflict):
    """Another project is registered under this code."""

    code = "code_taken"
    message = _("这个项目代码已经登记过。请先按代码查询；若是同一项目，请联系建设单位授权，不要重复登记。")


def application(project: Project, *, industry: str, at: datetime) -> gateways.CodeApplication:
    """Describe a project to an issuer."""
    return gateways.CodeApplication(
        request_id=f"proposal-{project.pk or 'new'}",
        name=project.name,
        region=project.region,
        owner_name=project.owner.name,
        owner_uscc=project.owner.uscc,
        industry=industry,
        pack_version=project.pack_version_id,
        at=at,
    )


def insert(project: Project) -> None:
    """Insert a project with its code; the database decides between two at once.

    :raises CodeTaken: the code is registered
    """
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError as error:
        project.pk = None
        if Project.objects.filter(code=project.code).exists():
            raise CodeTaken(fields={"code": CodeTaken.message}) from error
        raise


def assign_code(*, project_id: int, code: str, actor: Actor, at: datetime) -> Project:
    """Register a proposed project under the code the platform gave it.

    :raises NotAllowed: the actor neither is the system nor may enter codes
    :raises BadCode: the text is no project code
    :raises CodeTaken: another project has it
    :raises TransitionRefused: the project has its code already, or was withdrawn
    """
    with operation():
        project = locks.lock(project_id)
        policies.require(policies.can_assign_code(actor))
        codes.parse_project_code(code)
        if Project.objects.filter(code=code).exclude(pk=project.pk).exists():
            raise CodeTaken(fields={"code": CodeTaken.message})
        require_from(project, ProjectState.PROPOSED, to=ProjectState.REGISTERED)
        proposal = project.audit_stream
        project.code = code
        try:
            with transaction.atomic():
                _register(project, proposal, actor, at)
        except IntegrityError as error:
            raise CodeTaken(fields={"code": CodeTaken.message}) from error
        _answer(project, actor, at)
        return project


def request_code(*, project_id: int, issuer: gateways.CodeIssuer, actor: Actor, at: datetime) -> bool:
    """Ask the platform for the code of a proposed project and take what it answers.

    The request is claimed by compare-and-swap and asked outside of any transaction, so that a slow platform holds no
    lock; a failure keeps its error and is tried again, a refusal waits for the window.
    :returns: whether it was this call that asked
    """
    policies.require(policies.can_assign_code(actor))
    claimed = CodeRequest.objects.filter(
        project_id=project_id, state=CodeRequestState.WAITING, next_try_at__lte=at
    ).update(attempts=F("attempts") + 1, last_tried_at=at, next_try_at=at + LEASE)
    if not claimed:
        return False
    project = Project.objects.select_related("owner").get(pk=project_id)
    industry = str(queries.fact_values(project_id).get(fields.INDUSTRY, ""))
    try:
        code = issuer.issue(application(project, industry=industry, at=at))
        if code is not None:
            assign_code(project_id=project_id, code=code, actor=actor, at=at)
            return True
        error = ""
    except gateways.PlatformRefused as refusal:
        _refuse(project_id, str(refusal.message), actor, at)
        return True
    except NotAllowed:
        raise
    except DomainError as failure:  # unreachable, a code against the rules, a code that is taken
        error = str(failure.message)
    _postpone(project_id, error, at)
    return True


def _register(project: Project, proposal: str, actor: Actor, at: datetime) -> None:
    move(
        project,
        to=ProjectState.REGISTERED,
        actor=actor,
        at=at,
        topic="registry.project.registered",
        data={"proposal": proposal},
        fields=["code"],
    )
    catalogue = catalogue_queries.catalogue(project.pack_version_id)
    if fields.PROJECT_CODE in catalogue.fields:
        facts.write(
            project, {fields.PROJECT_CODE: project.code}, source=FactSource.REGISTRY, note="", actor=actor, at=at
        )


def _answer(project: Project, actor: Actor, at: datetime) -> None:
    request = CodeRequest.objects.select_for_update(no_key=True).filter(project=project).first()
    if request is None:
        return
    request.project = project
    request.answered_at = at
    request.last_error = ""
    move(
        request,
        to=CodeRequestState.ANSWERED,
        actor=actor,
        at=at,
        topic="registry.code.assigned",
        data={"code": project.code},
        fields=["answered_at", "last_error"],
    )


def _refuse(project_id: int, reason: str, actor: Actor, at: datetime) -> None:
    with operation():
        request = (
            CodeRequest.objects.select_for_update(of=("self",), no_key=True)
            .select_related("project")
            .get(project_id=project_id)
        )
        request.last_error = reason[:300]
        move(
            request,
            to=CodeRequestState.REFUSED,
            actor=actor,
            at=at,
            topic="registry.code.refused",
            data={"reason": request.last_error},
            fields=["last_error"],
        )


def _postpone(project_id: int, error: str, at: datetime) -> None:
    request = CodeRequest.objects.get(project_id=project_id)
    delay = min(FIRST_DELAY * 2 ** min(request.attempts - 1, 10), LONGEST_DELAY)
    CodeRequest.objects.filter(pk=request.pk, state=CodeRequestState.WAITING).update(
        last_error=error[:300], next_try_at=at + delay
    )
