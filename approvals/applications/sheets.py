"""How an official paper of the window reads: the context of its template, and its one-sentence summary. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.applications import queries
from approvals.applications.models import Application, ApplicationNotice, CorrectionPoint
from approvals.applications.states import CORRECTION_DAYS, LETTERS, NoticeKind
from portal.core import calendars, clock, marks
from portal.core.actor import Actor
from portal.ui import words

TEMPLATE = "pdf/notice.html"
#: an organ with a longer name is set smaller, so that it keeps to one line
LONG_ORGAN = 14


def context(notice: ApplicationNotice) -> dict[str, Any]:
    """Give what the template of a paper needs; everything on it was fixed when it was issued."""
    return {
        "number": notice.number,
        "code": notice.verify_code,
        "issued_on": notice.issued_at,
        # a receipt is drawn by the portal itself; the name on it would be the applicant's own
        "issued_by": "" if notice.kind == NoticeKind.RECEIPT else notice.issued_by,
        **sheet(notice.kind, notice.content, notice.reason),
        "qr": marks.qr_svg(verify_url(notice), label=_("核验码 %(code)s") % {"code": notice.verify_code}),
    }


def preview_correction(
    application: Application, points: Sequence[CorrectionPoint], *, reason: str, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Give a correction notice as it would read if it were sent now: no number yet, no code to verify."""
    catalogue = queries.catalogue_of(application)
    promised_days, _statutory_days = queries.limits(application)
    content = {
        **queries.paper_content(application, queries.window_of(catalogue, actor.departments)),
        "points": queries.point_rows(application, points),
        "due_on": calendars.current(application.project.region)
        .add_workdays(clock.day_of(at), CORRECTION_DAYS)
        .isoformat(),
        "slots": queries.slot_count(application),
        "promised_days": promised_days,
    }
    return {
        "number": "",
        "code": "",
        "issued_on": at,
        "issued_by": actor.name,
        **sheet(NoticeKind.CORRECTION, content, reason),
        "qr": "",
    }


def preview_letter(
    application: Application,
    kind: NoticeKind,
    text: Mapping[str, Any],
    *,
    department: str,
    case: str,
    item: str,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    """Give a department's letter as it would read if it were sent now.

    :param text: what the letter says, as `operations.Letter.content` gives it
    """
    organ = queries.catalogue_of(application).departments[department]
    content = {**queries.paper_content(application, organ), "case": case, "item": item, **text}
    return {"number": "", "code": "", "issued_on": at, "issued_by": actor.name, **sheet(kind, content, ""), "qr": ""}


def sheet(kind: str, content: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """Give the part of a paper that does not depend on its being issued."""
    # most organs carry the city in their name, a window does not
    organ = content["organ"] if content["organ"].startswith(content["city"]) else content["city"] + content["organ"]
    return {
        "kind": kind,
        "title": NoticeKind(kind).label,
        "is_correction": kind == NoticeKind.CORRECTION,
        "is_receipt": kind == NoticeKind.RECEIPT,
        "is_acceptance": kind == NoticeKind.ACCEPTANCE,
        "is_rejection": kind == NoticeKind.REJECTION,
        "is_not_required": kind == NoticeKind.NOT_REQUIRED,
        "is_return": kind == NoticeKind.RETURN,
        "is_letter": kind in LETTERS,
        "head": organ,
        "long_head": len(organ) > LONG_ORGAN,
        "reason": reason,
        "seal": marks.seal_svg(
            organ,
            label=_("%(organ)s印章") % {"organ": organ},
            centre=_("演示") if settings.DEMO else "",
        ),
        "demo": settings.DEMO,
        **content,
        "dates": {key: _day(content.get(key)) for key in ("received_on", "due_on", "notice_due_on", "accepted_on")},
        "submitted": _moment(content.get("submitted_at")),
        "bad_count": len(content.get("points", ())),
        "good_count": max(0, int(content.get("slots", 0)) - len(content.get("points", ()))),
    }


def summary(notice: ApplicationNotice) -> str:
    """Say in a sentence what a paper means for the applicant and what comes next."""
    content = notice.content
    if notice.kind in LETTERS:
        return str(content["summary"])
    due_on = words.day(_day(content.get("due_on")))
    match notice.kind:
        case NoticeKind.CORRECTION:
            points = len(content["points"])
            return ngettext(
                "%(stage)s申报有 %(count)d 处要补正，请在 %(day)s 前补完，一次提交。",
                "%(stage)s申报有 %(count)d 处要补正，请在 %(day)s 前补完，一次提交。",
                points,
            ) % {"stage": content["stage"], "count": points, "day": due_on}
        case NoticeKind.ACCEPTANCE:
            days = content["promised_days"]
            return ngettext(
                "%(stage)s申报已受理，承诺 %(days)d 个工作日，%(day)s 前办结。",
                "%(stage)s申报已受理，承诺 %(days)d 个工作日，%(day)s 前办结。",
                days,
            ) % {"stage": content["stage"], "days": days, "day": due_on} + (
                _("五个工作日内没有答复，依法视为自收件之日起受理。") if content.get("deemed") else ""
            )
        case NoticeKind.RETURN:
            return _("%(stage)s申报到 %(day)s 没有补正，已退件。可以重新申报，已交的材料都在。") % {
                "stage": content["stage"],
                "day": due_on,
            }
    return _("%(stage)s申报：%(reason)s") % {"stage": content["stage"], "reason": notice.reason}


def verify_url(notice: ApplicationNotice) -> str:
    """Give the address that the QR code of a paper opens."""
    return f"{settings.PUBLIC_URL}{reverse('certificates:verify', args=[notice.verify_code])}"


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
