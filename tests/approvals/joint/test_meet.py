"""The meeting: minutes, presence, opinions, the one list, mending and the re-check."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.deadlines.states import TimerState
from approvals.joint import operations as joint
from approvals.joint.models import Point, Session
from approvals.joint.states import ParticipantState, PointState, SessionState
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing
from tests.factories.projects import pdf

DAY = timedelta(days=1)


@pytest.fixture
def point(held: Session, at: datetime) -> Point:
    return factory.a_point(held, factory.FIRST, at=at)


@pytest.fixture
def raiser() -> Actor:
    return reviewing.member(factory.FIRST, "handler")


def report(point: Point, owner: Actor, *, at: datetime) -> Point:
    return joint.report_mended(point_id=point.pk, text="已清运", actor=owner, at=at)


def state_of(row: Session | Point) -> str:
    row.refresh_from_db()
    return row.state


def test_recording_says_who_was_there_and_starts_the_clocks(session: Session, lead: Actor, at: datetime) -> None:
    early = factory.participant_of(session, "zrzy")
    joint.sign_in(participant_id=early.pk, person="陆工", actor=reviewing.member("zrzy", "handler"), at=at)
    seen = factory.participant_of(session, "sthj")

    joint.record(session_id=session.pk, minutes="看了现场", present=[seen.pk], actor=lead, at=at)

    states = dict(session.participants.values_list("department_id", "state"))
    assert states["zrzy"] == states["sthj"] == ParticipantState.PRESENT
    assert states["sw"] == ParticipantState.ABSENT
    assert set(session.participants.values_list("timer__promised_days", flat=True)) == {5}
    assert state_of(session) == SessionState.HELD
    with pytest.raises(TransitionRefused):
        factory.held(session, at=at)


def test_a_meeting_is_recorded_with_words_and_not_before_its_day(session: Session, lead: Actor, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        joint.record(session_id=session.pk, minutes=" ", present=[], actor=lead, at=at)
    with pytest.raises(joint.TooEarly):
        joint.record(session_id=session.pk, minutes="记", present=[], actor=lead, at=at - DAY)
    with pytest.raises(NotAllowed):
        joint.record(session_id=session.pk, minutes="记", present=[], actor=reviewing.member("zrzy", "handler"), at=at)


def test_the_last_opinion_tells_the_lead_once(held: Session, at: datetime) -> None:
    factory.all_opined(held, at=at)
    row = factory.participant_of(held, "zrzy")
    joint.opine(
        participant_id=row.pk, position="disagree", text="红线不符", actor=reviewing.member("zrzy", "handler"), at=at
    )

    row = factory.participant_of(held, "zrzy")
    assert (row.state, row.position, row.timer.state) == (  # type: ignore[union-attr]
        ParticipantState.OPINED,
        "disagree",
        TimerState.STOPPED,
    )
    assert OutboxMessage.objects.filter(topic="joint.session.opinions_complete").count() == 1


@pytest.mark.parametrize(("position", "text"), [("conditions", ""), ("disagree", " "), ("need_info", "图"), ("", "好")])
def test_an_opinion_that_says_too_little(held: Session, raiser: Actor, at: datetime, position: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        joint.opine(
            participant_id=factory.participant_of(held, factory.FIRST).pk,
            position=position,
            text=text,
            actor=raiser,
            at=at,
        )


def test_there_is_no_opinion_before_the_meeting(session: Session, raiser: Actor, at: datetime) -> None:
    with pytest.raises(TransitionRefused):
        joint.opine(
            participant_id=factory.participant_of(session, factory.FIRST).pk,
            position="agree",
            text="",
            actor=raiser,
            at=at,
        )


def test_points_are_numbered_on_one_list(held: Session, at: datetime) -> None:
    first = factory.a_point(held, factory.FIRST, at=at, upload=pdf("照片.pdf"))
    second = factory.a_point(held, held.lead_id, at=at, mandatory=False)

    assert [first.number, second.number] == [1, 2]
    assert (first.file_name, first.is_mandatory, second.is_mandatory) == ("照片.pdf", True, False)
    assert AuditEvent.objects.filter(action="joint.point.raised").count() == 2


def test_a_department_speaks_only_for_itself(held: Session, raiser: Actor, at: datetime) -> None:
    for department in (factory.SECOND, "rf", held.lead_id):
        with pytest.raises(NotAllowed):
            joint.raise_point(
                session_id=held.pk,
                department_id=department,
                text="问题",
                is_mandatory=True,
                actor=raiser,
                at=at,
            )


def test_nothing_is_added_to_the_list_once_it_was_told(point: Point, held: Session, at: datetime) -> None:
    factory.list_sent(held, at=at)

    with pytest.raises(joint.ListClosed):
        factory.a_point(held, factory.SECOND, at=at)


def test_there_is_no_point_before_the_meeting(session: Session, at: datetime) -> None:
    with pytest.raises(TransitionRefused):
        factory.a_point(session, factory.FIRST, at=at)


def test_the_applicant_gets_one_list(
    point: Point, held: Session, at: datetime, drained: Callable[[datetime], int]
) -> None:
    factory.a_point(held, factory.SECOND, at=at)
    factory.list_sent(held, at=at)
    drained(at)

    (told,) = Notice.objects.filter(enterprise=held.project.owner, kind="joint.session.list_sent")
    assert told.body.count("消防车道") == 2
    assert state_of(held) == SessionState.RECTIFYING


def test_a_list_needs_points_a_day_ahead_and_a_round(held: Session, lead: Actor, at: datetime) -> None:
    with pytest.raises(joint.NothingToMend):
        factory.list_sent(held, at=at)
    factory.a_point(held, factory.FIRST, at=at)
    with pytest.raises(InvalidInput):
        joint.send_list(session_id=held.pk, mend_by=at.date(), actor=lead, at=at)
    Session.objects.filter(pk=held.pk).update(rounds=0)
    with pytest.raises(joint.NoRoundsLeft):
        factory.list_sent(held, at=at)


def test_mending_and_the_recheck(
    point: Point, held: Session, owner_actor: Actor, lead: Actor, raiser: Actor, at: datetime
) -> None:
    factory.list_sent(held, at=at)
    report(point, owner_actor, at=at)
    assert state_of(point) == PointState.REPORTED
    assert OutboxMessage.objects.filter(topic="joint.session.all_reported").count() == 1

    joint.begin_recheck(session_id=held.pk, actor=lead, at=at)
    joint.judge_point(point_id=point.pk, passed=True, text="", actor=raiser, at=at)

    held.refresh_from_db()
    assert (held.state, held.round) == (SessionState.RECHECKING, 1)
    assert state_of(point) == PointState.MENDED
    assert list(point.steps.order_by("pk").values_list("step", "round")) == [("reported", 0), ("passed", 1)]


def test_a_failed_point_is_open_again_and_says_why(
    point: Point, held: Session, owner_actor: Actor, lead: Actor, raiser: Actor, at: datetime
) -> None:
    factory.list_sent(held, at=at)
    report(point, owner_actor, at=at)
    joint.begin_recheck(session_id=held.pk, actor=lead, at=at)

    with pytest.raises(InvalidInput):
        joint.judge_point(point_id=point.pk, passed=False, text=" ", actor=raiser, at=at)
    joint.judge_point(point_id=point.pk, passed=False, text="仍有堆土", actor=raiser, at=at)

    assert state_of(point) == PointState.OPEN
    # one re-check is all this kind has
    with pytest.raises(joint.NoRoundsLeft):
        factory.list_sent(held, at=at)


def test_the_recheck_waits_for_the_mandatory_points_or_the_end_of_the_time(
    point: Point, held: Session, lead: Actor, at: datetime
) -> None:
    factory.list_sent(held, at=at)

    with pytest.raises(joint.NotMendedYet):
        joint.begin_recheck(session_id=held.pk, actor=lead, at=at + 10 * DAY)
    joint.begin_recheck(session_id=held.pk, actor=lead, at=at + 11 * DAY)

    assert state_of(held) == SessionState.RECHECKING


def test_a_reported_point_is_judged_before_another_list(
    point: Point, held: Session, owner_actor: Actor, lead: Actor, at: datetime
) -> None:
    Session.objects.filter(pk=held.pk).update(rounds=2)
    factory.list_sent(held, at=at)
    report(point, owner_actor, at=at)
    joint.begin_recheck(session_id=held.pk, actor=lead, at=at)

    with pytest.raises(joint.NotJudgedYet):
        factory.list_sent(held, at=at)


def test_only_the_applicant_mends_and_only_who_raised_it_judges(
    point: Point, held: Session, owner_actor: Actor, lead: Actor, at: datetime, other_applicant: object, agent: object
) -> None:
    factory.list_sent(held, at=at)
    for other in (as_actor(other_applicant), as_actor(agent), lead):  # type: ignore[arg-type]
        with pytest.raises(NotAllowed):
            report(point, other, at=at)
    report(point, owner_actor, at=at)
    with pytest.raises(TransitionRefused):
        report(point, owner_actor, at=at)
    joint.begin_recheck(session_id=held.pk, actor=lead, at=at)
    for other in (lead, owner_actor, reviewing.member(factory.SECOND, "handler")):
        with pytest.raises(NotAllowed):
            joint.judge_point(point_id=point.pk, passed=True, text="", actor=other, at=at)


def test_mending_says_how(point: Point, held: Session, owner_actor: Actor, at: datetime) -> None:
    factory.list_sent(held, at=at)

    with pytest.raises(InvalidInput):
        joint.report_mended(point_id=point.pk, text=" ", actor=owner_actor, at=at)
    joint.report_mended(point_id=point.pk, text="", upload=pdf("整改后.pdf"), actor=owner_actor, at=at)

    assert point.steps.get().file_name == "整改后.pdf"


def test_a_point_taken_back_stays_on_the_list(point: Point, raiser: Actor, lead: Actor, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        joint.waive_point(point_id=point.pk, reason="误列", actor=lead, at=at)
    with pytest.raises(InvalidInput):
        joint.waive_point(point_id=point.pk, reason="", actor=raiser, at=at)
    joint.waive_point(point_id=point.pk, reason="误列", actor=raiser, at=at)

    assert state_of(point) == PointState.WAIVED
    with pytest.raises(TransitionRefused):
        joint.waive_point(point_id=point.pk, reason="误列", actor=raiser, at=at)
