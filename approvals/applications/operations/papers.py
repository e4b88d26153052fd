"""Issuing an official paper of the window: number and content with the act, the PDF afterwards."""

import secrets
from datetime import datetime
from typing import Any

from approvals.applications import queries
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import NOTICE_WORDS, NoticeKind
from portal.core import audit, clock, files, outbox, sequences
from portal.core.actor import Actor
from portal.core.rows import insert
from portal.core.unit import operation
from projects.catalogue.definitions import DepartmentDef

#: no letters or digits that are read for one another
VERIFY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
VERIFY_LENGTH = 12


def issue(
    application: Application,
    *,
    kind: NoticeKind,
    actor: Actor,
    at: datetime,
    reason: str = "",
    organ: DepartmentDef | None = None,
    **content: Any,
) -> ApplicationNotice:
    """Write a paper of a locked application under the next number of its series.

    :param organ: whose paper it is; the window's unless a department writes
    """
    catalogue = queries.catalogue_of(application)
    window = organ or queries.window_of(catalogue, actor.departments)
    notice = ApplicationNotice(
        application=application,
        kind=kind,
        number=_draw_number(kind, window, digits=catalogue.serial_digits, at=at),
        reason=reason,
        content={**queries.paper_content(application, window), **content},
        verify_code=_verify_code(),
        issued_at=at,
        issued_by=actor.name,
    )
    insert(notice)
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


def _draw_number(kind: NoticeKind, window: DepartmentDef, *, digits: int, at: datetime) -> str:
    """Draw the next number of a kind of paper: word of the window, kind, year, serial (GB/T 9704, 发文字号)."""
    head = f"{window.number_word}{NOTICE_WORDS[kind]}〔{clock.day_of(at).year}〕"
    return f"{head}{str(sequences.next_value(f'notice/{head}')).zfill(digits)}号"


def _verify_code() -> str:
    return "".join(secrets.choice(VERIFY_ALPHABET) for _ in range(VERIFY_LENGTH))
