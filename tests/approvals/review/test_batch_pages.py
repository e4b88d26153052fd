"""The pages of a batch: the preview names every case, the inbox offers to take it back, the result says what failed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import BatchAct, Case, ReviewTask
from approvals.review.states import BatchState, TaskState
from portal.accounts.models import User
from portal.core import clock
from tests.factories import review as factory

WORDS = "材料齐全，符合规定条件。"


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def task(application: Application) -> ReviewTask:
    return factory.open_task(factory.case_of(application, "S1-07"))


@pytest.fixture
def client(planning_handler: User) -> Client:
    client = Client()
    client.force_login(planning_handler)
    return client


def key(task: ReviewTask) -> str:
    return f"{task.pk}:{Case.objects.get(pk=task.case_id).version}"


def queue(client: Client, task: ReviewTask, *, kind: str = "claim", opinion: str = "") -> BatchAct:
    answer = client.post(
        reverse("review:batch_queue"), {"kind": kind, "task": key(task), "opinion": opinion, "back": "stage=S1"}
    )
    batch = BatchAct.objects.latest("pk")
    assert answer["Location"] == f"{reverse('review:inbox')}?stage=S1&queued={batch.pk}"
    return batch


def test_the_inbox_offers_the_rows_for_a_batch(client: Client, task: ReviewTask) -> None:
    page = client.get(reverse("review:inbox")).content.decode()

    assert f'name="task" value="{task.pk}" form="batch"' in page
    for words in ("预览批量领取", "预览批量交回", "预览批量通过"):
        assert words in page


def test_the_preview_names_what_is_taken_and_what_is_left_out(
    client: Client, task: ReviewTask, application: Application, at: datetime
) -> None:
    other = factory.open_task(factory.case_of(application, "S1-04"))

    page = client.get(reverse("review:batch_preview"), {"kind": "pass", "task": [task.pk, other.pk, 999999]})

    text = page.content.decode()
    assert "这 1 件会通过" in text
    assert key(task) in text
    assert "S1-04" not in text
    assert "没有算进去" not in text, "a case of another department is not even named"


def test_the_preview_says_why_a_task_is_left_out(client: Client, task: ReviewTask, at: datetime) -> None:
    other = factory.member("zrzy", "handler")
    review.claim(task_id=task.pk, actor=other, at=at)

    text = client.get(reverse("review:batch_preview"), {"kind": "claim", "task": task.pk}).content.decode()

    assert "这 1 件没有算进去" in text
    assert f"{other.name} 已在办理。" in text
    assert "没有可办的件" in text


def test_passing_without_words_comes_back_with_the_list(client: Client, task: ReviewTask) -> None:
    answer = client.post(reverse("review:batch_queue"), {"kind": "pass", "task": key(task), "opinion": ""})

    assert answer.status_code == 422
    assert "请写意见" in answer.content.decode()
    assert key(task) in answer.content.decode()


def test_the_inbox_offers_to_take_back_what_was_queued(client: Client, task: ReviewTask) -> None:
    batch = queue(client, task)

    text = client.get(reverse("review:inbox"), {"queued": batch.pk}).content.decode()
    assert reverse("review:batch_undo", args=[batch.pk]) in text

    answer = client.post(reverse("review:batch_undo", args=[batch.pk]), follow=True)
    assert "已撤销，哪一件都没有动。" in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE


def test_too_late_is_told_with_the_result(client: Client, task: ReviewTask, at: datetime) -> None:
    batch = queue(client, task, kind="pass", opinion=WORDS)
    review.run_due_batches(at=at + timedelta(seconds=review.UNDO_SECONDS))

    answer = client.post(reverse("review:batch_undo", args=[batch.pk]), follow=True)

    text = answer.content.decode()
    assert "已经开始办理，撤销不了" in text
    assert "办成 1 件" in text
    assert WORDS in text


def test_the_result_says_what_failed_and_why(client: Client, task: ReviewTask, at: datetime) -> None:
    batch = queue(client, task)
    review.claim(task_id=task.pk, actor=factory.member("zrzy", "handler"), at=at)
    review.run_due_batches(at=at + timedelta(seconds=review.UNDO_SECONDS))

    text = client.get(reverse("review:batch", args=[batch.pk])).content.decode()

    assert "没办成的 1 件" in text
    assert "已在办理。" in text


def test_the_toast_is_sent_again_only_when_the_state_has_changed(
    client: Client, task: ReviewTask, at: datetime
) -> None:
    batch = queue(client, task)
    url = reverse("review:batch_state", args=[batch.pk])

    assert client.get(url, {"was": "queued"}).status_code == 204
    review.run_due_batches(at=at + timedelta(seconds=review.UNDO_SECONDS))
    assert "办成 1 件" in client.get(url, {"was": "queued"}).content.decode()


def test_the_second_click_finds_nothing_left(client: Client, task: ReviewTask) -> None:
    queue(client, task)

    answer = client.post(reverse("review:batch_queue"), {"kind": "claim", "task": key(task)}, follow=True)

    assert "选的件现在都不能这样办" in answer.content.decode()
    assert BatchAct.objects.count() == 1


def test_a_batch_is_nobody_elses(client: Client, task: ReviewTask, planning_checker: User) -> None:
    batch = queue(client, task)
    other = Client()
    other.force_login(planning_checker)

    for name in ("batch", "batch_state"):
        assert other.get(reverse(f"review:{name}", args=[batch.pk])).status_code == 404
    assert other.post(reverse("review:batch_undo", args=[batch.pk])).status_code == 404
    assert f"batches/{batch.pk}" not in other.get(reverse("review:inbox"), {"queued": batch.pk}).content.decode()


@pytest.mark.parametrize("typed", ["", "x:1", "1:x", "1", "9999999999:1"])
def test_odd_tasks_are_no_tasks(client: Client, task: ReviewTask, typed: str) -> None:
    client.post(reverse("review:batch_queue"), {"kind": "claim", "task": typed})

    assert not BatchAct.objects.exists()
    task.refresh_from_db()
    assert task.state == TaskState.WAITING
