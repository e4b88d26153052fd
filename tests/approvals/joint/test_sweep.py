"""What time does: reminders, silence, overdue news; each once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.deadlines.states import TimerState
from approvals.joint import operations as joint
from approvals.joint.models import Session
from approvals.joint.states import ConsultationState, ParticipantState, RequestState
from approvals.review.models import Case
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.models import OutboxMessage
from portal.notices.models import Notice
from tests.factories import joint as factory
from tests.factories import review as reviewing

DAY = timedelta(days=1)


def topics(topic: str) -> int:
    return OutboxMessage.objects.filter(topic=topic).count()


def test_the_whole_due_day_is_there_for_the_answer(case: Case, at: datetime) -> None:
    row = factory.request_to(factory.asked(case, "sthj", at=at, days=3), "sthj")

    joint.sweep(at=at + 3 * DAY)

    row.refresh_from_db()
    assert row.state == RequestState.ASKED


def test_silence_agrees_on_the_day_after_and_completes(case: Case, at: datetime) -> None:
    consultation = factory.asked(case, "sthj", at=at, days=3)

    joint.sweep(at=at + 4 * DAY)
    joint.sweep(at=at + 4 * DAY)

    row = factory.request_to(consultation, "sthj")
    consultation.refresh_from_db()
    assert (row.state, row.timer.state, row.position) == (RequestState.SILENT, TimerState.STOPPED, "")
    assert consultation.state == ConsultationState.COMPLETE
    assert topics("joint.request.fell_silent") == 1
    assert topics("joint.consultation.completed") == 1


def test_a_late_reply_is_still_kept(case: Case, at: datetime) -> None:
    row = factory.request_to(factory.asked(case, "sthj", at=at, days=3), "sthj")
    joint.sweep(at=at + 5 * DAY)

    factory.replied(row, at=at + 6 * DAY, position="disagree", text="有异议")

    row.refresh_from_db()
    assert (row.state, row.position) == (RequestState.ANSWERED, "disagree")


def test_where_silence_does_not_agree_both_sides_are_told_once(
    case: Case, asker: Actor, at: datetime, drained: Callable[[datetime], int]
) -> None:
    row = factory.request_to(factory.asked(case, "sthj", at=at, days=2, kind=factory.REMINDING), "sthj")

    for _again in range(2):
        joint.sweep(at=at + 5 * DAY)
        drained(at + 5 * DAY)

    row.refresh_from_db()
    assert row.state == RequestState.ASKED
    assert topics("joint.request.overdue") == 1
    assert Notice.objects.filter(kind="joint.request.overdue", department_id="sthj").count() == 1
    assert Notice.objects.filter(kind="joint.request.overdue_asker", user_id=asker.user_id).count() == 1


def test_a_reminder_comes_before_the_due_day_and_once(case: Case, at: datetime) -> None:
    factory.asked(case, "sthj", at=at, days=10)

    joint.sweep(at=at)
    assert topics("joint.request.due_soon") == 0
    for days in (12, 13, 14):  # the tenth working day is the 28th
        joint.sweep(at=at + days * DAY)

    assert topics("joint.request.due_soon") == 1


def test_after_an_outage_everything_is_caught_up(case: Case, at: datetime) -> None:
    first = factory.asked(case, "sthj", "rf", at=at, days=1)
    factory.replied(factory.request_to(first, "rf"), at=at)

    joint.sweep(at=at + 20 * DAY)

    assert dict(first.requests.values_list("department_id", "state")) == {
        "sthj": RequestState.SILENT,
        "rf": RequestState.ANSWERED,
    }


def test_who_waits_for_information_is_not_silent(case: Case, at: datetime) -> None:
    row = factory.request_to(factory.asked(case, "sthj", at=at, days=1), "sthj")
    factory.replied(row, at=at, position="need_info", text="缺图")

    joint.sweep(at=at + 20 * DAY)

    row.refresh_from_db()
    assert row.state == RequestState.INFO_NEEDED


@pytest.mark.parametrize(
    ("silence", "state"), [("agree", ParticipantState.SILENT), ("remind", ParticipantState.PRESENT)]
)
def test_owed_opinions_follow_the_rule_of_the_kind(
    held: Session, at: datetime, silence: str, state: str, drained: Callable[[datetime], int]
) -> None:
    Session.objects.filter(pk=held.pk).update(silence=silence)

    for _again in range(2):
        joint.sweep(at=at + 30 * DAY)
        drained(at + 30 * DAY)

    assert set(held.participants.values_list("state", flat=True)) == {state}
    told = Notice.objects.filter(kind="joint.participant.overdue", department_id=held.lead_id).count()
    assert told == (0 if silence == "agree" else held.participants.count())
    assert topics("joint.session.opinions_complete") == (1 if silence == "agree" else 0)


def test_the_notices_of_a_question_lead_to_it(
    case: Case, at: datetime, drained: Callable[[datetime], int], planning_lead: User
) -> None:
    row = factory.request_to(factory.asked(case, "sthj", at=at), "sthj")
    drained(at)
    factory.replied(row, at=at)
    drained(at)
    drained(at)

    asked = Notice.objects.get(kind="joint.request.asked")
    assert (asked.department_id, asked.url) == ("sthj", f"/joint/requests/{row.pk}")
    answered = Notice.objects.get(kind="joint.request.answered")
    assert answered.user_id == reviewing.member(case.department_id, "handler").user_id
    assert Notice.objects.filter(kind="joint.consultation.completed").count() == 1
