"""What a correction notice asks is ticked off by mending it, not by hand."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from approvals.applications.models import Application, CorrectionPoint, MaterialSlot
from approvals.applications.states import VERDICTS_BAD, Verdict


def points(application: Application) -> QuerySet[CorrectionPoint]:
    """Return everything the one correction notice asks for."""
    return CorrectionPoint.objects.filter(notice__application=application)


def may_change(application: Application, slot: MaterialSlot) -> bool:
    """Tell whether a slot may be changed while correcting: the notice names it, or an answer has made it necessary."""
    if points(application).filter(slot=slot).exists():
        return True
    return slot.is_required and not slot.files.filter(removed_at=None).exists()


def was_found_bad(slot: MaterialSlot) -> bool:
    """Tell whether what lies in the slot is what the clerk has rejected."""
    return slot.verdict in VERDICTS_BAD


def tick_slot(application: Application, slot: MaterialSlot, at: datetime) -> None:
    """Note that a slot has a new content."""
    points(application).filter(slot=slot, mended_at=None).update(mended_at=at)
    slot.verdict, slot.remark, slot.checked_by, slot.checked_at = Verdict.UNCHECKED, "", None, None
    slot.save(update_fields=["verdict", "remark", "checked_by", "checked_at"])


def untick_slot(application: Application, slot: MaterialSlot) -> None:
    """Note that what mended a slot has been taken out again."""
    if not slot.files.filter(removed_at=None).exists():
        points(application).filter(slot=slot).update(mended_at=None)


def tick_fields(application: Application, fields: Collection[str], at: datetime) -> None:
    """Note that fields have new answers."""
    points(application).filter(field__in=fields, mended_at=None).update(mended_at=at)
    application.field_remarks.filter(field__in=fields).delete()
