"""What an official paper says: gathered when it is issued, and for the preview before that."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from approvals.applications.models import Application, CorrectionPoint, MaterialSlot, SlotFile
from approvals.applications.queries.forms import FormState, catalogue_of, item_ids
from approvals.applications.states import VERDICTS_BAD, Verdict
from portal.core import files
from portal.core.prepared import Prepared
from projects.catalogue.definitions import Catalogue, DepartmentDef

#: kind of the departments of the pack that stand at the counter
WINDOW_KIND = "window"


def handed_in(application: Application) -> list[dict[str, Any]]:
    """List the materials as a receipt names them: what lies in each slot, by title, file and size."""
    return [
        {
            "name": file.slot.name,
            "file": file.document.file_name,
            "size": files.human_size(file.document.blob.size_bytes),
            "reused": file.is_reused,
        }
        for file in _HANDED_IN(application.pk)
        if file.slot.items
    ]


_HANDED_IN = Prepared(
    lambda application: (
        SlotFile.objects.filter(slot__application_id=application, removed_at=None)
        .select_related("slot", "document__blob")
        .order_by("slot__sort", "slot_id", "attached_at", "pk")
    )
)


def item_names(application: Application, items: Sequence[str]) -> list[str]:
    """Name the items for which a material or field is used."""
    catalogue = catalogue_of(application)
    return [catalogue.items[item].name for item in items if item in catalogue.items]


def point_rows(application: Application, points: Sequence[CorrectionPoint]) -> list[dict[str, Any]]:
    """Write the points of a correction as the paper lists them."""
    own = item_ids(application)
    return [
        {
            "label": point.label,
            "problem": point.problem,
            "remedy": point.remedy,
            "items": item_names(application, point.items),
            "all_items": len(own) > 1 and set(point.items) >= set(own),
        }
        for point in points
    ]


def slot_count(application: Application) -> int:
    """Count the materials the application needs."""
    return MaterialSlot.objects.filter(application=application).exclude(items=[]).count()


def paper_content(application: Application, window: DepartmentDef) -> dict[str, Any]:
    """Give what every paper of an application says about it, as it is known now."""
    catalogue = catalogue_of(application)
    project = application.project
    stage = catalogue.stages[application.stage]
    received_on: date | None = application.timer.received_on if application.timer else None
    return {
        "organ": window.name,
        "city": catalogue.city.partition("（")[0].strip(),
        "addressee": project.owner.name,
        "project": project.name,
        "project_code": project.code or "",
        "unit_code": application.unit.code if application.unit else "",
        "stage": stage.name,
        "items": item_names(application, item_ids(application)),
        "application": application.number or "",
        "received_on": received_on.isoformat() if received_on else "",
        "submitted_at": application.submitted_at.isoformat() if application.submitted_at else "",
    }


def window_of(catalogue: Catalogue, departments: Collection[str]) -> DepartmentDef:
    """Name the window that speaks: the clerk's own, else the city's first."""
    windows = [department for department in catalogue.departments.values() if department.kind == WINDOW_KIND]
    return next((window for window in windows if window.id in departments), windows[0])


def correction_points(application: Application, form: FormState, remedies: Mapping[str, str]) -> list[CorrectionPoint]:
    """Build the one complete list, unsaved: what the check found in materials and fields.

    :param remedies: words of the clerk how to mend, by field id or `slot:<id>`
    """
    own = list(item_ids(application))
    found = []
    for slot in application.slots.filter(verdict__in=VERDICTS_BAD).order_by("sort", "pk"):
        usual = _("补交这份材料") if slot.verdict == Verdict.MISSING else _("改正后重新上传")
        found.append(
            CorrectionPoint(
                slot=slot,
                label=slot.name,
                problem=slot.remark or _("没有提供"),
                remedy=remedies.get(f"slot:{slot.pk}") or usual,
                items=slot.items or own,
            )
        )
    remarks = {remark.field: remark.remark for remark in application.field_remarks.all()}
    for field_id, field in form.spec.fields.items():
        if field_id in remarks:
            found.append(
                CorrectionPoint(
                    field=field_id,
                    label=field.label,
                    problem=remarks[field_id],
                    remedy=remedies.get(field_id) or _("在申请表里改正这一栏"),
                    items=list(field.needed_by) or own,
                )
            )
    return found
