"""Gathering everything that is to be mended into the one list."""

from collections.abc import Iterator, Sequence
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
            _mark_field(application, str(point.ref), point.problem or reason, actor=actor, at=at)
            remedies[str(point.ref)] = point.remedy
        else:
            strange.append(str(point.ref))
    if strange:
        raise InvalidInput(
            fields={"missing": _("这份申报里没有，或者不由申请人提供：%(names)s。") % {"names": _("、").join(strange)}}
        )
    found = [*_of_slots(application, slots, remedies), *_of_fields(application, form, remedies)]
    if not found:
        raise InvalidInput(fields={"missing": _("没有要补正的内容。请先在核对表里标出缺什么、哪里不符。")})
    return found


def _slot(slots: dict[int, MaterialSlot], ref: int | str) -> MaterialSlot | None:
    if isinstance(ref, int) or (ref.isascii() and ref.isdigit()):
        return slots.get(int(ref))
    return next((slot for slot in slots.values() if slot.material == ref), None)


def _mark_slot(slot: MaterialSlot, problem: str, *, actor: Actor, at: datetime) -> None:
    filled = slot.files.filter(removed_at=None).exists()
    slot.verdict = Verdict.WRONG if filled else Verdict.MISSING
    slot.remark, slot.checked_by_id, slot.checked_at = problem.strip(), actor.user_id, at
    slot.save(update_fields=["verdict", "remark", "checked_by", "checked_at"])


def _mark_field(application: Application, field: str, problem: str, *, actor: Actor, at: datetime) -> None:
    FieldRemark.objects.update_or_create(
        application=application,
        field=field,
        defaults={
            "remark": problem.strip() or _("没有填写，或填写有误"),
            "made_by_id": actor.user_id,
            "made_at": at,
        },
    )


def _of_slots(
    application: Application, slots: dict[int, MaterialSlot], remedies: dict[str, str]
) -> Iterator[CorrectionPoint]:
    for slot in sorted(slots.values(), key=lambda row: (row.sort, row.pk)):
        if slot.verdict not in VERDICTS_BAD:
            continue
        missing = slot.verdict == Verdict.MISSING
        yield CorrectionPoint(
            slot=slot,
            label=slot.name,
            problem=slot.remark or _("没有提供"),
            remedy=remedies.get(f"slot:{slot.pk}") or (_("补交这份材料") if missing else _("改正后重新上传")),
            items=slot.items or list(queries.item_ids(application)),
        )


def _of_fields(
    application: Application, form: queries.FormState, remedies: dict[str, str]
) -> Iterator[CorrectionPoint]:
    remarks = {remark.field: remark.remark for remark in application.field_remarks.all()}
    for field_id, field in form.spec.fields.items():
        if field_id in remarks:
            yield CorrectionPoint(
                field=field_id,
                label=field.label,
                problem=remarks[field_id],
                remedy=remedies.get(field_id) or _("在申请表里改正这一栏"),
                items=list(field.needed_by) or list(queries.item_ids(application)),
            )
