"""The clerk's check: material by material, and what is wrong in a field."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications import policies, queries
from approvals.applications.models import Application, FieldRemark, MaterialSlot
from approvals.applications.operations.locking import lock
from approvals.applications.states import ApplicationState, Verdict
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused
from portal.core.unit import operation

MAX_REMARK = 500


def check_slot(*, slot_id: int, verdict: str, remark: str, actor: Actor, at: datetime) -> MaterialSlot:
    """Note whether a material is complete, missing or wrong.

    :param remark: what is wrong with it; required for a wrong one, because the notice repeats it
    :raises TransitionRefused: the application is not waiting at the window
    """
    with operation():
        application_id = MaterialSlot.objects.filter(pk=slot_id).values_list("application_id", flat=True).first()
        if application_id is None:
            raise NotFound
        application = _lock_at_window(application_id, actor)
        if verdict not in Verdict.values:
            raise InvalidInput(fields={"verdict": _("请选“齐”“缺”或“不符”。")})
        remark = _clean_remark(remark)
        if verdict == Verdict.WRONG and not remark:
            raise InvalidInput(fields={"remark": _("请写明哪里不符、应当怎样，告知书会照写。")})
        slot = application.slots.get(pk=slot_id)
        slot.verdict = verdict
        slot.remark = remark if verdict in (Verdict.MISSING, Verdict.WRONG) else ""
        slot.checked_by_id = actor.user_id
        slot.checked_at = at
        slot.save(update_fields=["verdict", "remark", "checked_by", "checked_at"])
        _record(application, actor, at, {"material": slot.material, "verdict": verdict, "remark": slot.remark})
        return slot


def check_all(*, application_id: int, actor: Actor, at: datetime) -> int:
    """Mark everything not yet looked at as complete, and say how many that were."""
    with operation():
        application = _lock_at_window(application_id, actor)
        count = application.slots.filter(verdict=Verdict.UNCHECKED).update(
            verdict=Verdict.COMPLETE, checked_by_id=actor.user_id, checked_at=at
        )
        if count:
            _record(application, actor, at, {"all": count, "verdict": Verdict.COMPLETE})
        return count


def check_field(*, application_id: int, field: str, remark: str, actor: Actor, at: datetime) -> Application:
    """Note what is wrong in a field of the form; an empty remark takes it back.

    :raises InvalidInput: the form does not ask this field
    """
    with operation():
        application = _lock_at_window(application_id, actor)
        form = queries.form_of(application)
        if field not in form.spec.fields:
            raise InvalidInput(fields={"field": _("这张表不问这一项。")})
        if form.is_delivered(field):
            raise InvalidInput(fields={"field": _("这一栏不是申请人填的，他改不了。请到来源处更正。")})
        remark = _clean_remark(remark)
        if remark:
            FieldRemark.objects.update_or_create(
                application=application,
                field=field,
                defaults={"remark": remark, "made_by_id": actor.user_id, "made_at": at},
            )
        else:
            application.field_remarks.filter(field=field).delete()
        _record(application, actor, at, {"field": field, "remark": remark})
        return application


def _lock_at_window(application_id: int, actor: Actor) -> Application:
    application = lock(application_id)
    policies.require_window(actor, application, "application.check")
    if application.state != ApplicationState.SUBMITTED:
        raise TransitionRefused(fields={"state": application.state})
    return application


def _clean_remark(remark: str) -> str:
    remark = remark.strip()
    if len(remark) > MAX_REMARK:
        raise InvalidInput(fields={"remark": _("最多 500 个字。请精简。")})
    return remark


def _record(application: Application, actor: Actor, at: datetime, data: dict[str, object]) -> None:
    audit.record(
        stream=application.audit_stream,
        action="applications.material.checked",
        actor=actor,
        at=at,
        subject=application,
        data=data,
    )
