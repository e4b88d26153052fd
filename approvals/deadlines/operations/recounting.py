"""Deriving all due days anew after a new calendar was loaded: in batches, resumable, told to the owners."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings

from approvals.deadlines import queries
from approvals.deadlines.events import Event
from approvals.deadlines.models import Move, Recount, Timer, TimerEvent
from approvals.deadlines.operations.recording import DERIVED, derive
from approvals.deadlines.states import TimerState
from portal.core import calendars, outbox
from portal.core.unit import operation

TOPIC_BEGUN = "deadlines.recount.begun"
#: payload: recount, batch, timers [{id, promised: [before, after], statutory: [before, after]}]
TOPIC_MOVED = "deadlines.timers.moved"
#: payload: id; all batches are done, or another recount has taken its place
TOPIC_ENDED = "deadlines.recount.ended"
BATCH = 500

#: a due day before and after
Moved = tuple[date | None, date | None]


class Owners:
    """Those whose timers they are, above this slice: they lock before their timers are, and follow what has moved.

    By itself nobody stands above a timer; the review says who does (`review.recount_batch`).
    """

    def busy(self, timer_ids: Sequence[int], *, skip_locked: bool) -> Collection[int]:
        """Lock the owners of these timers, and return the timers whose owner somebody is working on."""
        return ()

    def follow(self, timers: Sequence[Timer]) -> None:
        """Take over the days of timers that have changed."""


def begin_recount(*, at: datetime) -> Recount | None:
    """Ask for all dates to be derived anew, when the calendar is another one than at the last time.

    :returns: None when it is the same
    """
    fingerprint = calendars.fingerprint()
    with operation():
        last = Recount.objects.order_by("-pk").first()
        if last is not None and last.fingerprint == fingerprint:
            return None
        # one that is still under way would only do the same with the same calendar
        for replaced in Recount.objects.select_for_update().filter(done_at=None).order_by("pk"):
            _end(replaced, at=at)
        recount = Recount.objects.create(fingerprint=fingerprint, begun_at=at)
        outbox.emit(TOPIC_BEGUN, at=at, id=recount.pk)
        return recount


def recount_batch(*, at: datetime, size: int = BATCH, owners: Owners | None = None) -> bool:
    """Do the next batch of the recount under way, and tell whether there may be more to do.

    The batch, where it ended and the news of it are one transaction: cut off or run twice, nothing is lost or told
    twice. A timer that somebody is working on is not waited for; it comes last, alone.
    """
    above = owners or Owners()
    calendars.forget()
    # Other processes look at the calendar's rows now and then only; what they record meanwhile comes after them.
    ripe = at - timedelta(seconds=settings.CALENDAR_RECHECK_SECONDS)
    with operation():
        recount = (
            Recount.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, begun_at__lte=ripe)
            .order_by("pk")
            .first()
        )
        if recount is None:
            return False
        running = Timer.objects.exclude(state=TimerState.STOPPED)
        ids = list(running.filter(pk__gt=recount.done_until).order_by("pk").values_list("pk", flat=True)[:size])
        if ids:
            timers = _lock(ids, above, skip_locked=True)
            recount.busy = [*recount.busy, *sorted(set(ids) - {timer.pk for timer in timers})]
            recount.done_until = ids[-1]
        elif recount.busy:
            timers = _lock(recount.busy[:1], above, skip_locked=False)
            recount.busy = recount.busy[1:]
        else:
            _end(recount, at=at)
            return False
        changed, moved = _derive_all(timers)
        above.follow(changed)
        Move.objects.bulk_create(
            Move(
                recount=recount,
                timer=timer,
                promised_before_on=promised[0],
                promised_after_on=promised[1],
            )
            for timer, promised, _statutory in moved
            if promised[0] != promised[1]
        )
        recount.batches += 1
        recount.changed += len(moved)
        recount.save(update_fields=["done_until", "busy", "batches", "changed"])
        if moved:
            rows = [
                {"id": timer.pk, "promised": _words(promised), "statutory": _words(statutory)}
                for timer, promised, statutory in moved
            ]
            outbox.emit(TOPIC_MOVED, at=at, recount=recount.pk, batch=recount.batches, timers=rows)
        return True


def forget_moves(*, recount_id: int) -> None:
    """Let go of what a recount has moved, once it has been told."""
    Move.objects.filter(recount_id=recount_id).delete()


def _end(recount: Recount, *, at: datetime) -> None:
    recount.done_at = at
    recount.save(update_fields=["done_at"])
    if recount.changed:
        outbox.emit(TOPIC_ENDED, at=at, id=recount.pk)


def _lock(ids: Sequence[int], above: Owners, *, skip_locked: bool) -> list[Timer]:
    # whoever acts locks from above, so must we
    busy = above.busy(ids, skip_locked=skip_locked)
    return list(
        Timer.objects.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
        .filter(pk__in=set(ids) - set(busy))
        .exclude(state=TimerState.STOPPED)
        .order_by("pk")
    )


def _derive_all(timers: Sequence[Timer]) -> tuple[list[Timer], list[tuple[Timer, Moved, Moved]]]:
    """Derive locked timers anew and save those that changed; return them, and those of them whose due days moved."""
    events: dict[int, list[Event]] = defaultdict(list)
    rows = TimerEvent.objects.filter(timer__in=timers).order_by("timer_id", "happened_at", "seq")
    for row in rows:
        events[row.timer_id].append(queries.event_of(row))
    changed: list[Timer] = []
    moved = []
    for timer in timers:
        before = {name: getattr(timer, name) for name in DERIVED}
        derive(timer, events[timer.pk])
        if all(before[name] == getattr(timer, name) for name in DERIVED):
            continue
        timer.save(update_fields=DERIVED)
        changed.append(timer)
        promised = (before["promised_due_on"], timer.promised_due_on)
        statutory = (before["statutory_due_on"], timer.statutory_due_on)
        # before acceptance nobody has been told a due day
        if timer.accepted_on is not None and (promised[0] != promised[1] or statutory[0] != statutory[1]):
            moved.append((timer, promised, statutory))
    return changed, moved


def _words(days: Iterable[date | None]) -> list[str | None]:
    return [day.isoformat() if day else None for day in days]
