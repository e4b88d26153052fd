"""Acts on several tasks: queued, taken back in time, done once; what fails is told with its reason."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from approvals.review import operations as review
from approvals.review.models import BatchAct, BatchEntry, Case, Opinion, ReviewTask
from approvals.review.states import (
    BATCH_TRANSITIONS,
    BatchKind,
    BatchState,
    CaseState,
    Conclusion,
    EntryState,
    Step,
    TaskState,
)
from portal.accounts.models import Enterprise, Membership, User
from portal.core import audit, clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed, NotFound
from portal.core.transitions import TransitionRefused, require_move
from portal.notices.models import Notice
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def tasks(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> list[ReviewTask]:
    """Three cases of the planning department, each on its handler's step."""
    return [
        a_task(enterprise, owner_actor, clerk_actor, at, name=f"第 {number} 个项目") for number in ("一", "二", "三")
    ]


def a_task(
    owner: Enterprise, applicant: Actor, clerk: Actor, at: datetime, *, name: str, item: str = "S1-07"
) -> ReviewTask:
    project = factory.a_running_project(owner=owner, actor=applicant, at=at, name=name)
    filed = factory.accepted(project=project, stage="S1", applicant=applicant, clerk=clerk, at=at)
    return factory.open_task(factory.case_of(filed, item))


def versions(tasks: list[ReviewTask]) -> dict[int, int]:
    return {task.pk: Case.objects.get(pk=task.case_id).version for task in tasks}


def queued(kind: str, tasks: list[ReviewTask], person: User, at: datetime, *, opinion: str = "") -> BatchAct:
    return review.queue_batch(kind=kind, tasks=versions(tasks), opinion=opinion, actor=as_actor(person), at=at)


def later(at: datetime) -> datetime:
    return at + timedelta(seconds=review.UNDO_SECONDS)


def states(tasks: list[ReviewTask]) -> set[str]:
    return set(ReviewTask.objects.filter(pk__in=[task.pk for task in tasks]).values_list("state", flat=True))


def entry_of(batch: BatchAct, task: ReviewTask) -> BatchEntry:
    return batch.entries.get(task=task)


def test_nothing_is_done_before_the_time_to_take_back_is_over(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    queued(BatchKind.CLAIM, tasks, planning_handler, at)

    assert review.run_due_batches(at=later(at) - timedelta(seconds=1)) == 0
    assert states(tasks) == {TaskState.WAITING}


def test_claiming_several_gives_each_to_the_person(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)

    assert review.run_due_batches(at=later(at)) == 3

    assert states(tasks) == {TaskState.CLAIMED}
    assert set(ReviewTask.objects.filter(batch_of(batch)).values_list("assignee_id", flat=True)) == {
        planning_handler.pk
    }
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    for task in tasks:
        assert audit.verify(task.case.project.audit_stream) is None


def batch_of(batch: BatchAct) -> object:
    from django.db.models import Q

    return Q(pk__in=batch.entries.values("task_id"))


def test_handing_several_back_puts_them_into_the_pool(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    for task in tasks:
        review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at)
    queued(BatchKind.HAND_BACK, tasks, planning_handler, at)

    assert review.run_due_batches(at=later(at)) == 3

    assert states(tasks) == {TaskState.WAITING}


def test_passing_several_says_the_same_words_in_each(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    queued(BatchKind.PASS, tasks, planning_handler, at, opinion="材料齐全，送审核。")

    assert review.run_due_batches(at=later(at)) == 3

    said = Opinion.objects.filter(task__in=tasks)
    assert {(each.conclusion, each.text, each.author_id) for each in said} == {
        (Conclusion.PASS, "材料齐全，送审核。", planning_handler.pk)
    }
    assert {factory.open_task(task.case).step for task in tasks} == {Step.CHECKER}


def test_swept_again_nothing_is_done_again(tasks: list[ReviewTask], planning_handler: User, at: datetime) -> None:
    queued(BatchKind.PASS, tasks, planning_handler, at, opinion="同意")
    review.run_due_batches(at=later(at))

    assert review.run_due_batches(at=later(at)) == 0

    assert Opinion.objects.filter(task__in=tasks).count() == 3
    assert Notice.objects.filter(kind="review.batch").count() == 1


def test_taken_back_in_time_nothing_happens(tasks: list[ReviewTask], planning_handler: User, at: datetime) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)
    actor = as_actor(planning_handler)

    review.undo_batch(batch_id=batch.pk, actor=actor, at=at)
    assert review.undo_batch(batch_id=batch.pk, actor=actor, at=at).state == BatchState.UNDONE

    assert review.run_due_batches(at=later(at)) == 0
    assert states(tasks) == {TaskState.WAITING}
    assert set(batch.entries.values_list("state", flat=True)) == {EntryState.UNDONE}
    assert not Notice.objects.filter(kind="review.batch").exists()


def test_once_begun_it_cannot_be_taken_back(tasks: list[ReviewTask], planning_handler: User, at: datetime) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)
    review.run_due_batches(at=later(at))

    with pytest.raises(review.UndoTooLate):
        review.undo_batch(batch_id=batch.pk, actor=as_actor(planning_handler), at=later(at))

    assert states(tasks) == {TaskState.CLAIMED}


def test_nobody_takes_back_what_another_queued(
    tasks: list[ReviewTask], planning_handler: User, planning_lead: User, at: datetime
) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)

    with pytest.raises(NotFound):
        review.undo_batch(batch_id=batch.pk, actor=as_actor(planning_lead), at=at)

    assert review.run_due_batches(at=later(at)) == 3


