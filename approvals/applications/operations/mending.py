"""What a correction notice asks is ticked off by mending it, not by hand."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.applications import queries
from approvals.applications.models import Application, CorrectionPoint, MaterialSlot
from approvals.applications.states import VERDICTS_BAD, Verdict
from portal.core.errors import Conflict


class NotToMend(Conflict):
    """While correcting, only what the notice has opened may be changed."""

    code = "not_to_mend"
    message = gettext_lazy("有的内容不在补正范围内，没有改动。请只补告知书上列出的内容。")


def points(application: Application) -> QuerySet[CorrectionPoint]:
    """Return everything the one correction notice asks for."""
    return CorrectionPoint.objects.filter(notice__application=application)


def require_open_slot(application: Application, slot: MaterialSlot) -> None:
    """Refuse to touch a material that the notice has not opened.

    :raises NotToMend: the application is being corrected, and this slot is not part of it
    """
    scope = queries.scope_of(application)
    if scope is not None and not scope.opens_slot(slot, slot.files.filter(removed_at=None)):
        raise NotToMend(_("这份材料不在补正范围内，不用改。请只补告知书上列出的内容。"))


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
