"""Let departments see a project, and let people of other bodies act for it."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth import get_user_model
from guardian.shortcuts import assign_perm, remove_perm

from portal.core import audit, outbox, rows
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.unit import operation
from projects.registry import policies, queries
from projects.registry.models import Project, ProjectAccess
from projects.registry.operations.locks import lock, lock_open

_PERMISSION = f"registry.{queries.MANDATE}"


def grant_access(*, project_id: int, department_id: str, reason: str, at: datetime) -> None:
    """Let a department see a project because it has something to do with it; harmless when it already may.

    Called by review inside its own operation, which has asked its policy.
    """
    project = Project.objects.get(pk=project_id)
    grant_accesses(project=project, reasons={department_id: reason}, at=at)


def grant_accesses(*, project: Project, reasons: Mapping[str, str], at: datetime) -> None:
    """Let departments see a project, each for its reason; those that already may are left alone. One statement."""
    with operation():
        accesses = [
            ProjectAccess(project=project, department_id=department_id, reason=reason[:200], granted_at=at)
            for department_id, reason in sorted(reasons.items())
        ]
        for access in rows.insert_new(accesses, unique=("project", "department")):
            audit.record(
                stream=project.audit_stream,
                action="registry.access.granted",
                actor=Actor.system("registry"),
                at=at,
                subject=access,
                data={"department": access.department_id, "reason": reasons[access.department_id]},
            )
            outbox.emit("registry.access.granted", at=at, id=project.pk, department=access.department_id)


def give_mandate(*, project_id: int, user_id: int, actor: Actor, at: datetime) -> bool:
    """Let a person of another body fill in and follow up a project; return False when he already may.

    :raises NotAllowed: the actor is not of the owner's
    :raises InvalidInput: no such person, one of the owner's own, or one whose roles do not let him act for others
    :raises ProjectIsOver: the project was closed or withdrawn
    """
    with operation():
        project = lock_open(project_id)
        policies.require(policies.can_give_mandate(actor, project))
        person = get_user_model().objects.filter(pk=user_id, is_active=True).first()
        problem = policies.mandate_problem(actor, project, person)
        if person is None or problem:
            raise InvalidInput(fields={"user": problem})
        if queries.mandates(project).filter(pk=user_id).exists():
            return False
        assign_perm(_PERMISSION, person, project)
        _tell("registry.mandate.given", project, user_id, person.name, actor, at)
        return True


def withdraw_mandate(*, project_id: int, user_id: int, actor: Actor, at: datetime) -> None:
    """End a person's mandate at once; harmless when he has none.

    :raises NotAllowed: the actor is not of the owner's
    """
    with operation():
        project = lock(project_id)
        policies.require(policies.can_give_mandate(actor, project))
        person = queries.mandates(project).filter(pk=user_id).first()
        if person is None:
            return
        remove_perm(_PERMISSION, person, project)
        _tell("registry.mandate.withdrawn", project, user_id, person.name, actor, at)


def _tell(topic: str, project: Project, user_id: int, name: str, actor: Actor, at: datetime) -> None:
    audit.record(
        stream=project.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=project,
        data={"user": user_id, "name": name},
    )
    outbox.emit(topic, at=at, id=project.pk, user=user_id)
