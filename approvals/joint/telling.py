"""Who is told what about joint work: notices to departments, to who asked, and to the applicant."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.joint.models import Consultation, Participant, Point, Request, Session
from approvals.joint.states import PointState
from portal.core import clock
from portal.core.errors import Text
from portal.notices import operations as notices
from portal.notices.models import Tone
from portal.ui import words

Telling = Callable[[int, datetime], None]


def _request(pk: int) -> Request:
    return Request.objects.select_related(
        "department", "timer", "consultation__project", "consultation__department"
    ).get(pk=pk)


def _to_asked(kind: str, title: Text, *, tone: Tone, daily: bool = False) -> Telling:
    """Return a notice to the asked department: what is asked and until when."""

    def tell(pk: int, at: datetime) -> None:
        request = _request(pk)
        due = words.day(request.timer.promised_due_on)
        notices.send(
            department_id=request.department_id,
            kind=kind,
            tone=tone,
            title=str(title) % {"project": request.consultation.project.name, "unit": request.unit_name},
            body=_("%(department)s 征询：%(question)s 请在 %(due)s 前回复。")
            % {
                "department": request.consultation.department.name,
                "question": request.consultation.question,
                "due": due,
            },
            url=reverse("joint:request", args=[pk]),
            dedupe_key=f"{kind}-{pk}" + (f"-{clock.day_of(at).isoformat()}" if daily else ""),
            at=at,
        )

    return tell


def _to_asker(kind: str, title: Text, *, tone: Tone, each: bool = False) -> Telling:
    """Return a notice to the person who asked about one request.

    :param each: every revision is news
    """

    def tell(pk: int, at: datetime) -> None:
        request = _request(pk)
        newest = request.replies.order_by("-revision").first()
        notices.send(
            user_id=request.consultation.asked_by_id,
            kind=kind,
            tone=tone,
            title=str(title) % {"addressee": request.addressee, "project": request.consultation.project.name},
            body=f"{newest.get_position_display()} {newest.text}".strip() if newest else "",
            url=reverse("joint:consultation", args=[request.consultation_id]),
            dedupe_key=f"{kind}-{pk}" + (f"-{newest.revision}" if each and newest else ""),
            at=at,
        )

    return tell


def _completed(pk: int, at: datetime) -> None:
    consultation = Consultation.objects.select_related("project").get(pk=pk)
    notices.send(
        user_id=consultation.asked_by_id,
        kind="joint.consultation.completed",
        tone=Tone.ACTION,
        title=_("征询意见已收齐：%(project)s") % {"project": consultation.project.name},
        body=consultation.question,
        url=reverse("joint:consultation", args=[pk]),
        dedupe_key=f"joint.consultation.completed-{pk}",
        at=at,
    )


def _session(pk: int) -> Session:
    return Session.objects.select_related("project__owner", "lead").get(pk=pk)


def _send(
    session: Session,
    kind: str,
    *,
    departments: Iterable[str],
    applicant: bool,
    title: str,
    body: str,
    tone: Tone,
    mark: str,
    at: datetime,
) -> None:
    url = reverse("joint:session", args=[session.pk])
    for department in sorted(set(departments)):
        notices.send(
            department_id=department,
            kind=kind,
            tone=tone,
            title=title,
            body=body,
            url=url,
            dedupe_key=f"{kind}-{mark}-{department}",
            at=at,
        )
    if applicant:
        notices.send(
            enterprise_id=session.project.owner_id,
            kind=kind,
            tone=tone,
            title=title,
            body=body,
            url=url,
            dedupe_key=f"{kind}-{mark}-owner",
            at=at,
        )


def _invited(session: Session) -> list[str]:
    return list(session.participants.values_list("department_id", flat=True))


def _called(pk: int, at: datetime) -> None:
    session = _session(pk)
    body = _("时间：%(time)s，地点：%(place)s。%(agenda)s") % {
        "time": words.moment(session.meets_at),
        "place": session.place,
        "agenda": session.agenda,
    }
    title = _("%(name)s：%(project)s") % {"name": session.name, "project": session.project.name}
    kind = "joint.session.called"
    mark = str(pk)
    _send(
        session,
        kind,
        departments=_invited(session),
        applicant=False,
        title=title,
        body=body,
        tone=Tone.ACTION,
        mark=mark,
        at=at,
    )
    _send(session, kind, departments=(), applicant=True, title=title, body=body, tone=Tone.INFO, mark=mark, at=at)


def _list_sent(pk: int, at: datetime) -> None:
    session = _session(pk)
    points = session.points.filter(state=PointState.OPEN).order_by("number")
    body = "\n".join(f"{point.number}. {point.text}" for point in points)
    _send(
        session,
        "joint.session.list_sent",
        departments=(),
        applicant=True,
        title=_("请在 %(day)s 前整改并报告：%(project)s")
        % {"day": words.day(session.mend_by), "project": session.project.name},
        body=body,
        tone=Tone.ACTION,
        mark=f"{pk}-{session.round}",
        at=at,
    )


def _all_reported(pk: int, at: datetime) -> None:
    session = _session(pk)
    _send(
        session,
        "joint.session.all_reported",
        departments=[session.lead_id],
        applicant=False,
        title=_("问题已全部报告整改，可以复验：%(project)s") % {"project": session.project.name},
        body="",
        tone=Tone.ACTION,
        mark=f"{pk}-{session.round}",
        at=at,
    )


def _recheck_begun(pk: int, at: datetime) -> None:
    session = _session(pk)
    raised = session.points.open().values_list("department_id", flat=True)
    _send(
        session,
        "joint.session.recheck_begun",
        departments=raised,
        applicant=True,
        title=_("第 %(round)d 次复验开始：%(project)s") % {"round": session.round, "project": session.project.name},
        body=_("由提出问题的部门逐条复验。"),
        tone=Tone.INFO,
        mark=f"{pk}-{session.round}",
        at=at,
    )


def _opinions_complete(pk: int, at: datetime) -> None:
    session = _session(pk)
    _send(
        session,
        "joint.session.opinions_complete",
        departments=[session.lead_id],
        applicant=False,
        title=_("各部门意见已收齐：%(project)s") % {"project": session.project.name},
        body="",
        tone=Tone.ACTION,
        mark=str(pk),
        at=at,
    )


def _cancelled(pk: int, at: datetime) -> None:
    session = _session(pk)
    _send(
        session,
        "joint.session.cancelled",
        departments=_invited(session),
        applicant=True,
        title=_("%(name)s已取消：%(project)s") % {"name": session.name, "project": session.project.name},
        body=session.cancel_reason,
        tone=Tone.WARNING,
        mark=str(pk),
        at=at,
    )


def _issued(pk: int, at: datetime) -> None:
    session = Session.objects.select_related("project__owner", "lead", "conclusion").get(conclusion__pk=pk)
    _send(
        session,
        "joint.conclusion.issued",
        departments=_invited(session),
        applicant=True,
        title=_("%(title)s：%(project)s") % {"title": session.conclusion.title, "project": session.project.name},
        body=f"{session.conclusion.number} {session.conclusion.text}",
        tone=Tone.INFO,
        mark=str(session.pk),
        at=at,
    )


def _point_failed(pk: int, at: datetime) -> None:
    point = Point.objects.select_related("session__project").get(pk=pk)
    newest = point.steps.order_by("-pk").first()
    _send(
        point.session,
        "joint.point.failed",
        departments=(),
        applicant=True,
        title=_("第 %(number)d 条复验未通过：%(project)s")
        % {"number": point.number, "project": point.session.project.name},
        body=newest.text if newest else "",
        tone=Tone.WARNING,
        mark=f"{pk}-{point.session.round}",
        at=at,
    )


def _opinion_due(kind: str, *, to_lead: bool) -> Telling:
    def tell(pk: int, at: datetime) -> None:
        participant = Participant.objects.select_related(
            "department", "timer", "session__project__owner", "session__lead"
        ).get(pk=pk)
        session = participant.session
        due = words.day(participant.timer.promised_due_on if participant.timer else None)
        _send(
            session,
            kind,
            departments=[participant.department_id, *([session.lead_id] if to_lead else [])],
            applicant=False,
            title=_("%(department)s 的意见：%(project)s")
            % {"department": participant.department.name, "project": session.project.name},
            body=_("%(name)s的意见期限是 %(due)s。") % {"name": session.name, "due": due},
            tone=Tone.WARNING,
            mark=str(pk),
            at=at,
        )

    return tell


def _overdue(pk: int, at: datetime) -> None:
    """Tell both sides: the asked owes an answer, the asker may urge."""
    _to_asked("joint.request.overdue", gettext_lazy("征询已逾期：%(project)s"), tone=Tone.WARNING)(pk, at)
    _to_asker("joint.request.overdue_asker", gettext_lazy("%(addressee)s 逾期未回复：%(project)s"), tone=Tone.WARNING)(
        pk, at
    )


#: topic -> who is told; at least once, and a second time changes nothing
TOLD: dict[str, Telling] = {
    "joint.request.asked": _to_asked(
        "joint.request.asked", gettext_lazy("征询意见：%(project)s %(unit)s"), tone=Tone.ACTION
    ),
    "joint.request.supplied": _to_asked(
        "joint.request.supplied", gettext_lazy("已补充资料，请回复征询：%(project)s"), tone=Tone.ACTION, daily=True
    ),
    "joint.request.due_soon": _to_asked(
        "joint.request.due_soon", gettext_lazy("征询快到期：%(project)s"), tone=Tone.WARNING
    ),
    "joint.request.urged": _to_asked(
        "joint.request.urged", gettext_lazy("请尽快回复征询：%(project)s"), tone=Tone.WARNING, daily=True
    ),
    "joint.request.answered": _to_asker(
        "joint.request.answered", gettext_lazy("%(addressee)s 已回复：%(project)s"), tone=Tone.INFO, each=True
    ),
    "joint.request.info_needed": _to_asker(
        "joint.request.info_needed",
        gettext_lazy("%(addressee)s 需要补充资料：%(project)s"),
        tone=Tone.ACTION,
        each=True,
    ),
    "joint.request.fell_silent": _to_asker(
        "joint.request.fell_silent", gettext_lazy("%(addressee)s 逾期未回复，视为无意见：%(project)s"), tone=Tone.INFO
    ),
    "joint.request.overdue": _overdue,
    "joint.consultation.completed": _completed,
    "joint.session.called": _called,
    "joint.session.list_sent": _list_sent,
    "joint.session.all_reported": _all_reported,
    "joint.session.recheck_begun": _recheck_begun,
    "joint.session.opinions_complete": _opinions_complete,
    "joint.session.cancelled": _cancelled,
    "joint.conclusion.issued": _issued,
    "joint.point.failed": _point_failed,
    "joint.participant.due_soon": _opinion_due("joint.participant.due_soon", to_lead=False),
    "joint.participant.overdue": _opinion_due("joint.participant.overdue", to_lead=True),
}
