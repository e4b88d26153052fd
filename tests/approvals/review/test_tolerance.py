"""A grant with material to come: only what the pack tolerates, to a day; what does not come ends the grant."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from approvals.applications.models import ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from approvals.deadlines.states import Outcome
from approvals.review import operations as review
from approvals.review.models import Case, Tolerance
from approvals.review.states import (
    TOLERANCE_TRANSITIONS,
    CaseState,
    Conclusion,
    DecisionKind,
    DecisionState,
    ToleranceState,
)
from portal.accounts.models import Enterprise
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory
from tests.factories.projects import pdf


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


def supply(tolerance: Tolerance, *, actor: Actor, at: datetime) -> Tolerance:
    row = tolerance.materials.get()
    return review.supply_tolerance(tolerance_id=tolerance.pk, uploads={row.pk: pdf(note=str(at))}, actor=actor, at=at)


def test_the_grant_stands_and_says_what_is_to_come(case: Case, at: datetime) -> None:
    tolerance = acts.a_tolerance(case, at=at)

    decision = acts.in_force(case)
    timer = type(case.timer).objects.get(pk=case.timer_id)
    assert (decision.kind, timer.ended_as) == (DecisionKind.TOLERANT, Outcome.APPROVED_TOLERANT)
    assert tolerance.materials.get().material == acts.TOLERABLE
    notice = ApplicationNotice.objects.get(kind=NoticeKind.TOLERANCE)
    assert tolerance.notice == notice
    assert "失效" in notice.content["box"][1]
    assert AuditEvent.objects.filter(action="review.tolerance.begun").exists()


@pytest.mark.parametrize(
    ("deferred", "days"),
    [(["m_form"], 5), ([acts.TOLERABLE], None), ([acts.TOLERABLE], 0), ([acts.TOLERABLE], 60)],
)
def test_only_what_the_pack_tolerates_to_a_day_within_its_limit(
    case: Case, at: datetime, deferred: list[str], days: int | None
) -> None:
    task = factory.up_to_decision(case, at=at)

    with pytest.raises(InvalidInput):
        review.complete_task(
            task_id=task.pk,
            conclusion=Conclusion.GRANT,
            opinion="同意",
            deferred=deferred,
            supply_by=None if days is None else at.date() + timedelta(days=days),
            actor=acts.approver_of(case),
            at=at,
        )

    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_an_item_without_tolerance_takes_none(project: object, application: object, at: datetime) -> None:
    case = factory.case_of(application, "S1-04")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        review.complete_task(
            task_id=factory.open_task(case).pk,
            conclusion=Conclusion.GRANT,
            opinion="同意",
            deferred=["m_filing"],
            supply_by=date(at.year, at.month, at.day) + timedelta(days=3),
            actor=acts.handler_of(case),
            at=at,
        )


def test_supplied_and_confirmed_the_decision_is_whole(case: Case, owner_actor: Actor, at: datetime) -> None:
    tolerance = acts.a_tolerance(case, at=at)

    assert supply(tolerance, actor=owner_actor, at=at).state == ToleranceState.SUPPLIED
    review.confirm_tolerance(tolerance_id=tolerance.pk, complete=True, remark="", actor=acts.handler_of(case), at=at)

    tolerance.refresh_from_db()
    assert tolerance.state == ToleranceState.SETTLED
    assert review.lapse_tolerances(at=at + timedelta(days=60)) == 0
    assert acts.in_force(case).is_granted


def test_what_does_not_come_ends_the_grant_once(
    case: Case, owner_actor: Actor, at: datetime, drained: Callable[[datetime], int]
) -> None:
    tolerance = acts.a_tolerance(case, at=at)
    drained(at)
    on_the_day = at + timedelta(days=7)
    assert review.lapse_tolerances(at=on_the_day) == 0

    late = at + timedelta(days=8)
    assert review.lapse_tolerances(at=late) == 1
    assert review.lapse_tolerances(at=late) == 0
    drained(late)

    case.refresh_from_db()
    decision = case.decisions.get()
    certificate = Certificate.objects.get(decision=decision)
    assert (case.state, case.decision_id) == (CaseState.CLOSED, None)
    assert decision.state == DecisionState.LAPSED
    assert certificate.state == CertificateState.CANCELLED
    assert ApplicationNotice.objects.filter(kind=NoticeKind.LAPSE).count() == 1
    tolerance.refresh_from_db()
    assert tolerance.state == ToleranceState.LAPSED
    # the item can be applied for again
    again = review.open_application(
        project_id=case.project_id,
        stage="S1",
        item_ids=[acts.PROPOSAL],
        actor=owner_actor,
        at=late,
    )
    assert again.items.count() == 1


def test_what_awaits_a_look_does_not_lapse(case: Case, owner_actor: Actor, at: datetime) -> None:
    supply(acts.a_tolerance(case, at=at), actor=owner_actor, at=at)

    assert review.lapse_tolerances(at=at + timedelta(days=30)) == 0


@pytest.mark.parametrize("state", ToleranceState.values)
@pytest.mark.parametrize("verb", ["supply", "confirm", "send_back"])
def test_every_state_and_verb(case: Case, owner_actor: Actor, at: datetime, state: str, verb: str) -> None:
    tolerance = acts.a_tolerance(case, at=at)
    Tolerance.objects.filter(pk=tolerance.pk).update(state=state)
    handler = acts.handler_of(case)

    def act() -> object:
        if verb == "supply":
            return supply(tolerance, actor=owner_actor, at=at)
        return review.confirm_tolerance(
            tolerance_id=tolerance.pk, complete=verb == "confirm", remark="看过", actor=handler, at=at
        )

    target = {
        "supply": ToleranceState.SUPPLIED,
        "confirm": ToleranceState.SETTLED,
        "send_back": ToleranceState.OPEN,
    }[verb]
    if target in TOLERANCE_TRANSITIONS[state]:
        act()
    else:
        with pytest.raises(TransitionRefused):
            act()


@pytest.mark.parametrize("who", ["other_applicant", "clerk", "leader", "planning_handler"])
def test_other_people_do_not_supply(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    tolerance = acts.a_tolerance(case, at=at)
    with pytest.raises(NotAllowed):
        supply(tolerance, actor=as_actor(request.getfixturevalue(who)), at=at)
