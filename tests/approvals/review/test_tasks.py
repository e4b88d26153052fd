"""Claiming, handing back, and drafts that nobody loses."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import OpinionDraft, ReviewTask
from approvals.review.states import TaskState
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import NotAllowed, NotFound
from portal.core.models import AuditEvent, OutboxMessage
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture
def task(application: Application) -> ReviewTask:
    return factory.open_task(factory.case_of(application, "S1-07"))


@pytest.fixture
def handler(planning_handler: User) -> Actor:
    return as_actor(planning_handler)


def test_claiming_names_the_holder_and_leaves_the_due_date(task: ReviewTask, handler: Actor, at: datetime) -> None:
    due = task.case.timer.promised_due_on

    review.claim(task_id=task.pk, actor=handler, at=at)

    task.refresh_from_db()
    assert (task.state, task.assignee_id) == (TaskState.CLAIMED, handler.user_id)
    assert type(task.case.timer).objects.get(pk=task.case.timer_id).promised_due_on == due
    assert AuditEvent.objects.filter(action="review.task.claimed").count() == 1
    assert OutboxMessage.objects.filter(topic="review.task.claimed").count() == 1


def test_claiming_ones_own_again_changes_nothing(task: ReviewTask, handler: Actor, at: datetime) -> None:
    review.claim(task_id=task.pk, actor=handler, at=at)
    review.claim(task_id=task.pk, actor=handler, at=at)

    assert AuditEvent.objects.filter(action="review.task.claimed").count() == 1


def test_handing_back_frees_the_task(task: ReviewTask, handler: Actor, at: datetime) -> None:
    review.claim(task_id=task.pk, actor=handler, at=at)

    review.hand_back(task_id=task.pk, actor=handler, at=at)

    task.refresh_from_db()
    assert (task.state, task.assignee_id) == (TaskState.WAITING, None)
    review.claim(task_id=task.pk, actor=factory.member("zrzy", "handler"), at=at)


def test_the_approver_may_take_a_task_from_an_absent_colleague(
    task: ReviewTask, handler: Actor, planning_approver: User, at: datetime
) -> None:
    review.claim(task_id=task.pk, actor=handler, at=at)

    review.hand_back(task_id=task.pk, actor=as_actor(planning_approver), at=at)

    task.refresh_from_db()
    assert task.assignee_id is None


@pytest.mark.parametrize("who", ["fire_reviewer", "planning_checker", "applicant", "leader"])
def test_others_neither_claim_nor_hand_back(
    task: ReviewTask, handler: Actor, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    other = as_actor(request.getfixturevalue(who))
    with pytest.raises(NotAllowed):
        review.claim(task_id=task.pk, actor=other, at=at)
    review.claim(task_id=task.pk, actor=handler, at=at)
    with pytest.raises(NotAllowed):
        review.hand_back(task_id=task.pk, actor=other, at=at)


def test_an_unknown_task_is_not_found(handler: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        review.claim(task_id=99_999_999, actor=handler, at=at)
    with pytest.raises(NotFound):
        review.complete_task(task_id=99_999_999, conclusion="pass", opinion="", actor=handler, at=at)


def test_a_draft_is_kept_and_counts_its_versions(task: ReviewTask, handler: Actor, at: datetime) -> None:
    review.save_draft(task_id=task.pk, conclusion="", text="一", version=0, actor=handler, at=at)
    review.save_draft(task_id=task.pk, conclusion="pass", text="二", version=1, actor=handler, at=at)

    draft = OpinionDraft.objects.get(task=task)
    assert (draft.text, draft.conclusion, draft.version) == ("二", "pass", 2)


def test_an_older_page_learns_what_was_written_meanwhile(task: ReviewTask, handler: Actor, at: datetime) -> None:
    review.save_draft(task_id=task.pk, conclusion="", text="甲页", version=0, actor=handler, at=at, window="a")

    with pytest.raises(review.DraftConflict) as refused:
        review.save_draft(task_id=task.pk, conclusion="", text="乙页", version=0, actor=handler, at=at, window="b")

    assert refused.value.fields["text"] == "甲页"
    assert OpinionDraft.objects.get(task=task).text == "甲页"


def test_the_same_page_goes_on_saving(task: ReviewTask, handler: Actor, at: datetime) -> None:
    for text in ("一", "一二", "一二三"):
        review.save_draft(task_id=task.pk, conclusion="", text=text, version=0, actor=handler, at=at, window="a")

    assert OpinionDraft.objects.get(task=task).text == "一二三"