def test_what_a_colleague_took_meanwhile_stays_his_and_is_told(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)
    other = factory.member("zrzy", "handler")
    review.claim(task_id=tasks[1].pk, actor=other, at=at)

    assert review.run_due_batches(at=later(at)) == 2

    tasks[1].refresh_from_db()
    assert tasks[1].assignee_id == other.user_id
    assert entry_of(batch, tasks[1]).reason == f"{other.name} 已在办理。"
    notice = Notice.objects.get(kind="review.batch", user=planning_handler)
    assert "办成 2 件，1 件没办成" in notice.title
    assert f"第 二 个项目 {tasks[1].case.service_item.name}：{other.name} 已在办理。" in notice.body


def test_a_case_that_changed_after_the_preview_is_not_passed(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    batch = queued(BatchKind.PASS, tasks, planning_handler, at, opinion="同意")
    other = factory.member("zrzy", "handler")
    review.claim(task_id=tasks[0].pk, actor=other, at=at)
    review.hand_back(task_id=tasks[0].pk, actor=other, at=at)

    assert review.run_due_batches(at=later(at)) == 2

    assert entry_of(batch, tasks[0]).reason.startswith(f"{other.name} 在预览之后动过这个办件")
    assert factory.open_task(tasks[0].case).step == Step.HANDLER


def test_who_has_lost_his_role_does_nothing_more(tasks: list[ReviewTask], planning_handler: User, at: datetime) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)
    Membership.objects.filter(user=planning_handler).delete()

    assert review.run_due_batches(at=later(at)) == 0

    assert states(tasks) == {TaskState.WAITING}
    assert set(batch.entries.values_list("state", flat=True)) == {EntryState.FAILED}


def test_a_worker_that_was_cut_off_is_gone_on_with(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)
    # begun, one entry done, then killed
    BatchAct.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING, begun_at=later(at))
    review.claim(task_id=tasks[0].pk, actor=as_actor(planning_handler), at=at)
    batch.entries.filter(task=tasks[0]).update(state=EntryState.DONE)

    assert review.run_due_batches(at=later(at)) == 2

    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    assert set(batch.entries.values_list("state", flat=True)) == {EntryState.DONE}


def test_a_decision_with_legal_effect_is_never_in_a_batch(tasks: list[ReviewTask], at: datetime) -> None:
    deciding = [factory.up_to_decision(tasks[0].case, at=at)]
    approver = User.objects.get(pk=factory.member("zrzy", "approver").user_id)

    with pytest.raises(review.NothingToDo):
        queued(BatchKind.PASS, deciding, approver, at, opinion="同意")

    review.run_due_batches(at=later(at))
    tasks[0].case.refresh_from_db()
    assert tasks[0].case.state == CaseState.OPEN


def test_what_stands_still_is_not_passed_in_a_batch(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    actor = as_actor(planning_handler)
    review.place_hold(case_id=tasks[0].case_id, reason="等专家意见", clock="none", kind="", actor=actor, at=at)

    batch = queued(BatchKind.PASS, tasks, planning_handler, at, opinion="同意")

    assert entry_of(batch, tasks[0]).reason == "正在停办，须打开办件看过再办。"
    assert review.run_due_batches(at=later(at)) == 2


def test_what_cannot_be_done_is_kept_with_its_reason_and_the_rest_is_done(
    tasks: list[ReviewTask], planning_handler: User, at: datetime
) -> None:
    other = factory.member("zrzy", "handler")
    review.claim(task_id=tasks[0].pk, actor=other, at=at)

    batch = queued(BatchKind.CLAIM, tasks, planning_handler, at)

    assert entry_of(batch, tasks[0]).state == EntryState.FAILED
    assert review.run_due_batches(at=later(at)) == 2


def test_a_task_waits_in_one_batch_only(tasks: list[ReviewTask], planning_handler: User, at: datetime) -> None:
    queued(BatchKind.CLAIM, tasks, planning_handler, at)

    with pytest.raises(review.NothingToDo):
        queued(BatchKind.CLAIM, tasks, planning_handler, at)

    assert BatchAct.objects.count() == 1
    assert review.run_due_batches(at=later(at)) == 3


def test_an_outsider_queues_nothing(
    tasks: list[ReviewTask], applicant: User, fire_reviewer: User, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        queued(BatchKind.CLAIM, tasks, applicant, at)
    with pytest.raises(review.NothingToDo):
        queued(BatchKind.CLAIM, tasks, fire_reviewer, at)
    assert not BatchAct.objects.exists()


@pytest.mark.parametrize("opinion", ["", "  \n "])
def test_passing_needs_words(tasks: list[ReviewTask], planning_handler: User, at: datetime, opinion: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        queued(BatchKind.PASS, tasks, planning_handler, at, opinion=opinion)

    assert set(refused.value.fields) == {"opinion"}


@pytest.mark.parametrize("kind", ["reject", "grant", "", "return"])
def test_no_other_act_can_be_batched(tasks: list[ReviewTask], planning_handler: User, at: datetime, kind: str) -> None:
    with pytest.raises(InvalidInput):
        queued(kind, tasks, planning_handler, at, opinion="不同意")


@pytest.mark.parametrize("before", BatchState.values)
@pytest.mark.parametrize("after", BatchState.values)
def test_the_states_of_a_batch(before: str, after: str) -> None:
    row = BatchAct(state=before)
    if after in BATCH_TRANSITIONS[BatchState(before)]:
        require_move(row, to=after)
    else:
        with pytest.raises(TransitionRefused):
            require_move(row, to=after)
