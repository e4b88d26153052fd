"""What follows an official paper of the window: its PDF, and the word to the applicant."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.applications import operations as applications
from approvals.applications import sheets
from approvals.applications.models import ApplicationNotice
from approvals.applications.states import NOTICES_TOLD, NoticeKind
from portal.core import outbox, pdf
from portal.notices import operations as notices
from portal.notices.models import Tone

_TONES = {NoticeKind.CORRECTION: Tone.ACTION, NoticeKind.REJECTION: Tone.WARNING, NoticeKind.RETURN: Tone.WARNING}


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
        url=reverse("applications:application", args=[application.pk]),
        tone=_TONES.get(NoticeKind(notice.kind), Tone.INFO),
        enterprise_id=application.project.owner_id,
        dedupe_key=f"applications.notice/{notice.pk}",
        at=at,
    )


def _notice(payload: dict[str, Any]) -> ApplicationNotice:
    return ApplicationNotice.objects.select_related("application__project__owner").get(pk=payload["id"])
