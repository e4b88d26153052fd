"""More time: asked by who handles, decided by who approves, told to the applicant with the reason."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.applications.models import ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.deadlines import queries as deadlines
from approvals.deadlines.states import Calibre
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.queries import lanes
from approvals.review.states import EXTENSION_TRANSITIONS, ExtensionState
from portal.accounts.models import Enterprise
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import DomainError, InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


def test_a_granted_extension_moves_the_due_day_and_is_told_with_its_reason(
    case: Case, at: datetime, drained: Callable[[datetime], int]
) -> None:
    before = case.timer.promised_due_on
    extension = acts.an_extension(case, at=at)
    case.timer.refresh_from_db()
    assert case.timer.promised_due_on == before

    review.decide_extension(extension_id=extension.pk, granted=True, remark="", actor=acts.approver_of(case), at=at)

    case.timer.refresh_from_db()
    assert before is not None
    assert case.timer.promised_due_on > before  # type: ignore[operator]
    assert case.timer.events.get(type="extended").days == 5
    notice = ApplicationNotice.objects.get(kind=NoticeKind.EXTENSION)
    extension.refresh_from_db()
    assert extension.notice == notice
    assert notice.content["organ"] == case.department.name
    assert ["延长理由", "需要补充论证"] in notice.content["rows"]
    assert "第四十二条" in notice.content["basis"]
    assert AuditEvent.objects.filter(action="review.extension.granted").exists()
    assert OutboxMessage.objects.filter(topic="review.extension.asked").exists()
    drained(at)
    notice.refresh_from_db()
    assert notice.blob is not None
    told = Notice.objects.get(enterprise=case.project.owner, title__startswith="延期告知书")
    assert told.url == f"/review/cases/{case.pk}/mine"


def test_lists_count_the_days_of_an_extension_to_the_limit(case: Case, at: datetime) -> None:
    extension = acts.an_extension(case, at=at)
    review.decide_extension(extension_id=extension.pk, granted=True, remark="", actor=acts.approver_of(case), at=at)
    case.timer.refresh_from_db()

    for day in (0, 1, 5, 9, 30):
        today = clock.day_of(at) + timedelta(days=day)
        told = deadlines.explain(case.timer, today)
        assert told is not None
        assert lanes.used_of(case.timer, today) == (told.used[Calibre.C2], told.limits[Calibre.C2]), today


def test_a_refused_extension_changes_no_clock_and_needs_a_reason(case: Case, at: datetime) -> None:
    before = case.timer.promised_due_on
    extension = acts.an_extension(case, at=at)
    approver = acts.approver_of(case)

    with pytest.raises(InvalidInput):
        review.decide_extension(extension_id=extension.pk, granted=False, remark=" ", actor=approver, at=at)
    review.decide_extension(extension_id=extension.pk, granted=False, remark="理由不足", actor=approver, at=at)

    case.timer.refresh_from_db()
    assert case.timer.promised_due_on == before
    assert not ApplicationNotice.objects.filter(kind=NoticeKind.EXTENSION).exists()
    # refused, it may be asked again
    acts.an_extension(case, at=at, days=2)


def test_a_case_is_extended_once(case: Case, at: datetime) -> None:
    extension = acts.an_extension(case, at=at)
    with pytest.raises(review.AlreadyAsked):
        acts.an_extension(case, at=at)
    review.decide_extension(extension_id=extension.pk, granted=True, remark="", actor=acts.approver_of(case), at=at)

    with pytest.raises(review.ExtensionsUsedUp):
        acts.an_extension(case, at=at)


@pytest.mark.parametrize(("days", "reason"), [(0, "有事"), (11, "有事"), (5, " ")])
def test_days_and_reason_are_checked(case: Case, at: datetime, days: int, reason: str) -> None:
    with pytest.raises(InvalidInput):
        review.ask_extension(case_id=case.pk, days=days, reason=reason, actor=acts.handler_of(case), at=at)

    assert not case.extensions.exists()


def test_who_asked_never_decides(case: Case, at: datetime) -> None:
    extension = acts.an_extension(case, at=at)

    for role in ("handler", "checker"):
        with pytest.raises(NotAllowed):
            review.decide_extension(
                extension_id=extension.pk,
                granted=True,
                remark="",
                actor=factory.member(case.department_id, role),
                at=at,
            )


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "leader", "planning_approver"])
def test_other_people_may_neither_ask_nor_decide(
    case: Case, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    actor = as_actor(request.getfixturevalue(who))
    with pytest.raises(NotAllowed):
        review.ask_extension(case_id=case.pk, days=3, reason="x", actor=actor, at=at)
    extension = acts.an_extension(case, at=at)
    with pytest.raises(NotAllowed):
        review.decide_extension(extension_id=extension.pk, granted=True, remark="", actor=actor, at=at)


def test_what_was_asked_lapses_with_the_case(case: Case, owner_actor: Actor, at: datetime) -> None:
    extension = acts.an_extension(case, at=at)

    factory.finish(case, at=at + timedelta(hours=1))

    extension.refresh_from_db()
    assert extension.state == ExtensionState.LAPSED


@pytest.mark.parametrize("state", ExtensionState.values)
@pytest.mark.parametrize("granted", [True, False])
def test_every_state_and_verdict(case: Case, at: datetime, state: str, granted: bool) -> None:
    extension = acts.an_extension(case, at=at)
    type(extension).objects.filter(pk=extension.pk).update(
        state=state, decided_at=None if state == ExtensionState.ASKED else at
    )

    def act() -> object:
        return review.decide_extension(
            extension_id=extension.pk, granted=granted, remark="意见", actor=acts.approver_of(case), at=at
        )

    target = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    if target in EXTENSION_TRANSITIONS[state]:
        act()
    else:
        with pytest.raises(TransitionRefused):
            act()


def test_an_ended_case_takes_none(case: Case, at: datetime) -> None:
    factory.finish(case, at=at)

    with pytest.raises(DomainError):
        acts.an_extension(case, at=at)
