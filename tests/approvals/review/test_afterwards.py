"""After the decision: revoked, given back, taken up again, corrected; and what becomes of the paper."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from approvals.applications.models import ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.certificates import queries as certificates
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState, Verdict
from approvals.deadlines.states import TimerState
from approvals.review import operations as review
from approvals.review.models import Case, Decision, ReviewTask
from approvals.review.queries import lanes
from approvals.review.states import (
    CASE_TRANSITIONS,
    DECISION_TRANSITIONS,
    CaseState,
    Conclusion,
    DecisionState,
    Step,
)
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused, require_move
from portal.notices.models import Notice
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory

Drain = Callable[[datetime], int]
LAW = "《中华人民共和国行政许可法》第六十九条"


@pytest.fixture
def case(application: Any, at: datetime) -> Case:
    """A granted permit of three steps."""
    factory.finish(factory.case_of(application, "S1-04"), at=at)
    return factory.finish(factory.case_of(application, "S1-07"), at=at)


def test_the_tables_are_closed() -> None:
    for table in (DECISION_TRANSITIONS, CASE_TRANSITIONS):
        for targets in table.values():
            assert targets <= set(table)
    for before in DecisionState:
        for after in DecisionState:
            row: Any = Decision(state=before)
            if after in DECISION_TRANSITIONS[before]:
                require_move(row, to=after)
            else:
                with pytest.raises(TransitionRefused):
                    require_move(row, to=after)


def test_revoking_ends_decision_case_and_paper_and_tells_why(case: Case, at: datetime, drained: Drain) -> None:
    drained(at)
    certificate = Certificate.objects.get(decision__case=case)

    review.revoke(case_id=case.pk, reason="申请材料不实", basis=LAW, actor=acts.approver_of(case), at=at)

    # the world is told at once, before the paper has followed
    assert certificates.verify(certificate.verify_code, today=at.date()).verdict == Verdict.REVOKED
    case.refresh_from_db()
    decision = case.decisions.get()
    assert (case.state, case.decision_id, decision.state) == (CaseState.CLOSED, None, DecisionState.REVOKED)
    assert (decision.end_reason, decision.end_basis) == ("申请材料不实", LAW)
    letter = ApplicationNotice.objects.get(kind=NoticeKind.REVOCATION)
    assert "行政复议" in letter.content["remedy"]
    drained(at)
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.REVOKED
    assert certificate.document is not None
    assert certificate.document.is_withdrawn
    assert Notice.objects.filter(kind="certificates.certificate.revoked", enterprise=case.project.owner).exists()
    assert AuditEvent.objects.filter(action="review.decision.revoked").exists()
    assert audit.verify(case.audit_stream) is None


def test_what_holds_no_longer_is_not_shown_as_done(case: Case, at: datetime) -> None:
    run, today = case.stage_run_id or 0, at.date()
    words = {lane.item: lane.words for lane in lanes.lanes_of([run], today=today)[run]}
    assert set(words.values()) == {"已办结"}

    review.revoke(case_id=case.pk, reason="申请材料不实", basis=LAW, actor=acts.approver_of(case), at=at)

    case.refresh_from_db()
    found = {lane.item: lane.words for lane in lanes.lanes_of([run], today=today)[run]}
    assert found == words | {case.service_item.name: "已终止"}
    assert lanes.light_of(case.state, case.timer, today).words == "已终止"


def test_the_applicant_gives_a_permit_back(case: Case, owner_actor: Actor, at: datetime, drained: Drain) -> None:
    drained(at)

    review.give_back(case_id=case.pk, reason="项目调整", actor=owner_actor, at=at)
    drained(at)

    case.refresh_from_db()
    assert case.decisions.get().state == DecisionState.WITHDRAWN
    certificate = Certificate.objects.get(decision__case=case)
    assert certificate.state == CertificateState.CANCELLED
    assert certificates.verify(certificate.verify_code, today=at.date()).verdict == Verdict.CANCELLED
    assert OutboxMessage.objects.filter(topic="review.decision.given_back").exists()


def test_taken_up_again_a_new_round_begins_with_the_handler(case: Case, at: datetime, drained: Drain) -> None:
    drained(at)
    first = case.decision
    assert first is not None
    old_clock = case.timer_id
    later = at + timedelta(days=3)

    review.reopen(case_id=case.pk, reason="遗漏了一项意见", actor=acts.approver_of(case), at=later)

    case.refresh_from_db()
    task = factory.open_task(case)
    assert (case.state, case.round, case.decision_id) == (CaseState.OPEN, 2, None)
    assert (task.step, task.is_deciding) == (Step.HANDLER, False)
    assert case.timer_id != old_clock
    assert case.timer.state == TimerState.RUNNING
    drained(later)
    paper = Certificate.objects.get(decision=first)
    assert paper.state == CertificateState.SUPERSEDED
    assert certificates.verify(paper.verify_code, today=later.date()).verdict == Verdict.SUPERSEDED
    assert ApplicationNotice.objects.filter(kind=NoticeKind.REOPENING).count() == 1
    event = AuditEvent.objects.get(action="review.case.reopened")
    assert event.data["reason"] == "遗漏了一项意见"

    # the same people may do their steps again, and the new decision has a number of its own
    factory.finish(case, at=later)
    drained(later)
    second = acts.in_force(case)
    assert second.number != first.number
    assert Certificate.objects.get(decision=second).state == CertificateState.ISSUED
    assert case.decisions.count() == 2
    found = certificates.verify(paper.verify_code, today=later.date())
    assert found.successor == Certificate.objects.get(decision=second)


def test_a_refusal_can_be_taken_up_again_unless_applied_for_anew(
    application: Any, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    case = factory.case_of(application, "S1-07")
    factory.finish(factory.case_of(application, "S1-04"), at=at)
    factory.finish(case, at=at, conclusion=Conclusion.REJECT, opinion="不符合条件")
    approver = acts.approver_of(case)
    again = review.open_application(
        project_id=application.project_id, stage="S1", item_ids=["S1-07"], actor=owner_actor, at=at
    )

    with pytest.raises(review.TakenUpElsewhere):
        review.reopen(case_id=case.pk, reason="复核", actor=approver, at=at)
    review.withdraw(application_id=again.pk, reason="先不办", actor=owner_actor, at=at)

    assert review.reopen(case_id=case.pk, reason="复核", actor=approver, at=at).state == CaseState.OPEN


def test_a_paper_still_being_made_follows_too(case: Case, at: datetime, drained: Drain) -> None:
    review.revoke(case_id=case.pk, reason="不实", basis=LAW, actor=acts.approver_of(case), at=at)
    drained(at)

    # nothing was handed out: no paper is made of a decision that ended before
    assert not Certificate.objects.filter(decision__case=case, state=CertificateState.ISSUED).exists()


@pytest.mark.parametrize(("reason", "basis"), [(" ", LAW), ("不实", " ")])
def test_words_are_needed(case: Case, at: datetime, reason: str, basis: str) -> None:
    with pytest.raises(InvalidInput):
        review.revoke(case_id=case.pk, reason=reason, basis=basis, actor=acts.approver_of(case), at=at)


VERBS = ("revoke", "reopen", "give_back", "correct")


def do(verb: str, case: Case, actor: Actor, at: datetime) -> object:
    given: dict[str, Any] = {"case_id": case.pk, "reason": "理由", "actor": actor, "at": at}
    if verb == "revoke":
        given["basis"] = LAW
    if verb == "correct":
        given |= {"attributes": {}, "lines": {"项目名称": "改后"}}
    return getattr(review, verb)(**given)


@pytest.mark.parametrize("state", CaseState.values)
@pytest.mark.parametrize("verb", VERBS)
def test_every_state_and_verb(case: Case, owner_actor: Actor, at: datetime, state: str, verb: str) -> None:
    running = state in (CaseState.OPEN, CaseState.HELD)
    Case.objects.filter(pk=case.pk).update(state=state, closed_at=None if running else at)
    actor = owner_actor if verb == "give_back" else acts.approver_of(case)

    if state == CaseState.DECIDED:
        do(verb, case, actor, at)
    else:
        with pytest.raises(TransitionRefused):
            do(verb, case, actor, at)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["other_applicant", "clerk", "agent", "planning_handler", "fire_reviewer", "leader"])
def test_other_people_may_not(case: Case, at: datetime, verb: str, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        do(verb, case, as_actor(request.getfixturevalue(who)), at)


def test_ending_twice_is_refused(case: Case, at: datetime) -> None:
    approver = acts.approver_of(case)
    do("revoke", case, approver, at)

    for verb in ("revoke", "reopen", "correct"):
        with pytest.raises(TransitionRefused):
            do(verb, case, approver, at)
    assert not ReviewTask.objects.open().filter(case=case).exists()
