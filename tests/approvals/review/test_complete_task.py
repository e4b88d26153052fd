"""Concluding a step: who may, what may be said, where the case goes next."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case, Decision, Opinion, OpinionDraft, ReviewTask
from approvals.review.states import CaseState, Conclusion, Outcome, Step, TaskState
from portal.accounts.models import Membership, User
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from tests.cast import SINCE, as_actor
from tests.factories import review as factory


@pytest.fixture
def case(application: Application) -> Case:
    return factory.case_of(application, "S1-07")


@pytest.fixture
def instant(application: Application) -> Case:
    return factory.case_of(application, "S1-04")


def complete(task: ReviewTask, conclusion: str, *, at: datetime, opinion: str = "符合要求") -> Case:
    return review.complete_task(
        task_id=task.pk,
        conclusion=conclusion,
        opinion=opinion,
        actor=factory.member(task.department_id, task.step),
        at=at,
    )


def test_passing_goes_from_handler_to_checker_to_approver(case: Case, at: datetime) -> None:
    for following in (Step.CHECKER, Step.APPROVER):
        complete(factory.open_task(case), Conclusion.PASS, at=at)
        assert factory.open_task(case).step == following

    assert factory.open_task(case).is_deciding
    assert case.opinions.count() == 2


def test_completing_claims_the_task_and_keeps_the_opinion(case: Case, at: datetime) -> None:
    task = factory.open_task(case)
    actor = factory.member(case.department_id, "handler")

    complete(task, Conclusion.PASS, at=at, opinion="  指标符合规划条件  ")

    task.refresh_from_db()
    assert (task.state, task.assignee_id, task.done_at) == (TaskState.DONE, actor.user_id, at)
    opinion = Opinion.objects.get(task=task)
    assert (opinion.text, opinion.conclusion, opinion.author_name) == ("指标符合规划条件", "pass", actor.name)
    actions = set(AuditEvent.objects.filter(subject_id=str(task.pk)).values_list("action", flat=True))
    assert {"review.task.claimed", "review.task.done"} <= actions
    assert OutboxMessage.objects.filter(topic="review.task.done", payload__id=task.pk).exists()


def test_a_return_goes_back_to_the_handler_with_a_new_task(case: Case, at: datetime) -> None:
    first = factory.open_task(case)
    complete(first, Conclusion.PASS, at=at)

    complete(factory.open_task(case), Conclusion.RETURN, at=at, opinion="退距不足，请复核")

    again = factory.open_task(case)
    assert again.step == Step.HANDLER
    assert again.pk != first.pk
    complete(again, Conclusion.PASS, at=at)
    assert factory.open_task(case).step == Step.CHECKER


def test_a_return_needs_a_reason(case: Case, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        complete(factory.open_task(case), Conclusion.RETURN, at=at, opinion="  ")

    assert "opinion" in refused.value.fields
    assert not Opinion.objects.exists()


@pytest.mark.parametrize("conclusion", [Conclusion.GRANT, Conclusion.REJECT, "approve", ""])
def test_the_first_steps_do_not_decide(case: Case, at: datetime, conclusion: str) -> None:
    with pytest.raises(review.WrongConclusion):
        complete(factory.open_task(case), conclusion, at=at)

    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert factory.open_task(case).state == TaskState.WAITING


@pytest.mark.parametrize("conclusion", [Conclusion.PASS, Conclusion.RETURN])
def test_the_deciding_step_passes_nothing_on(instant: Case, at: datetime, conclusion: str) -> None:
    with pytest.raises(review.WrongConclusion):
        complete(factory.open_task(instant), conclusion, at=at)


def test_an_instant_item_is_decided_in_one_step(instant: Case, at: datetime) -> None:
    done = complete(factory.open_task(instant), Conclusion.GRANT, at=at)

    assert done.state == CaseState.DECIDED
    assert done.closed_at == at
    assert done.timer.__class__.objects.get(pk=done.timer_id).is_stopped


def test_a_grant_draws_the_number_by_the_series_of_the_pack(instant: Case, at: datetime) -> None:
    complete(factory.open_task(instant), Conclusion.GRANT, at=at)

    decision = Decision.objects.get(case=instant)
    assert decision.number == "滨发改〔2026〕S1-04-0001号"
    assert decision.title == "企业投资项目备案证"
    assert decision.outcome == Outcome.GRANTED
    event = AuditEvent.objects.get(action="review.case.decided")
    assert event.data["number"] == decision.number
    assert OutboxMessage.objects.filter(topic="review.case.decided", payload__id=instant.pk).exists()


def test_a_refusal_needs_its_reason_and_has_a_number_of_its_own(instant: Case, at: datetime) -> None:
    task = factory.open_task(instant)
    with pytest.raises(InvalidInput):
        complete(task, Conclusion.REJECT, at=at, opinion="")

    complete(task, Conclusion.REJECT, at=at, opinion="属于核准目录内项目")

    decision = Decision.objects.get(case=instant)
    assert decision.outcome == Outcome.REJECTED
    assert decision.reason == "属于核准目录内项目"
    assert decision.number == "滨发改不予〔2026〕S1-04-0001号"
    assert decision.attributes == {}


def test_one_person_never_does_two_steps_of_one_case(case: Case, at: datetime) -> None:
    actor = factory.member(case.department_id, "handler")
    complete(factory.open_task(case), Conclusion.PASS, at=at)
    Membership.objects.create(
        user_id=actor.user_id, role_id="checker", department_id=case.department_id, active_from=SINCE
    )
    both = as_actor(User.objects.get(pk=actor.user_id))
    task = factory.open_task(case)

    with pytest.raises(review.SamePerson):
        review.complete_task(task_id=task.pk, conclusion=Conclusion.PASS, opinion="", actor=both, at=at)
    with pytest.raises(review.SamePerson):
        review.claim(task_id=task.pk, actor=both, at=at)


@pytest.mark.parametrize(
    ("department", "role"), [("zj", "handler"), ("zrzy", "checker"), ("zrzy", "approver"), ("zrzy", "lead")]
)
def test_only_the_step_of_the_department_may(case: Case, at: datetime, department: str, role: str) -> None:
    with pytest.raises(NotAllowed):
        review.complete_task(
            task_id=factory.open_task(case).pk,
            conclusion=Conclusion.PASS,
            opinion="",
            actor=factory.member(department, role),
            at=at,
        )


@pytest.mark.parametrize("who", ["applicant", "other_applicant", "clerk", "leader", "supervisor", "agent"])
def test_outsiders_may_not(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        review.complete_task(
            task_id=factory.open_task(case).pk,
            conclusion=Conclusion.PASS,
            opinion="",
            actor=as_actor(request.getfixturevalue(who)),
            at=at,
        )


def test_a_claimed_task_is_its_holders(case: Case, at: datetime, planning_handler: User) -> None:
    task = factory.open_task(case)
    review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)

    with pytest.raises(review.TakenByOther):
        complete(task, Conclusion.PASS, at=at)


def test_the_second_click_is_refused_and_changes_nothing(case: Case, at: datetime) -> None:
    task = factory.open_task(case)
    complete(task, Conclusion.PASS, at=at)

    with pytest.raises(TransitionRefused):
        complete(task, Conclusion.PASS, at=at)

    assert Opinion.objects.filter(case=case).count() == 1


def test_the_draft_goes_with_the_opinion(case: Case, at: datetime) -> None:
    task = factory.open_task(case)
    review.save_draft(
        task_id=task.pk,
        conclusion="",
        text="写了一半",
        version=0,
        actor=factory.member(case.department_id, "handler"),
        at=at,
    )

    complete(task, Conclusion.PASS, at=at)

    assert not OpinionDraft.objects.exists()


def test_a_result_carries_what_the_pack_declares_and_nothing_else(case: Case, at: datetime) -> None:
    task = factory.up_to_decision(case, at=at)
    actor = factory.member(case.department_id, "approver")

    with pytest.raises(InvalidInput):
        review.complete_task(
            task_id=task.pk,
            conclusion=Conclusion.GRANT,
            opinion="同意",
            actor=actor,
            at=at,
            attributes={"made_up": 1},
        )

    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert factory.open_task(case).state == TaskState.WAITING
