"""A hold keeps a case from being decided and does to the clock what it says."""

from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.deadlines.states import TimerState
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import CaseState, Conclusion, HoldClock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture
def case(application: Application) -> Case:
    return factory.case_of(application, "S1-04")


@pytest.fixture
def handler(case: Case) -> Actor:
    return factory.member(case.department_id, "handler")


def timer_state(case: Case) -> str:
    return type(case.timer).objects.get(pk=case.timer_id).state


@pytest.mark.parametrize(
    ("clock", "kind", "paused"),
    [
        (HoldClock.NONE, "", TimerState.RUNNING),
        (HoldClock.SPECIAL, "expert", TimerState.PAUSED),
        (HoldClock.CORRECTION, "", TimerState.PAUSED),
    ],
)
def test_only_special_procedures_and_corrections_stop_the_clock(
    case: Case, handler: Actor, at: datetime, clock: str, kind: str, paused: str
) -> None:
    hold = review.place_hold(
        case_id=case.pk, reason="等意见", clock=clock, kind=kind, expected_days=5, actor=handler, at=at
    )

    case.refresh_from_db()
    assert case.state == CaseState.HELD
    assert timer_state(case) == paused

    review.release_hold(hold_id=hold.pk, actor=handler, at=at + timedelta(days=1))

    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert timer_state(case) == TimerState.RUNNING
    topics = set(OutboxMessage.objects.values_list("topic", flat=True))
    assert {"review.hold.placed", "review.hold.released", "review.case.held", "review.case.resumed"} <= topics
    assert AuditEvent.objects.filter(action="review.hold.placed").exists()


@pytest.mark.parametrize("conclusion", [Conclusion.GRANT, Conclusion.REJECT])
def test_nothing_is_decided_while_a_hold_is_open(case: Case, handler: Actor, at: datetime, conclusion: str) -> None:
    review.place_hold(case_id=case.pk, reason="等意见", actor=handler, at=at)

    with pytest.raises(review.OpenHold):
        review.complete_task(
            task_id=factory.open_task(case).pk, conclusion=conclusion, opinion="同意", actor=handler, at=at
        )


def test_the_case_stays_held_until_the_last_hold_is_released(case: Case, handler: Actor, at: datetime) -> None:
    first = review.place_hold(case_id=case.pk, reason="甲", actor=handler, at=at)
    review.place_hold(case_id=case.pk, reason="乙", actor=handler, at=at)

    review.release_hold(hold_id=first.pk, actor=handler, at=at)

    case.refresh_from_db()
    assert case.state == CaseState.HELD


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"clock": "special", "kind": "", "expected_days": 5},
        {"clock": "special", "kind": "expert", "expected_days": None},
        {"clock": "special", "kind": "expert", "expected_days": 0},
        {"clock": "stop"},
    ],
)
def test_what_the_law_wants_told_must_be_told(
    case: Case, handler: Actor, at: datetime, wrong: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        review.place_hold(**{"case_id": case.pk, "reason": "等意见", "actor": handler, "at": at, **wrong})  # type: ignore[arg-type]

    assert not case.holds.exists()


def test_releasing_twice_is_refused(case: Case, handler: Actor, at: datetime) -> None:
    hold = review.place_hold(case_id=case.pk, reason="等意见", actor=handler, at=at)
    review.release_hold(hold_id=hold.pk, actor=handler, at=at)

    with pytest.raises(TransitionRefused):
        review.release_hold(hold_id=hold.pk, actor=handler, at=at)


def test_an_ended_case_takes_no_hold(case: Case, handler: Actor, at: datetime) -> None:
    factory.finish(case, at=at)

    with pytest.raises(TransitionRefused):
        review.place_hold(case_id=case.pk, reason="等意见", actor=handler, at=at)


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "leader"])
def test_other_people_may_not(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        review.place_hold(case_id=case.pk, reason="等意见", actor=as_actor(request.getfixturevalue(who)), at=at)
