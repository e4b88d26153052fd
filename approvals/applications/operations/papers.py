"""Issuing an official paper of the window: number and content with the act, the PDF afterwards."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from approvals.applications import queries
from approvals.applications.models import Application, ApplicationNotice, CorrectionPoint, MaterialSlot
from approvals.applications.states import NOTICE_WORDS, NoticeKind
from portal.core import audit, clock, files, outbox, sequences
from portal.core.actor import Actor
from portal.core.unit import operation
from projects.catalogue.definitions import Catalogue, DepartmentDef

#: no letters or digits that are read for one another
VERIFY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
VERIFY_LENGTH = 12
WINDOW_KIND = "window"


def issue(
    application: Application,
    *,
    kind: NoticeKind,
    actor: Actor,
    at: datetime,
    reason: str = "",
    **content: Any,
) -> ApplicationNotice:
    """Write a paper of a locked application under the next number of its series."""
    catalogue = queries.catalogue_of(application)
    window = _window(catalogue, actor)
    notice = ApplicationNotice.objects.create(
        application=application,
        kind=kind,
        number=_draw_number(kind, window, at),
        reason=reason,
        content={**_common(application, catalogue, window), **content},
        verify_code=_verify_code(),
        issued_at=at,
        issued_by=actor.name,
    )
    audit.record(
        stream=application.audit_stream,
        action="applications.notice.issued",
        actor=actor,
        at=at,
        subject=notice,
        data={"kind": kind, "number": notice.number, "application": application.pk},
    )
    outbox.emit("applications.notice.issued", at=at, id=notice.pk)
    return notice


def file_notice(*, notice_id: int, pdf: bytes, at: datetime) -> ApplicationNotice:
    """Keep the PDF of a paper; the first one stays."""
    with operation():
        notice = ApplicationNotice.objects.select_for_update(of=("self",), no_key=True).get(pk=notice_id)
        if notice.blob_id is None:
            notice.blob = files.store_bytes(pdf, file_format="pdf", at=at)
            notice.save(update_fields=["blob"])
        return notice


def handed_in(application: Application) -> list[dict[str, Any]]:
    """List the materials as a receipt names them: what lies in each slot, by title, file and size."""
    rows = []
    for slot in queries.materials_of(application, today=clock.day_of(application.changed_at)).needed:
        for file in slot.files:
            rows.append(
                {
                    "name": slot.slot.name,
                    "file": file.document.file_name,
                    "size": files.human_size(file.document.blob.size_bytes),
                    "reused": file.is_reused,
                }
            )
    return rows


def item_names(application: Application, items: Sequence[str]) -> list[str]:
    """Name the items for which a material or field is used."""
    catalogue = queries.catalogue_of(application)
    return [catalogue.items[item].name for item in items if item in catalogue.items]


def point_rows(application: Application, points: Sequence[CorrectionPoint]) -> list[dict[str, Any]]:
    """Write the points of a correction as the paper lists them."""
    own = queries.item_ids(application)
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


def _common(application: Application, catalogue: Catalogue, window: DepartmentDef) -> dict[str, Any]:
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
        "items": item_names(application, queries.item_ids(application)),
        "application": application.number or "",
        "received_on": received_on.isoformat() if received_on else "",
        "submitted_at": application.submitted_at.isoformat() if application.submitted_at else "",
    }


def _window(catalogue: Catalogue, actor: Actor) -> DepartmentDef:
    """Name the window that speaks: the clerk's own, else the city's first."""
    own = [catalogue.departments[key] for key in sorted(actor.departments) if key in catalogue.departments]
    windows = [department for department in catalogue.departments.values() if department.kind == WINDOW_KIND]
    return next((department for department in own if department.kind == WINDOW_KIND), windows[0])


def _draw_number(kind: NoticeKind, window: DepartmentDef, at: datetime) -> str:
    head = f"{window.short}{NOTICE_WORDS[kind]}〔{clock.day_of(at).year}〕"
    return f"{head}{sequences.next_value(f'notice/{head}'):04d}号"


def _verify_code() -> str:
    return "".join(secrets.choice(VERIFY_ALPHABET) for _ in range(VERIFY_LENGTH))
