"""Batches in real threads: two sweeps, a sweep and a withdrawal in the same moment."""

from datetime import datetime, timedelta

import pytest
from django.db import close_old_connections

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import BatchAct, Case, Opinion, ReviewTask
from approvals.review.states import BatchKind, BatchState, EntryState
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.notices.models import Notice
from tests.approvals.review.test_concurrency import together
from tests.factories import review as factory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handler(application: Application) -> Actor:
    return factory.member("zrzy", "handler")


@pytest.fixture
def batch(application: Application, handler: Actor, at: datetime) -> BatchAct:
    tasks = ReviewTask.objects.open().filter(case__application=application, department="zrzy")
    versions = {task.pk: Case.objects.get(pk=task.case_id).version for task in tasks}
    assert versions
    return review.queue_batch(kind=BatchKind.PASS, tasks=versions, opinion="材料齐全", actor=handler, at=at)


def test_two_sweeps_at_once_do_each_task_once(batch: BatchAct, at: datetime) -> None:
    later = at + timedelta(seconds=review.UNDO_SECONDS)

    done = together(*(lambda: review.run_due_batches(at=later) for _number in range(4)))

    count = batch.entries.count()
    assert sum(number for number in done if isinstance(number, int)) == count
    assert Opinion.objects.filter(task__in=batch.entries.values("task")).count() == count
    assert Notice.objects.filter(kind="review.batch").count() == 1
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE


def test_taken_back_and_swept_in_the_same_moment_only_one_of_them_happens(
    batch: BatchAct, handler: Actor, at: datetime
) -> None:
    later = at + timedelta(seconds=review.UNDO_SECONDS)

    undone, done = together(
        lambda: review.undo_batch(batch_id=batch.pk, actor=handler, at=later),
        lambda: review.run_due_batches(at=later),
    )

    close_old_connections()
    said = Opinion.objects.filter(task__in=batch.entries.values("task")).count()
    states = set(batch.entries.values_list("state", flat=True))
    if isinstance(undone, DomainError):
        assert isinstance(undone, review.UndoTooLate)
        assert (said, states) == (batch.entries.count(), {EntryState.DONE})
    else:
        assert (done, said, states) == (0, 0, {EntryState.UNDONE})


def test_one_task_queued_twice_at_once_waits_once(application: Application, handler: Actor, at: datetime) -> None:
    task = ReviewTask.objects.open().filter(case__application=application, department="zrzy").first()
    assert task is not None
    version = Case.objects.get(pk=task.case_id).version

    results = together(
        *(
            lambda: review.queue_batch(kind=BatchKind.CLAIM, tasks={task.pk: version}, opinion="", actor=handler, at=at)
            for _number in range(2)
        )
    )

    assert sum(isinstance(result, review.NothingToDo) for result in results) == 1
    assert review.run_due_batches(at=at + timedelta(seconds=review.UNDO_SECONDS)) == 1
