"""Moving the clock of a case, and with it the days its open task carries for the inboxes.

The timer of approvals/deadlines is the one truth. An inbox of a whole department is ordered, filtered and counted by
the copy on the task, so the copy is written in the transaction that moves the clock, here and nowhere else. Every act
locks the case before its task and its clock; so does the recount, which a new calendar starts.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import Timer
from approvals.review.models import Case, ReviewTask
from portal.core.actor import Actor

#: of a task -> of the timer
COPIED = {
    "clock_from": "clock_from",
    "due_on": "promised_due_on",
    "yellow_on": "yellow_on",
    "red_on": "red_on",
    "paused_on": "paused_on",
}


def days_of(timer: Timer) -> dict[str, date | None]:
    """Return what a task keeps of its case's clock."""
    return {name: getattr(timer, column) for name, column in COPIED.items()}


def days_on(task: ReviewTask) -> dict[str, date | None]:
    """Return what a locked task keeps, for the one that follows it."""
    return {name: getattr(task, name) for name in COPIED}


def record(case: Case, *, actor: Actor, at: datetime, **event: Any) -> Timer:
    """Add an event to the clock of a locked case and let its open task follow.

    :param event: as `deadlines.record` takes it
    """
    timer = deadlines.record(timer_id=case.timer_id, actor=actor, at=at, **event)
    ReviewTask.objects.open().filter(case=case).update(**days_of(timer))
    return timer


def recount_batch(*, at: datetime, size: int = deadlines.BATCH) -> bool:
    """Do the next batch of the recount that a new calendar has started; see `deadlines.recount_batch`."""
    return deadlines.recount_batch(at=at, size=size, owners=_Cases())


class _Cases(deadlines.Owners):
    """The running cases, which stand above their clocks."""

    def busy(self, timer_ids: Sequence[int], *, skip_locked: bool) -> Collection[int]:
        cases = Case.objects.running().filter(timer_id__in=timer_ids).order_by("pk")
        locked = cases.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
        free = set(locked.values_list("timer_id", flat=True))
        return set(cases.values_list("timer_id", flat=True)) - free

    def follow(self, timers: Sequence[Timer]) -> None:
        by_id = {timer.pk: timer for timer in timers}
        tasks = list(ReviewTask.objects.open().filter(case__timer_id__in=by_id).select_related("case").order_by("pk"))
        for task in tasks:
            for name, day in days_of(by_id[task.case.timer_id]).items():
                setattr(task, name, day)
        ReviewTask.objects.bulk_update(tasks, COPIED)
