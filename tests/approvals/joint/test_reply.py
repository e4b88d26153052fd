"""Replying, revising, asking back, urging, closing."""

from datetime import datetime, timedelta

import pytest

from approvals.deadlines.states import TimerState
from approvals.joint import operations as joint
from approvals.joint.models import Consultation, Request
from approvals.joint.states import HOLD_OWNER, ConsultationState, RequestState
from approvals.review import operations as review
from approvals.review.models import Case, Hold
from approvals.review.states import CaseState
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.files import FileRefused
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing
from tests.factories.projects import pdf


@pytest.fixture
def consultation(case: Case, at: datetime) -> Consultation:
    return factory.asked(case, "sthj", "rf", at=at)


@pytest.fixture
def request_row(consultation: Consultation) -> Request:
    return factory.request_to(consultation, "sthj")


def fresh(row: Consultation | Request) -> Consultation | Request:
    row.refresh_from_db()
    return row


def topics(topic: str) -> int:
    return OutboxMessage.objects.filter(topic=topic).count()


def test_a_reply_stops_its_clock_and_tells_the_asker(request_row: Request, at: datetime) -> None:
    factory.replied(request_row, at=at, position="conditions", text="保留管线通道", upload=pdf())

    request_row = factory.request_to(request_row.consultation, "sthj")
    assert (request_row.state, request_row.position) == (RequestState.ANSWERED, "conditions")
    assert request_row.timer.state == TimerState.STOPPED
    (reply,) = request_row.replies.all()
    assert (reply.revision, reply.text, reply.file_name) == (1, "保留管线通道", "材料.pdf")
    assert AuditEvent.objects.filter(action="joint.request.answered").count() == 1
    assert topics("joint.request.answered") == 1


def test_a_reply_is_revised_until_closed_and_every_revision_stays(
    request_row: Request, asker: Actor, at: datetime
) -> None:
    factory.replied(request_row, at=at)
    factory.replied(request_row, at=at, position="disagree", text="占用生态红线")

    request_row = factory.request_to(request_row.consultation, "sthj")
    assert request_row.position == "disagree"
    assert list(request_row.replies.order_by("revision").values_list("position", flat=True)) == ["agree", "disagree"]

    joint.close(consultation_id=request_row.consultation_id, summary="不再等人防", actor=asker, at=at)
    with pytest.raises(joint.Ended):
        factory.replied(request_row, at=at)


def test_the_last_reply_completes_and_only_the_asker_closes(
    consultation: Consultation, asker: Actor, at: datetime
) -> None:
    factory.replied(factory.request_to(consultation, "sthj"), at=at)
    assert fresh(consultation).state == ConsultationState.OPEN

    factory.replied(factory.request_to(consultation, "rf"), at=at)
    factory.replied(factory.request_to(consultation, "rf"), at=at, text="改一个字")
    assert fresh(consultation).state == ConsultationState.COMPLETE
    assert topics("joint.consultation.completed") == 1

    with pytest.raises(NotAllowed):
        joint.close(consultation_id=consultation.pk, summary="", actor=reviewing.member("rf", "handler"), at=at)
    joint.close(consultation_id=consultation.pk, summary="", actor=asker, at=at)
    assert fresh(consultation).state == ConsultationState.CLOSED
    assert set(consultation.requests.values_list("state", flat=True)) == {RequestState.CLOSED}


def test_asking_back_stops_the_clock_until_it_is_supplied(request_row: Request, asker: Actor, at: datetime) -> None:
    factory.replied(request_row, at=at, position="need_info", text="缺总平面图")
    row = factory.request_to(request_row.consultation, "sthj")
    assert (row.state, row.timer.state) == (RequestState.INFO_NEEDED, TimerState.PAUSED)
    assert row.answered_at is None

    joint.supplement(request_id=row.pk, text="总平面图见附件", actor=asker, at=at + timedelta(days=2))

    row = factory.request_to(request_row.consultation, "sthj")
    assert (row.state, row.timer.state, row.supplement) == (RequestState.ASKED, TimerState.RUNNING, "总平面图见附件")
    assert row.timer.promised_due_on.isoformat() == "2026-04-21"


