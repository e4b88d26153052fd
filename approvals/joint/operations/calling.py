"""Calling a session and replying to the invitation."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from approvals.joint import policies, queries
from approvals.joint.models import Participant, Session, SessionHold
from approvals.joint.operations import clocks, replying
from approvals.joint.operations.errors import AlreadyRunning, Ended, TooEarly
from approvals.joint.states import HOLD_OWNER, PARTICIPANT_ANSWERS, ParticipantState, SessionState, Silence
from approvals.review import operations as review
from approvals.review.models import Case, StageRun
from approvals.review.states import HoldClock
from portal.accounts.models import Department
from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotFound
from portal.core.transitions import move
from portal.core.unit import operation
from projects.catalogue.definitions import JointDef
from projects.registry import operations as registry


def call(
    *,
    run_id: int,
    kind: str,
    agenda: str,
    place: str,
    meets_at: datetime,
    actor: Actor,
    at: datetime,
    departments: Sequence[str] = (),
) -> Session:
    """Invite the departments of a kind to one meeting or visit; the cases it is about wait for its conclusion.

    :param departments: further ones beside those of the kind
    :raises NotAllowed: actor is not of the department that leads this kind
    :raises InvalidInput: a kind that does not belong to this stage, no agenda or place, a time that has passed
    :raises AlreadyRunning: one of this kind is running for the stage
    """
    with operation():
        run = (
            StageRun.objects.select_for_update(of=("self",), no_key=True)
            .select_related("project")
            .filter(pk=run_id)
            .first()
        )
        if run is None:
            raise NotFound
        definition = queries.session_kinds(run.project.pack_version_id, stage=run.stage).get(kind)
        if definition is None:
            raise InvalidInput(fields={"kind": _("请选择这个阶段可以召集的种类。")})
        policies.require(policies.can_call(actor, definition.lead))
        if Session.objects.running().filter(stage_run=run, kind=kind).exists():
            raise AlreadyRunning
        _check(agenda=agenda, place=place, meets_at=meets_at, at=at)
        session = Session.objects.create(
            project=run.project,
            stage_run=run,
            kind=kind,
            name=definition.name,
            lead_id=definition.lead,
            silence=Silence(definition.silence),
            opinion_days=definition.opinion_days,
            rounds=definition.rounds,
            timer=clocks.start(days=definition.days, actor=actor, at=at),
            agenda=agenda.strip(),
            place=place.strip(),
            meets_at=meets_at,
            called_by_id=policies.person_id(actor),
            called_by_name=actor.name,
            called_at=at,
        )
        invited = _invite(session, definition, further=departments, at=at)
        holds = _place_holds(session, definition, actor=actor, at=at)
        tell("joint.session.called", session, actor=actor, at=at, kind=kind, departments=invited, holds=holds)
        return session


def answer(
    *, participant_id: int, answer: str, actor: Actor, at: datetime, person: str = "", note: str = ""
) -> Participant:
    """Reply to an invitation: come, let somebody come on one's behalf, or stay away; changeable until the meeting.

    :param answer: attending, delegating or declined
    :raises NotAllowed: actor is not of the invited department
    :raises InvalidInput: nobody named to come, or no reason to stay away
    :raises TransitionRefused: the meeting is over
    """
    with operation():
        participant = lock_participant(participant_id)
        policies.require(policies.can_attend(actor, participant))
        _require_running(participant.session)
        if answer not in PARTICIPANT_ANSWERS:
            raise InvalidInput(fields={"answer": _("请选择参加、委托参加或不参加。")})
        if answer == ParticipantState.DECLINED and not note.strip():
            raise InvalidInput(fields={"note": _("不参加的，请写明原因。")})
        if answer != ParticipantState.DECLINED and not person.strip():
            raise InvalidInput(fields={"person": _("请写参加人姓名。")})
        participant.person = "" if answer == ParticipantState.DECLINED else person.strip()
        participant.note, participant.answered_at = note.strip(), at
        return move(
            participant,
            to=answer,
            actor=actor,
            at=at,
            topic="joint.participant.answered",
            data={"person": participant.person, "note": participant.note},
            fields=["person", "note", "answered_at"],
        )


def sign_in(*, participant_id: int, person: str, actor: Actor, at: datetime) -> Participant:
    """Attend: sign in on the day of the meeting.

    :raises NotAllowed: actor is not of the invited department
    :raises TooEarly: the day has not come
    :raises TransitionRefused: signed in before, or the meeting is over
    """
    with operation():
        participant = lock_participant(participant_id)
        policies.require(policies.can_attend(actor, participant))
        _require_running(participant.session)
        if clock.day_of(at) < clock.day_of(participant.session.meets_at):
            raise TooEarly
        participant.person = person.strip() or participant.person or actor.name
        participant.was_present = True
        return move(
            participant,
            to=ParticipantState.PRESENT,
            actor=actor,
            at=at,
            topic="joint.participant.signed_in",
            data={"person": participant.person},
            fields=["person", "was_present"],
        )


def cancel(*, session_id: int, reason: str, actor: Actor, at: datetime) -> Session:
    """Call a session off; its holds are released.

    :raises NotAllowed: actor is not of the leading department
    :raises InvalidInput: no reason
    :raises TransitionRefused: it has ended
    """
    with operation():
        session = lock_session(session_id)
        policies.require(policies.can_lead(actor, session))
        if session.is_running and not reason.strip():
            raise InvalidInput(fields={"reason": _("请写明取消的原因，参加部门和申请人会看到。")})
        session.cancel_reason, session.ended_at = reason.strip(), at
        move(
            session,
            to=SessionState.CANCELLED,
            actor=actor,
            at=at,
            topic="joint.session.cancelled",
            data={"reason": session.cancel_reason},
            fields=["cancel_reason", "ended_at"],
        )
        clocks.drop(session.timer, actor=actor, at=at)
        for participant in session.participants.select_related("timer").order_by("pk"):
            clocks.drop(participant.timer, actor=actor, at=at)
        release_holds(session, actor=actor, at=at)
        return session


def lock_session(session_id: int) -> Session:
    """Lock a session, the row that everything about it locks first."""
    session = (
        Session.objects.select_for_update(of=("self",), no_key=True)
        .select_related("project__owner", "stage_run__unit", "lead", "timer")
        .filter(pk=session_id)
        .first()
    )
    if session is None:
        raise NotFound
    return session


def lock_participant(participant_id: int) -> Participant:
    """Lock a participant behind its session."""
    session_id = Participant.objects.filter(pk=participant_id).values_list("session_id", flat=True).first()
    if session_id is None:
        raise NotFound
    session = lock_session(session_id)
    participant = (
        Participant.objects.select_for_update(of=("self",), no_key=True)
        .select_related("department", "timer")
        .get(pk=participant_id)
    )
    participant.session = session
    return participant


def release_holds(session: Session, *, actor: Actor, at: datetime) -> None:
    """Let the cases go on, in the order in which they are locked everywhere."""
    for hold_id in session.holds.order_by("hold__case_id").values_list("hold_id", flat=True):
        replying.release(hold_id, actor=actor, at=at)


def tell(topic: str, session: Session, *, actor: Actor, at: datetime, **data: object) -> None:
    """Record and emit something about a session that changes no state."""
    audit.record(stream=session.audit_stream, action=topic, actor=actor, at=at, subject=session, data=data)
    outbox.emit(topic, at=at, id=session.pk)


def _require_running(session: Session) -> None:
    if not session.is_running:
        raise Ended


def _check(*, agenda: str, place: str, meets_at: datetime, at: datetime) -> None:
    faults = {}
    if not agenda.strip():
        faults["agenda"] = _("请写明为什么召集、要定什么。")
    if not place.strip():
        faults["place"] = _("请写明在哪里。")
    if meets_at < at:
        faults["meets_at"] = _("时间已经过去，请另选时间。")
    if faults:
        raise InvalidInput(fields=faults)


def _invite(session: Session, kind: JointDef, *, further: Sequence[str], at: datetime) -> list[str]:
    wanted = queries.participants_of(kind, run=session.stage_run) | set(further)
    wanted.discard(session.lead_id)
    invited = list(Department.objects.filter(pk__in=wanted, is_active=True).order_by("sort", "pk"))
    if not invited:
        raise InvalidInput(fields={"departments": _("没有可邀请的部门。请至少选择一个。")})
    reason = f"{session.name} {session.lead_id}"
    for department in invited:
        Participant.objects.create(session=session, department=department)
        registry.grant_access(project_id=session.project_id, department_id=department.pk, reason=reason, at=at)
    return [department.pk for department in invited]


def _place_holds(session: Session, kind: JointDef, *, actor: Actor, at: datetime) -> int:
    """Hold the running cases of the kind's items; the system does it, since most are other departments' cases."""
    system = Actor.system(f"{session.name}（{actor.name}）")
    cases = Case.objects.running().filter(stage_run=session.stage_run, service_item__code__in=kind.items).order_by("pk")
    special = kind.special_procedure
    with translation.override(settings.LANGUAGE_CODE):
        reason = str(_("等待%(name)s结论") % {"name": session.name})
    for case_id in cases.values_list("pk", flat=True):
        hold = review.place_hold(
            case_id=case_id,
            reason=reason,
            clock=HoldClock.SPECIAL if special else HoldClock.NONE,
            kind=special or "",
            expected_days=kind.days if special else None,
            actor=system,
            owner=HOLD_OWNER,
            at=at,
        )
        SessionHold.objects.create(session=session, hold=hold)
    return len(cases)
