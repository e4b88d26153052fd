"""Give a patch to a department, answer for it, hand it back, close it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from blueprint.checks.models import Patch
from blueprint.citywide import policies
from blueprint.citywide.models import Settling, SettlingStep
from blueprint.citywide.states import SettlingState
from portal.accounts.models import Department
from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import move, require_move
from portal.core.unit import operation


def assign(*, patch_id: int, department_id: str, text: str, actor: Actor, at: datetime) -> Settling:
    """Give a patch to a department; the same again changes nothing, another department takes it over.

    :raises NotFound: there is no such patch of a whole-city run
    :raises NotAllowed: the run is another department's
    :raises InvalidInput: no such department
    """
    with operation():
        patch = Patch.objects.select_for_update(of=("self",), no_key=True).filter(pk=patch_id).first()
        if patch is None or not policies.can_view(actor, patch.run):
            raise NotFound
        policies.require(policies.can_assign(actor, patch.run))
        if not Department.objects.filter(pk=department_id).exists():
            raise InvalidInput(fields={"department": _("请选择处置部门。")})
        settling = Settling.objects.filter(patch=patch).first()
        if settling is None:
            settling = Settling.objects.create(patch=patch, department_id=department_id, assigned_at=at)
        elif settling.department_id == department_id or settling.is_resolved:
            return settling
        else:
            settling.department_id, settling.state, settling.assigned_at = department_id, SettlingState.OPEN, at
            settling.save(update_fields=["department", "state", "assigned_at"])
        _step(settling, text, actor, at)
        audit.record(
            stream=settling.audit_stream,
            action="citywide.patch.assigned",
            actor=actor,
            at=at,
            subject=settling,
            data={"patch": patch.code, "run": patch.run_id, "department": department_id},
        )
        outbox.emit("citywide.patch.assigned", at=at, id=settling.pk)
        return settling


def answer(*, settling_id: int, text: str, actor: Actor, at: datetime) -> Settling:
    """Say what the department does about a patch.

    :raises InvalidInput: no words
    :raises NotAllowed: actor is not of the department
    :raises TransitionRefused: answered or resolved before
    """
    return _move(settling_id, SettlingState.ANSWERED, text, actor, at, topic="citywide.patch.answered")


def hand_back(*, settling_id: int, text: str, actor: Actor, at: datetime) -> Settling:
    """Ask the department for more.

    :raises InvalidInput: no words
    :raises NotAllowed: actor did not give it
    :raises TransitionRefused: nothing was answered
    """
    return _move(settling_id, SettlingState.OPEN, text, actor, at, topic="citywide.patch.handed_back")


def resolve(*, settling_id: int, text: str, actor: Actor, at: datetime) -> Settling:
    """Close a patch: the plans agree, or it was found that they need not.

    :raises InvalidInput: no words
    :raises NotAllowed: actor did not give it
    :raises TransitionRefused: resolved before
    """
    return _move(settling_id, SettlingState.RESOLVED, text, actor, at, topic="citywide.patch.resolved")


def _move(settling_id: int, to: SettlingState, text: str, actor: Actor, at: datetime, *, topic: str) -> Settling:
    with operation():
        settling = Settling.objects.select_for_update(of=("self",), no_key=True).filter(pk=settling_id).first()
        if settling is None or not policies.can_view(actor, settling.patch.run):
            raise NotFound
        may = policies.can_answer if to == SettlingState.ANSWERED else policies.can_resolve
        policies.require(may(actor, settling))
        require_move(settling, to=to)
        if not text.strip():
            raise InvalidInput(fields={"text": _("请写明情况。")})
        move(settling, to=to, actor=actor, at=at, topic=topic, data={"text": text.strip()})
        _step(settling, text, actor, at)
        return settling


def _step(settling: Settling, text: str, actor: Actor, at: datetime) -> None:
    SettlingStep.objects.create(
        settling=settling, state=settling.state, text=text.strip(), author_name=actor.name, at=at
    )
