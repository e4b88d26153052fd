"""What follows an official paper of the window: its PDF, and the word to the applicant."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.applications import operations as applications
from approvals.applications import sheets
from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import NOTICES_TOLD, NoticeKind
from portal.core import outbox, pdf
from portal.notices import operations as notices
from portal.notices.models import Tone
from portal.ui import words

_TONES = {
    NoticeKind.CORRECTION: Tone.ACTION,
    NoticeKind.CASE_CORRECTION: Tone.ACTION,
    NoticeKind.TOLERANCE: Tone.ACTION,
    NoticeKind.RECTIFICATION: Tone.ACTION,
    NoticeKind.REJECTION: Tone.WARNING,
    NoticeKind.RETURN: Tone.WARNING,
    NoticeKind.REVOCATION: Tone.WARNING,
    NoticeKind.LAPSE: Tone.WARNING,
}


@outbox.handler("applications.notice.issued", name="applications.print_notice")
def print_notice(payload: dict[str, Any], at: datetime) -> None:
    """Make the PDF of a paper and keep it."""
    notice = _notice(payload)
    if notice.blob_id is None:
        content = pdf.render(sheets.TEMPLATE, sheets.context(notice))
        applications.file_notice(notice_id=notice.pk, pdf=content, at=at)


@outbox.handler("applications.notice.issued", name="applications.tell_applicant")
def tell_applicant(payload: dict[str, Any], at: datetime) -> None:
    """Tell the enterprise what the window has answered and what there is to do."""
    notice = _notice(payload)
    if notice.kind not in NOTICES_TOLD:
        return
    application = notice.application
    notices.send(
        kind="applications.notice.issued",
        title=_("%(paper)s：%(project)s") % {"paper": notice.get_kind_display(), "project": application.project.name},
        body=sheets.summary(notice),
        url=_where_to_act(notice),
        tone=_TONES.get(NoticeKind(notice.kind), Tone.INFO),
        enterprise_id=application.project.owner_id,
        dedupe_key=f"applications.notice/{notice.pk}",
        at=at,
    )


def _where_to_act(notice: ApplicationNotice) -> str:
    """Give the page a paper leads to: a department's letter to its case, what the window says to the application."""
    case_id = notice.content.get("case_id")
    if case_id is not None:
        return reverse("review:mine", args=[case_id])
    return reverse("applications:application", args=[notice.application_id])


@outbox.handler("deadlines.recount.begun", name="applications.follow_calendar")
def follow_calendar(payload: dict[str, Any], at: datetime) -> None:
    """Count the days to answer and to mend anew by the calendar that is in force now."""
    applications.follow_calendar(at=at)


@outbox.handler("applications.application.due_moved", name="applications.tell_moved")
def tell_moved(payload: dict[str, Any], at: datetime) -> None:
    """Tell the enterprise that a day has moved."""
    application = Application.objects.select_related("project").get(pk=payload["id"])
    days = {name: words.short_day(date.fromisoformat(payload[name])) for name in ("before", "after")}
    said = (
        _("补正期限由 %(before)s 改为 %(after)s。")
        if application.is_correcting
        else _("窗口答复期限由 %(before)s 改为 %(after)s。")
    )
    notices.send(
        kind="applications.application.due_moved",
        title=_("工作日历有变，期限已重新推算：%(project)s") % {"project": application.project.name},
        body=said % days,
        url=reverse("applications:application", args=[application.pk]),
        enterprise_id=application.project.owner_id,
        dedupe_key=f"applications.due_moved/{application.pk}/{payload['after']}/{payload['before']}",
        at=at,
    )


def _notice(payload: dict[str, Any]) -> ApplicationNotice:
    return ApplicationNotice.objects.select_related("application__project__owner").get(pk=payload["id"])
