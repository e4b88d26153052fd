"""Gathering everything that is to be mended into the one list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from approvals.applications import queries
from approvals.applications.models import Application, CorrectionPoint, FieldRemark, MaterialSlot
from approvals.applications.states import VERDICTS_BAD, Verdict
from portal.core.actor import Actor
from portal.core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to mend, named by slot id, material or field id."""

    ref: int | str
    problem: str = ""
    remedy: str = ""


def gather(
    application: Application,
    *,
    missing: Sequence[int | str],
    points: Sequence[Point],
    reason: str,
    actor: Actor,
    at: datetime,
) -> list[CorrectionPoint]:
    """Build the complete list, unsaved: what the check found, with what is named now; one point per slot or field.

    :raises InvalidInput: the list is empty, or names something the application does not have
    """
    slots = {slot.pk: slot for slot in application.slots.all()}
    form = queries.form_of(application)
    named = [*points, *(Point(ref) for ref in missing)]
    remedies: dict[str, str] = {}
    strange = []
    for point in named:
        slot = _slot(slots, point.ref)
        if slot is not None:
            _mark_slot(slot, point.problem or slot.remark or reason, actor=actor, at=at)
            remedies[f"slot:{slot.pk}"] = point.remedy
        elif str(point.ref) in form.spec.fields and not form.is_delivered(str(point.ref)):
            _mark_field(application, str(point.ref), point.problem, reason=reason, actor=actor, at=at)
            remedies[str(point.ref)] = point.remedy
        else:
            strange.append(str(point.ref))
    if strange:
        raise InvalidInput(
            fields={"missing": _("这份申报里没有，或者不由申请人提供：%(names)s。") % {"names": _("、").join(strange)}}
        )
    found = queries.correction_points(application, form, remedies)
    if not found:
        raise InvalidInput(fields={"missing": _("没有要补正的内容。请先在核对表里标出缺什么、哪里不符。")})
    return found


def _slot(slots: dict[int, MaterialSlot], ref: int | str) -> MaterialSlot | None:
    if isinstance(ref, int) or (ref.isascii() and ref.isdigit() and len(ref) < 19):
        return slots.get(int(ref))
    return next((slot for slot in slots.values() if slot.material == ref), None)


def _mark_slot(slot: MaterialSlot, problem: str, *, actor: Actor, at: datetime) -> None:
    if slot.verdict not in VERDICTS_BAD:
        filled = slot.files.filter(removed_at=None).exists()
        slot.verdict = Verdict.WRONG if filled else Verdict.MISSING
    slot.remark, slot.checked_by_id, slot.checked_at = problem.strip(), actor.user_id, at
    slot.save(update_fields=["verdict", "remark", "checked_by", "checked_at"])


def _mark_field(application: Application, field: str, problem: str, *, reason: str, actor: Actor, at: datetime) -> None:
    if not problem.strip() and application.field_remarks.filter(field=field).exists():
        return
    FieldRemark.objects.update_or_create(
        application=application,
        field=field,
        defaults={
            "remark": problem.strip() or reason.strip() or _("没有填写，或填写有误"),
            "made_by_id": actor.user_id,
            "made_at": at,
        },
    )
