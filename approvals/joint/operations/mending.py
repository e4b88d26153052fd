"""From the one list to the re-check: told once, mended by the applicant, judged by who raised it."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from approvals.joint import policies
from approvals.joint.models import Point, Session
from approvals.joint.operations import calling, meeting
from approvals.joint.operations.errors import NoRoundsLeft, NothingToMend, NotJudgedYet, NotMendedYet
from approvals.joint.states import PointState, SessionState, Step
from portal.core import clock, files
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation


def send_list(*, session_id: int, mend_by: date, actor: Actor, at: datetime) -> Session:
    """Tell the applicant all points at once, with a day until which to report them mended.

    :raises NotAllowed: actor is not of the leading department
    :raises NothingToMend: no point is open
    :raises NoRoundsLeft: all re-checks of this kind were used
    :raises NotJudgedYet: after a re-check, a reported point waits for its department
    :raises InvalidInput: the day is not ahead
    """
    with operation():
        session = calling.lock_session(session_id)
        policies.require(policies.can_lead(actor, session))
        if session.state not in (SessionState.HELD, SessionState.RECHECKING):
            raise TransitionRefused(fields={"state": session.state, "to": SessionState.RECTIFYING.value})
        if not session.has_rounds_left:
            raise NoRoundsLeft
        if session.points.filter(state=PointState.REPORTED).exists():
            raise NotJudgedYet
        if not session.points.open().exists():
            raise NothingToMend
        if mend_by <= clock.day_of(at):
            raise InvalidInput(fields={"mend_by": _("整改期限须晚于今天。")})
        session.mend_by = mend_by
        return move(
            session,
            to=SessionState.RECTIFYING,
            actor=actor,
            at=at,
            topic="joint.session.list_sent",
            data={"mend_by": mend_by.isoformat(), "points": session.points.open().count()},
            fields=["mend_by"],
        )


def report_mended(*, point_id: int, text: str, actor: Actor, at: datetime, upload: files.Upload | None = None) -> Point:
    """Report a point as mended, with words or a photo.

    :raises NotAllowed: actor is not of the applicant's side
    :raises InvalidInput: neither words nor a file
    :raises FileRefused: the file cannot be taken
    :raises TransitionRefused: the list was not sent, or the point was reported before
    """
    with operation():
        point = meeting.lock_point(point_id)
        policies.require(policies.can_mend(actor, point.session))
        if point.session.state != SessionState.RECTIFYING:
            raise TransitionRefused(fields={"state": point.session.state, "to": PointState.REPORTED.value})
        if not text.strip() and upload is None:
            raise InvalidInput(fields={"text": _("请写明怎样整改的，或者上传照片。")})
        meeting.add_step(point, Step.REPORTED, text=text, upload=upload, actor=actor, at=at)
        move(point, to=PointState.REPORTED, actor=actor, at=at, topic="joint.point.reported")
        if not point.session.points.filter(state=PointState.OPEN).exists():
            calling.tell("joint.session.all_reported", point.session, actor=actor, at=at)
        return point


def begin_recheck(*, session_id: int, actor: Actor, at: datetime) -> Session:
    """Begin the re-check, when all mandatory points are reported or the time to mend is over.

    :raises NotAllowed: actor is not of the leading department
    :raises NotMendedYet: the applicant still has time
    :raises TransitionRefused: nothing is being mended
    """
    with operation():
        session = calling.lock_session(session_id)
        policies.require(policies.can_lead(actor, session))
        if session.state == SessionState.RECTIFYING:
            in_time = session.mend_by is not None and clock.day_of(at) <= session.mend_by
            if in_time and session.points.filter(state=PointState.OPEN, is_mandatory=True).exists():
                raise NotMendedYet
            session.round += 1
        return move(
            session,
            to=SessionState.RECHECKING,
            actor=actor,
            at=at,
            topic="joint.session.recheck_begun",
            data={"round": session.round},
            fields=["round"],
        )


def judge_point(
    *,
    point_id: int,
    passed: bool,
    text: str,
    actor: Actor,
    at: datetime,
    upload: files.Upload | None = None,
) -> Point:
    """Say at the re-check whether a point is mended; a failed one is open again.

    :raises NotAllowed: actor is not of the department that raised it
    :raises InvalidInput: failed without saying why
    :raises TransitionRefused: no re-check is on, or the point is judged already
    """
    with operation():
        point = meeting.lock_point(point_id)
        policies.require(policies.can_judge(actor, point))
        to = PointState.MENDED if passed else PointState.OPEN
        if point.session.state != SessionState.RECHECKING:
            raise TransitionRefused(fields={"state": point.session.state, "to": to.value})
        if not passed and not text.strip():
            raise InvalidInput(fields={"text": _("请写明哪里没有改好。")})
        move(
            point,
            to=to,
            actor=actor,
            at=at,
            topic="joint.point.passed" if passed else "joint.point.failed",
            data={"text": text.strip(), "round": point.session.round},
        )
        meeting.add_step(point, Step.PASSED if passed else Step.FAILED, text=text, upload=upload, actor=actor, at=at)
        return point