@pytest.mark.parametrize(
    ("position", "text", "field"),
    [("conditions", " ", "text"), ("disagree", "", "text"), ("need_info", "", "text"), ("maybe", "好", "position")],
)
def test_what_needs_words_has_them(request_row: Request, at: datetime, position: str, text: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        factory.replied(request_row, at=at, position=position, text=text)

    assert field in refused.value.fields
    assert not request_row.replies.exists()


def test_who_has_answered_does_not_ask_back(request_row: Request, at: datetime) -> None:
    factory.replied(request_row, at=at)

    with pytest.raises(InvalidInput):
        factory.replied(request_row, at=at, position="need_info", text="还想看图")


def test_a_broken_attachment_is_no_reply(request_row: Request, at: datetime) -> None:
    broken = pdf()
    broken.name = "意见.exe"

    with pytest.raises(FileRefused):
        factory.replied(request_row, at=at, upload=broken)

    assert not request_row.replies.exists()


@pytest.mark.parametrize("who", ["applicant", "clerk", "fire_reviewer", "leader", "planning_handler", "outsider"])
def test_nobody_replies_for_another(
    request_row: Request, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        joint.reply(
            request_id=request_row.pk,
            position="agree",
            text="",
            actor=as_actor(request.getfixturevalue(who)),
            at=at,
        )


def test_an_office_answers_for_itself(case: Case, at: datetime) -> None:
    row = factory.request_to(factory.asked(case, ("zj", "zj_2"), at=at), "zj", "zj_2")
    reply = {"request_id": row.pk, "position": "agree", "text": "", "at": at}

    for other in (reviewing.member("zj", "handler"), factory.of_unit("zj", "zj_1")):
        with pytest.raises(NotAllowed):
            joint.reply(actor=other, **reply)  # type: ignore[arg-type]
    joint.reply(actor=factory.of_unit("zj", "zj_2"), **reply)  # type: ignore[arg-type]
    # who assigns the department's work may answer for an office that is empty
    joint.reply(actor=reviewing.member("zj", "approver"), **reply)  # type: ignore[arg-type]

    assert row.replies.count() == 2


def test_closing_without_all_replies_needs_a_word(consultation: Consultation, asker: Actor, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        joint.close(consultation_id=consultation.pk, summary=" ", actor=asker, at=at)
    assert "summary" in refused.value.fields

    joint.close(consultation_id=consultation.pk, summary="方案已改，不用再等", actor=asker, at=at)

    assert set(Request.objects.values_list("state", "timer__state")) == {(RequestState.CLOSED, TimerState.STOPPED)}
    with pytest.raises(TransitionRefused):
        joint.close(consultation_id=consultation.pk, summary="再关一次", actor=asker, at=at)


def test_closing_ends_what_was_asked_further_and_releases_the_hold(case: Case, asker: Actor, at: datetime) -> None:
    top = factory.asked(case, "zj", at=at, is_blocking=True, days=5)
    row = factory.request_to(top, "zj")
    below = joint.ask_further(
        request_id=row.pk, addressees=[("rf", "")], question="请看", actor=reviewing.member("zj", "handler"), at=at
    )

    joint.close(consultation_id=top.pk, summary="不等了", actor=asker, at=at)

    assert fresh(below).state == ConsultationState.CANCELLED
    assert Hold.objects.get().released_at == at
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_the_hold_of_a_question_is_not_released_by_hand(case: Case, asker: Actor, at: datetime) -> None:
    top = factory.asked(case, "zj", at=at, is_blocking=True)

    with pytest.raises(review.OwnedHold):
        review.release_hold(hold_id=top.hold_id or 0, actor=asker, at=at)

    case.refresh_from_db()
    assert case.state == CaseState.HELD
    assert Hold.objects.get().released_at is None


def test_a_hold_that_is_gone_already_does_not_stop_the_closing(case: Case, asker: Actor, at: datetime) -> None:
    top = factory.asked(case, "zj", at=at, is_blocking=True)
    review.release_hold(hold_id=top.hold_id or 0, actor=asker, owner=HOLD_OWNER, at=at)

    joint.close(consultation_id=top.pk, summary="不等了", actor=asker, at=at)

    assert fresh(top).state == ConsultationState.CLOSED


def test_a_withdrawn_case_is_asked_about_no_more(
    case: Case, consultation: Consultation, owner_actor: Actor, at: datetime, drained: object
) -> None:
    review.withdraw(application_id=case.application_id, reason="改方案", actor=owner_actor, at=at)
    drained(at)  # type: ignore[operator]

    assert fresh(consultation).state == ConsultationState.CANCELLED
    joint.cancel_of_case(case_id=case.pk, at=at)
    assert topics("joint.consultation.cancelled") == 1


def test_urging_is_for_the_asker_and_for_who_owes(
    request_row: Request, asker: Actor, fire_reviewer: User, at: datetime
) -> None:
    joint.urge(request_id=request_row.pk, actor=asker, at=at)
    with pytest.raises(NotAllowed):
        joint.urge(request_id=request_row.pk, actor=as_actor(fire_reviewer), at=at)
    factory.replied(request_row, at=at)
    with pytest.raises(TransitionRefused):
        joint.urge(request_id=request_row.pk, actor=asker, at=at)

    assert topics("joint.request.urged") == 1


def test_the_audit_of_it_all_is_one_chain(
    consultation: Consultation, asker: Actor, project: Project, at: datetime
) -> None:
    from portal.core import audit

    factory.replied(factory.request_to(consultation, "sthj"), at=at)
    joint.close(consultation_id=consultation.pk, summary="够了", actor=asker, at=at)

    assert audit.verify(project.audit_stream) is None
