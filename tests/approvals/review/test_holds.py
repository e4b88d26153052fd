"""A hold keeps a case from being decided and does to the clock what it says."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.deadlines.states import TimerState
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import CaseState, Conclusion, HoldClock
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotAllowed
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


#: owner a hold was placed with, owner who asks, whether it was released before -> what refuses
RELEASES: list[tuple[str, str, bool, type[DomainError] | None]] = [
    ("", "", False, None),
    ("", "joint", False, review.OwnedHold),
    ("joint", "", False, review.OwnedHold),
    ("joint", "other", False, review.OwnedHold),
    ("joint", "joint", False, None),
    ("", "", True, TransitionRefused),
    ("joint", "", True, TransitionRefused),
    ("joint", "joint", True, TransitionRefused),
]


@pytest.mark.parametrize(("owner", "asking", "over", "refusal"), RELEASES)
def test_only_the_work_that_placed_a_hold_releases_it(
    case: Case,
    handler: Actor,
    at: datetime,
    owner: str,
    asking: str,
    over: bool,
    refusal: type[DomainError] | None,
) -> None:
    hold = review.place_hold(case_id=case.pk, reason="等意见", actor=handler, owner=owner, at=at)
    if over:
        review.release_hold(hold_id=hold.pk, actor=handler, owner=owner, at=at)

    if refusal is None:
        review.release_hold(hold_id=hold.pk, actor=handler, owner=asking, at=at)
    else:
        with pytest.raises(refusal):
            review.release_hold(hold_id=hold.pk, actor=handler, owner=asking, at=at)

    case.refresh_from_db()
    assert case.state == (CaseState.OPEN if over or refusal is None else CaseState.HELD)


def test_the_page_offers_to_end_only_what_people_have_placed(
    case: Case, handler: Actor, at: datetime, client: Client
) -> None:
    own = review.place_hold(case_id=case.pk, reason="等现场", actor=handler, at=at)
    other = review.place_hold(case_id=case.pk, reason="等意见", actor=handler, owner="joint", at=at)
    client.force_login(User.objects.get(pk=handler.user_id))

    page = client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert reverse("review:release", args=[case.pk, own.pk]) in page
    assert reverse("review:release", args=[case.pk, other.pk]) not in page

    case.refresh_from_db()
    refused = client.post(reverse("review:release", args=[case.pk, other.pk]), {"version": case.version})
    assert refused.status_code == 409
    assert "不能直接结束" in refused.content.decode()
    other.refresh_from_db()
    assert other.released_at is None


def test_an_ended_case_takes_no_hold(case: Case, handler: Actor, at: datetime) -> None:
    factory.finish(case, at=at)

    with pytest.raises(TransitionRefused):
        review.place_hold(case_id=case.pk, reason="等意见", actor=handler, at=at)


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "leader"])
def test_other_people_may_not(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        review.place_hold(case_id=case.pk, reason="等意见", actor=as_actor(request.getfixturevalue(who)), at=at)
