"""The meeting: minutes, presence, opinions, the one list of points."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.joint import policies
from approvals.joint.models import Participant, Point, PointStep, Session, SessionResult
from approvals.joint.operations import attachments, calling, clocks
from approvals.joint.operations.errors import Ended, ListClosed, TooEarly
from approvals.joint.queries import sessions as reading
from approvals.joint.states import (
    NEEDS_WORDS,
    PARTICIPANT_PENDING,
    ParticipantState,
    PointState,
    Position,
    SessionState,
    Step,
)
from portal.core import audit, clock, files, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation


def record(*, session_id: int, minutes: str, present: Collection[int], actor: Actor, at: datetime) -> Session:
    """Record that the meeting was held: who was there, what was said; the time for opinions begins.

    :param present: participants who were there, beside those who have signed in
    :raises NotAllowed: actor is not of the leading department
    :raises TooEarly: the day has not come
    :raises InvalidInput: no minutes
    :raises TransitionRefused: it was recorded before
    """
    with operation():
        session = calling.lock_session(session_id)
        policies.require(policies.can_lead(actor, session))
        if clock.day_of(at) < clock.day_of(session.meets_at):
            raise TooEarly
        if not minutes.strip():
            raise InvalidInput(fields={"minutes": _("请写纪要：看了什么、说了什么、定了什么。")})
        session.minutes, session.held_at = minutes.strip(), at
        move(
            session,
            to=SessionState.HELD,
            actor=actor,
            at=at,
            topic="joint.session.held",
            data={"present": sorted(present)},
            fields=["minutes", "held_at"],
        )
        rows = session.participants.select_for_update(of=("self",), no_key=True).order_by("pk")
        for participant in rows:
            participant.session = session
            _note_presence(participant, was_present=participant.pk in present, actor=actor, at=at)
        return session


def opine(*, participant_id: int, position: str, text: str, actor: Actor, at: datetime) -> Participant:
    """Give a participant's opinion, or change it until the conclusion.

    :raises NotAllowed: actor is not of the invited department
    :raises Ended: the session has ended
    :raises InvalidInput: no position, or one that needs words without them
    :raises TransitionRefused: the meeting has not been recorded
    """
    with operation():
        participant = calling.lock_participant(participant_id)
        policies.require(policies.can_attend(actor, participant))
        session = participant.session
        if not session.is_running:
            raise Ended
        if position not in Position.values or position == Position.NEED_INFO:
            raise InvalidInput(fields={"position": _("请选择一种意见。")})
        if position in NEEDS_WORDS and not text.strip():
            raise InvalidInput(fields={"text": _("请写明条件或理由。")})
        was_pending = participant.state in PARTICIPANT_PENDING
        participant.position, participant.opinion = Position(position), text.strip()
        participant.opined_by, participant.opined_at = actor.name, at
        clocks.stop(participant.timer, actor=actor, at=at)
        move(
            participant,
            to=ParticipantState.OPINED,
            actor=actor,
            at=at,
            topic="joint.participant.opined",
            data={"position": position, "text": participant.opinion},
            fields=["position", "opinion", "opined_by", "opined_at"],
        )
        if was_pending:
            complete_if_last(session, actor=actor, at=at)
        return participant


def complete_if_last(session: Session, *, actor: Actor, at: datetime) -> None:
    """Tell the lead, once, that no participant of a locked session owes an opinion any more."""
    if not session.participants.filter(state__in=PARTICIPANT_PENDING).exists():
        calling.tell("joint.session.opinions_complete", session, actor=actor, at=at)


def raise_point(
    *,
    session_id: int,
    department_id: str,
    text: str,
    is_mandatory: bool,
    actor: Actor,
    at: datetime,
    remedy: str = "",
    upload: files.Upload | None = None,
) -> Point:
    """Put a defect or demand on the one list, until it is sent.

    :raises NotAllowed: actor is not of that department, or it takes no part
    :raises ListClosed: the list was sent, or the meeting has not been held
    :raises InvalidInput: nothing said
    :raises FileRefused: the photo or paper cannot be taken
    """
    with operation():
        session = calling.lock_session(session_id)
        policies.require(department_id in policies.raises_for(actor, session))
        if session.state != SessionState.HELD:
            raise ListClosed if session.state != SessionState.INVITED else TransitionRefused
        if not text.strip():
            raise InvalidInput(fields={"text": _("请写明是什么问题、在什么部位。")})
        blob, name = attachments.take_in(upload, at=at, formats=attachments.PHOTOS)
        last = session.points.order_by("-number").values_list("number", flat=True).first() or 0
        point = Point.objects.create(
            session=session,
            number=last + 1,
            department_id=department_id,
            text=text.strip(),
            remedy=remedy.strip(),
            is_mandatory=is_mandatory,
            blob=blob,
            file_name=name,
            raised_by_name=actor.name,
            raised_at=at,
        )
        _tell(
            "joint.point.raised",
            point,
            actor=actor,
            at=at,
            number=point.number,
            mandatory=is_mandatory,
            department=department_id,
        )
        return point


def waive_point(*, point_id: int, reason: str, actor: Actor, at: datetime) -> Point:
    """Take a point back: it stays on the list, marked.

    :raises NotAllowed: actor is not of the department that raised it
    :raises InvalidInput: no reason
    :raises TransitionRefused: it is mended or was taken back
    """
    with operation():
        point = lock_point(point_id)
        policies.require(policies.can_judge(actor, point))
        if not point.session.is_running:
            raise Ended
        if not reason.strip():
            raise InvalidInput(fields={"reason": _("请写明为什么撤销。")})
        add_step(point, Step.WAIVED, text=reason, actor=actor, at=at)
        return move(
            point,
            to=PointState.WAIVED,
            actor=actor,
            at=at,
            topic="joint.point.waived",
            data={"reason": reason.strip()},
        )


def give_result(
    *,
    session_id: int,
    result: str,
    text: str,
    actor: Actor,
    at: datetime,
    upload: files.Upload | None = None,
) -> SessionResult:
    """Hand in one of the things this kind of session has to bring about; handing it in again replaces it.

    :raises NotAllowed: actor is not of the leading department
    :raises Ended: the session has ended
    :raises InvalidInput: the kind has no such result, or neither words nor a file
    """
    with operation():
        session = calling.lock_session(session_id)
        policies.require(policies.can_lead(actor, session))
        if not session.is_running:
            raise Ended
        wanted = {row.id: row.name for row in reading.results_of(session)}
        if result not in wanted:
            raise InvalidInput(fields={"result": _("这一种联合办理没有这项成果。")})
        blob, name = attachments.take_in(upload, at=at)
        known = SessionResult.objects.filter(session=session, result=result).first()
        if not text.strip() and blob is None and not (known and known.blob_id):
            raise InvalidInput(fields={"text": _("请写内容，或者上传文件。")})
        row = known or SessionResult(session=session, result=result, name=wanted[result])
        row.text, row.given_by_name, row.given_at = text.strip(), actor.name, at
        if blob is not None:
            row.blob, row.file_name = blob, name
        row.save()
        calling.tell("joint.session.result_given", session, actor=actor, at=at, result=result, sha256=row.blob_id or "")
        return row


def lock_point(point_id: int) -> Point:
    """Lock a point behind its session."""
    session_id = Point.objects.filter(pk=point_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound
    session = calling.lock_session(session_id)
    point = Point.objects.select_for_update(of=("self",), no_key=True).get(pk=point_id)
    point.session = session
    return point


def add_step(
    point: Point,
    step: Step,
    *,
    text: str,
    actor: Actor,
    at: datetime,
    upload: files.Upload | None = None,
) -> PointStep:
    """Write what happened to a point into its history."""
    blob, name = attachments.take_in(upload, at=at, formats=attachments.PHOTOS)
    return PointStep.objects.create(
        point=point,
        step=step,
        round=point.session.round,
        text=text.strip(),
        blob=blob,
        file_name=name,
        author_name=actor.name,
        at=at,
    )


def _note_presence(participant: Participant, *, was_present: bool, actor: Actor, at: datetime) -> None:
    participant.timer = clocks.start(days=participant.session.opinion_days, actor=actor, at=at)
    if participant.state == ParticipantState.PRESENT:
        participant.save(update_fields=["timer"])
        return
    participant.was_present = was_present
    move(
        participant,
        to=ParticipantState.PRESENT if was_present else ParticipantState.ABSENT,
        actor=actor,
        at=at,
        topic="joint.participant.present" if was_present else "joint.participant.absent",
        fields=["was_present", "timer"],
    )


def _tell(topic: str, point: Point, *, actor: Actor, at: datetime, **data: object) -> None:
    audit.record(stream=point.audit_stream, action=topic, actor=actor, at=at, subject=point, data=data)
    outbox.emit(topic, at=at, id=point.pk)
