"""End a project: its last stage is done, or its owner gives it up. Take it up again when a stage is opened again."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.transitions import move, require_from
from portal.core.unit import book, operation
from projects.catalogue import values
from projects.registry import policies
from projects.registry.models import Project
from projects.registry.operations.locks import lock
from projects.registry.states import ProjectState

MAX_REASON = 500


def close(*, project_id: int, actor: Actor, at: datetime) -> Project:
    """Close a project whose last stage is concluded; called by review, which knows that it is.

    :raises NotAllowed: the actor may not even see it
    :raises TransitionRefused: it is not running
    """
    with operation():
        project = lock(project_id)
        policies.require(policies.can_view(actor, project))
        project.closed_at = at
        return move(
            project,
            to=ProjectState.CLOSED,
            actor=actor,
            at=at,
            topic="registry.project.closed",
            fields=["closed_at"],
            changes=book().changes,
        )


def reopen(*, project_id: int, actor: Actor, at: datetime) -> Project:
    """Take up a closed project again; called by review, when one of its stages is opened again.

    :raises NotAllowed: the actor may not even see it
    :raises TransitionRefused: it is not closed
    """
    with operation():
        project = lock(project_id)
        policies.require(policies.can_view(actor, project))
        require_from(project, ProjectState.CLOSED, to=ProjectState.REGISTERED)
        project.closed_at = None
        return move(
            project,
            to=ProjectState.REGISTERED,
            actor=actor,
            at=at,
            topic="registry.project.reopened",
            fields=["closed_at"],
        )


def withdraw(*, project_id: int, reason: str, actor: Actor, at: datetime) -> Project:
    """Give up a project; review, which knows its applications, withdraws them first in the same operation.

    :raises NotAllowed: the actor is neither of the owner's nor the window
    :raises InvalidInput: no reason
    :raises TransitionRefused: it is over already
    """
    with operation():
        project = lock(project_id)
        policies.require(policies.can_withdraw(actor, project))
        try:
            reason = values.line(reason, MAX_REASON)
        except values.ValueFault as fault:
            raise InvalidInput(fields={"reason": fault.message}) from fault
        if not reason:
            raise InvalidInput(fields={"reason": _("请写明撤回的理由。")})
        return move(
            project,
            to=ProjectState.WITHDRAWN,
            actor=actor,
            at=at,
            topic="registry.project.withdrawn",
            data={"reason": reason},
        )
