"""Consultations and sessions as they come about through the operations."""

from datetime import datetime, timedelta
from typing import Any

from approvals.joint import operations as joint
from approvals.joint.models import Consultation, Participant, Point, Request, Session
from approvals.review.models import Case
from portal.accounts.models import Department, Membership, User
from portal.core.actor import Actor
from tests.cast import SINCE, as_actor
from tests.factories import review as reviewing

#: kinds of the demo pack: silence agrees; silence is reminded of
AGREEING, REMINDING = "solicitation", "inquiry"
#: a session of any stage, without cases of its own: lead, and two of those it invites
MEETING, LEAD, FIRST, SECOND = "assessment", "dbzx", "zrzy", "sthj"


def of_unit(department: str, unit: str, role: str = "handler") -> Actor:
    """Return a person of an office of a department."""
    username = f"{unit}-{role}"
    user, created = User.objects.get_or_create(
        username=username, defaults={"name": f"{Department.objects.get(pk=department).short}{unit}"}
    )
    if created:
        Membership.objects.create(user=user, role_id=role, department_id=department, sub_unit=unit, active_from=SINCE)
    return as_actor(user)


def asked(
    case: Case,
    *to: str | tuple[str, str],
    at: datetime,
    kind: str = AGREEING,
    question: str = "用地范围是否涉及贵单位管理的设施？",
    **more: Any,
) -> Consultation:
    """Ask about a case, as its handler."""
    return joint.ask_about_case(
        case_id=case.pk,
        kind=kind,
        addressees=[(each, "") if isinstance(each, str) else each for each in to],
        question=question,
        actor=reviewing.member(case.department_id, "handler"),
        at=at,
        **more,
    )


def request_to(consultation: Consultation, department: str, unit: str = "") -> Request:
    return Request.objects.select_related("timer").get(consultation=consultation, department_id=department, unit=unit)


def replied(request: Request, *, at: datetime, position: str = "agree", text: str = "无意见", **more: Any) -> Request:
    """Reply as a handler of the asked department."""
    return joint.reply(
        request_id=request.pk,
        position=position,
        text=text,
        actor=reviewing.member(request.department_id, "handler"),
        at=at,
        **more,
    )


def called(run_id: int, *, at: datetime, kind: str = MEETING, lead: str = LEAD, **more: Any) -> Session:
    """Call a session for two hours later, as a handler of the department that leads its kind."""
    return joint.call(
        run_id=run_id,
        kind=kind,
        agenda="现场核对并定意见",
        place="项目现场",
        meets_at=at + timedelta(hours=2),
        actor=reviewing.member(lead, "handler"),
        at=at,
        **more,
    )


def held(session: Session, *, at: datetime, present: bool = True) -> Session:
    """Record the meeting with everybody there, or nobody."""
    everybody = list(session.participants.values_list("pk", flat=True))
    return joint.record(
        session_id=session.pk,
        minutes="各方到场，逐项核对。",
        present=everybody if present else [],
        actor=reviewing.member(session.lead_id, "handler"),
        at=at,
    )


def participant_of(session: Session, department: str) -> Participant:
    return Participant.objects.select_related("timer").get(session=session, department_id=department)


def all_opined(session: Session, *, at: datetime) -> None:
    """Let every participant agree."""
    for participant in session.participants.order_by("pk"):
        joint.opine(
            participant_id=participant.pk,
            position="agree",
            text="",
            actor=reviewing.member(participant.department_id, "handler"),
            at=at,
        )


def a_point(session: Session, department: str, *, at: datetime, mandatory: bool = True, **more: Any) -> Point:
    """Put a point on the list, as a handler of a department."""
    return joint.raise_point(
        session_id=session.pk,
        department_id=department,
        text="消防车道被堆土占用",
        remedy="清除堆土，恢复通行",
        is_mandatory=mandatory,
        actor=reviewing.member(department, "handler"),
        at=at,
        **more,
    )


def list_sent(session: Session, *, at: datetime) -> Session:
    """Send the one list, with ten days to mend."""
    return joint.send_list(
        session_id=session.pk,
        mend_by=(at + timedelta(days=10)).date(),
        actor=reviewing.member(session.lead_id, "handler"),
        at=at,
    )
