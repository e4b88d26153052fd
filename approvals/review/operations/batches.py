"""The same act on several tasks: queued, taken back in time, or done, each case by an operation of its own.

A batch is locked before anything else and only by itself: to begin it, to take it back, to end it. Its entries are
locked one at a time, before the stage runs, and skipped when another worker has them. The entry is marked in the
transaction of its act, so a worker that is killed has done an act and marked it, or neither.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals.review import batching, policies
from approvals.review.models import BatchAct, BatchEntry, ReviewTask
from approvals.review.operations import steps
from approvals.review.operations.revisions import StaleCase
from approvals.review.states import BATCH_OPEN, BatchKind, BatchState, EntryState
from portal.accounts.models import User
from portal.core import actor as actors
from portal.core.actor import Actor
from portal.core.errors import Conflict, DomainError, InvalidInput, NotFound
from portal.core.transitions import move
from portal.core.unit import operation
from portal.notices import operations as notices
from portal.notices.models import Tone

#: seconds in which a batch can be taken back
UNDO_SECONDS = 10
#: tasks in one batch at most
MOST_IN_BATCH = 100


class NothingToDo(Conflict):
    """None of the chosen tasks can be done so."""

    code = "nothing_to_do"
    message = gettext_lazy("选的件现在都不能这样办：有的已经办过，有的别人在办。请回待办重新选。")


class UndoTooLate(Conflict):
    """The batch has begun."""

    code = "undo_too_late"
    message = gettext_lazy("已经开始办理，撤销不了。每件的结果见下表。")


def queue_batch(*, kind: str, tasks: Mapping[int, int], opinion: str, actor: Actor, at: datetime) -> BatchAct:
    """Queue one act on several tasks, to be done after UNDO_SECONDS unless it is taken back.

    What cannot be done any more is kept in the batch with its reason, and nothing happens to it.
    :param tasks: task -> version of its case, as the preview showed it
    :param opinion: the same words for all; only 通过 takes any, and it needs them
    :raises NotAllowed: the actor works on no step of any department
    :raises InvalidInput: an unknown kind, too many tasks, or no opinion to pass with
    :raises NothingToDo: none of the tasks can be done so, or all of them wait in another batch
    """
    policies.require(policies.can_batch(actor))
    if kind not in BatchKind.values:
        raise InvalidInput(fields={"kind": _("请选领取、交回或通过。")})
    chosen = BatchKind(kind)
    if len(tasks) > MOST_IN_BATCH:
        raise InvalidInput(fields={"task": _("一次最多选 %(most)s 件。") % {"most": MOST_IN_BATCH}})
    words = opinion.strip() if chosen == BatchKind.PASS else ""
    if chosen == BatchKind.PASS and not words:
        raise InvalidInput(fields={"opinion": _("请写意见，每件都会记上这句话。")})
    with operation():
        found = batching.sort_out(actor, kind=chosen, task_ids=list(tasks))
        batch = BatchAct.objects.create(
            person_id=policies.person_id(actor),
            kind=chosen,
            opinion=words,
            queued_at=at,
            due_at=at + timedelta(seconds=UNDO_SECONDS),
        )
        waiting = _queue(batch, [task.pk for task in found.taken], tasks)
        if not waiting:
            raise NothingToDo
        left = {each.task.pk: each.reason for each in found.left_out}
        # somebody put these into another batch a moment ago
        left.update({task.pk: _("已在另一批里等着办理。") for task in found.taken if task.pk not in waiting})
        _leave_out(batch, left, tasks)
        return batch


def undo_batch(*, batch_id: int, actor: Actor, at: datetime) -> BatchAct:
    """Take a queued batch back before it begins; nothing was done, so nothing is reversed. Twice is once.

    :raises NotFound: there is none, or it is somebody else's
    :raises UndoTooLate: it has begun
    """
    with operation():
        batch = _lock(batch_id)
        if batch is None or batch.person_id != actor.user_id:
            raise NotFound
        if batch.state == BatchState.UNDONE:
            return batch
        if not batch.is_queued:
            raise UndoTooLate
        batch.entries.filter(state=EntryState.QUEUED).update(state=EntryState.UNDONE)
        batch.ended_at = at
        return move(batch, to=BatchState.UNDONE, actor=actor, at=at, topic="review.batch.undone", fields=["ended_at"])


def run_due_batches(*, at: datetime) -> int:
    """Do what is due and was not taken back, and return how many tasks were done.

    It may run twice at once, and again after it was cut off: each task is done once. Batches that have not begun come
    first, so that one that fails again and again stands in nobody's way.
    """
    waiting = BatchAct.objects.filter(state__in=BATCH_OPEN, due_at__lte=at)
    ids = list(waiting.order_by(F("begun_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))
    with translation.override(settings.LANGUAGE_CODE):
        return sum(_run(batch_id, at=at) for batch_id in ids)


def _run(batch_id: int, *, at: datetime) -> int:
    batch = _begin(batch_id, at=at)
    if batch is None:
        return 0
    # as he is now: who was moved or locked since may do nothing more
    actor = actors.for_user(User.objects.get(pk=batch.person_id))
    entries = batch.entries.filter(state=EntryState.QUEUED).order_by("pk")
    done = sum(_do(entry_id, batch, actor, at=at) for entry_id in list(entries.values_list("pk", flat=True)))
    _end(batch_id, actor, at=at)
    return done


def _begin(batch_id: int, *, at: datetime) -> BatchAct | None:
    """Take a batch up, or one that was cut off up again; None if it is over or was taken back meanwhile."""
    with operation():
        batch = _lock(batch_id)
        if batch is None or not batch.is_open:
            return None
        if batch.is_queued:
            batch.begun_at = at
            move(
                batch,
                to=BatchState.RUNNING,
                actor=Actor.system("review.batch"),
                at=at,
                topic="review.batch.begun",
                data={"kind": batch.kind, "person": batch.person_id},
                fields=["begun_at"],
            )
        return batch


def _do(entry_id: int, batch: BatchAct, actor: Actor, *, at: datetime) -> int:
    """Do one entry, or note why it cannot be done; 0 when another worker has it."""
    try:
        with operation():
            entry = (
                BatchEntry.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
                .filter(pk=entry_id, state=EntryState.QUEUED)
                .first()
            )
            if entry is None:
                return 0
            _act(entry, batch, actor, at=at)
            return BatchEntry.objects.filter(pk=entry_id, state=EntryState.QUEUED).update(state=EntryState.DONE)
    except DomainError as error:
        _fail(entry_id, _reason(error))
        return 0


def _act(entry: BatchEntry, batch: BatchAct, actor: Actor, *, at: datetime) -> None:
    kind = BatchKind(batch.kind)
    found = batching.sort_out(actor, kind=kind, task_ids=[entry.task_id], batch_id=batch.pk)
    if not found.taken:
        words = next((each.reason for each in found.left_out), "")
        raise Conflict(words or _("您现在看不到这个办件。"))
    VERBS[kind](found.taken[0], entry, batch, actor, at)


def _claim(task: ReviewTask, entry: BatchEntry, batch: BatchAct, actor: Actor, at: datetime) -> None:
    steps.claim(task_id=task.pk, actor=actor, at=at)


def _hand_back(task: ReviewTask, entry: BatchEntry, batch: BatchAct, actor: Actor, at: datetime) -> None:
    steps.hand_back(task_id=task.pk, actor=actor, at=at)


def _pass(task: ReviewTask, entry: BatchEntry, batch: BatchAct, actor: Actor, at: datetime) -> None:
    steps.complete_task(
        task_id=task.pk,
        conclusion=batching.conclusion_of(task),
        opinion=batch.opinion,
        version=entry.case_version,
        actor=actor,
        at=at,
    )


VERBS: Mapping[BatchKind, Callable[[ReviewTask, BatchEntry, BatchAct, Actor, datetime], None]] = {
    BatchKind.CLAIM: _claim,
    BatchKind.HAND_BACK: _hand_back,
    BatchKind.PASS: _pass,
}


def _end(batch_id: int, actor: Actor, *, at: datetime) -> None:
    """End a batch when none of its entries waits any more, and tell its person; the second of two workers does it."""
    with operation():
        batch = _lock(batch_id)
        if batch is None or batch.state != BatchState.RUNNING or batch.entries.filter(state=EntryState.QUEUED).exists():
            return
        batch.ended_at = at
        states = list(batch.entries.values_list("state", flat=True))
        done, failed = states.count(EntryState.DONE), states.count(EntryState.FAILED)
        move(
            batch,
            to=BatchState.DONE,
            actor=Actor.system("review.batch"),
            at=at,
            topic="review.batch.done",
            data={"done": done, "failed": failed},
            fields=["ended_at"],
        )
        _tell(batch, done=done, failed=failed, at=at)


def _tell(batch: BatchAct, *, done: int, failed: int, at: datetime) -> None:
    entries = batch.entries.filter(state=EntryState.FAILED).order_by("pk")
    rows = entries.select_related("task__case__project", "task__case__service_item")
    title = ngettext("批量%(act)s：办成 %(count)s 件", "批量%(act)s：办成 %(count)s 件", done)
    if failed:
        title = ngettext(
            "批量%(act)s：办成 %(count)s 件，%(failed)s 件没办成",
            "批量%(act)s：办成 %(count)s 件，%(failed)s 件没办成",
            done,
        )
    notices.send(
        kind="review.batch",
        title=title % {"act": batch.get_kind_display(), "count": done, "failed": failed},
        body="\n".join(
            _("%(project)s %(item)s：%(reason)s")
            % {
                "project": entry.task.case.project.name,
                "item": entry.task.case.service_item.name,
                "reason": entry.reason,
            }
            for entry in rows
        ),
        url=reverse("review:batch", args=[batch.pk]),
        tone=Tone.WARNING if failed else Tone.INFO,
        dedupe_key=f"review.batch/{batch.pk}",
        at=at,
        user_id=batch.person_id,
    )


def _lock(batch_id: int) -> BatchAct | None:
    return BatchAct.objects.select_for_update(of=("self",), no_key=True).filter(pk=batch_id).first()


def _queue(batch: BatchAct, task_ids: list[int], versions: Mapping[int, int]) -> frozenset[int]:
    """Put tasks into a batch and return those that did not go into another one meanwhile."""
    BatchEntry.objects.bulk_create(
        (BatchEntry(batch=batch, task_id=pk, case_version=versions[pk]) for pk in task_ids), ignore_conflicts=True
    )
    return frozenset(batch.entries.values_list("task_id", flat=True))


def _leave_out(batch: BatchAct, reasons: Mapping[int, str], versions: Mapping[int, int]) -> None:
    BatchEntry.objects.bulk_create(
        BatchEntry(batch=batch, task_id=pk, case_version=versions[pk], state=EntryState.FAILED, reason=reason[:300])
        for pk, reason in reasons.items()
    )


def _fail(entry_id: int, reason: str) -> None:
    """Note a refusal, unless another worker has done the entry meanwhile."""
    BatchEntry.objects.filter(pk=entry_id, state=EntryState.QUEUED).update(state=EntryState.FAILED, reason=reason[:300])


def _reason(error: DomainError) -> str:
    if isinstance(error, StaleCase):
        return _("%(name)s 在预览之后动过这个办件，没有办。请打开看过再办。") % {
            "name": error.fields.get("changed_by") or _("有人")
        }
    if isinstance(error, InvalidInput) and error.fields:
        return _("；").join(str(words) for words in error.fields.values())
    return str(error)
