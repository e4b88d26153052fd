"""Opening a timer and recording what happened to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from approvals.deadlines import queries, rules
from approvals.deadlines.course import MESSAGES, Fault, Reason, first_fault
from approvals.deadlines.events import MAX_DAYS, Event
from approvals.deadlines.models import Timer, TimerEvent
from approvals.deadlines.standing import Standing, stand
from approvals.deadlines.states import EventType, Outcome, SpecialKind, Unit
from portal.core import clock, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.prepared import Prepared
from portal.core.rows import Changes, insert
from portal.core.unit import joined, operation

#: an event was written down on a later day than it happened; payload: id of the timer
TOPIC_BACKDATED = "deadlines.timer.backdated"
_LOCKED = Prepared(lambda pk: Timer.objects.select_for_update(of=("self",), no_key=True).filter(pk=pk))
_EVENTS = Prepared(lambda timer: TimerEvent.objects.filter(timer_id=timer).order_by("seq"))
DERIVED = [field.name for field in fields(Standing)]
_KINDS: dict[str, tuple[type[SpecialKind] | type[Outcome], str]] = {
    EventType.SPECIAL_STARTED: (SpecialKind, SpecialKind.OTHER),
    EventType.SPECIAL_ENDED: (SpecialKind, SpecialKind.OTHER),
    EventType.DECIDED: (Outcome, Outcome.APPROVED),
}


class EventRefused(Conflict):
    """The event cannot stand where it is put among the others; `code` is the clock contract's reason."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message, code=fault.reason, fields={"event": fault.index})


class BadEvent(InvalidInput):
    """The event itself is wrong: unknown type or kind, days out of range, or ahead of time."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(MESSAGES[reason], code=reason)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a timer is opened with; limits of 0 days mean the same day: one day is the least.

    :param unit: the day in which the limits are counted
    :param region: code of the region whose calendar counts; blank: the whole city's
    :param pack_version_id: whose close of business and rule about corrections apply; None: those usual everywhere
    """

    statutory_days: int
    promised_days: int
    unit: str = Unit.WORKING
    region: str = ""
    pack_version_id: int | None = None


def open_timer(
    *,
    statutory_days: int,
    promised_days: int,
    actor: Actor,
    at: datetime,
    unit: str = Unit.WORKING,
    region: str = "",
    pack_version_id: int | None = None,
    events: Iterable[Event] = (),
    copy_of: int | None = None,
) -> Timer:
    """Start one clock, as `open_timers`; for the parameters see `Limits`.

    :param copy_of: id of a timer whose events this one takes over (a case takes its application's)
    :raises EventRefused: the events contradict each other
    """
    given = [*(queries.events_of(copy_of) if copy_of is not None else ()), *events]
    limits = Limits(statutory_days, promised_days, unit, region, pack_version_id)
    return open_timers([limits], events=given, actor=actor, at=at)[0]


def open_timers(limits: Sequence[Limits], *, events: Iterable[Event], actor: Actor, at: datetime) -> list[Timer]:
    """Start clocks that have all seen the same; with no events yet they wait for the receipt. Two statements.

    Events taken over from another timer keep the time at which they were written down.

    :raises EventRefused: the events contradict each other
    """
    timers = []
    for each in limits:
        timer = Timer(
            unit=Unit(each.unit),
            statutory_days=max(1, each.statutory_days),
            promised_days=max(1, each.promised_days),
            region=each.region,
        )
        if each.pack_version_id is not None:
            local = rules.local(each.pack_version_id)
            timer.close_of_business = local.close_of_business
            timer.correction_stops = [calibre.value for calibre in local.correction_stops]
        timers.append(timer)
    return _begin(timers, events, actor=actor, at=at)


def _begin(timers: list[Timer], events: Iterable[Event], *, actor: Actor, at: datetime) -> list[Timer]:
    given = sorted(
        (event if event.recorded_at else replace(event, recorded_at=at) for event in events), key=lambda event: event.at
    )
    for timer in timers:
        _check(timer, given)
        derive(timer, given)
    with joined():
        insert(*timers)
        insert(*(_row(timer, seq, event, actor=actor, at=at) for timer in timers for seq, event in enumerate(given, 1)))
    return timers


def record(
    *,
    timer_id: int,
    type: str,  # noqa: A002 - the word of the contract, of the model and of every caller
    actor: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    kind: str = "",
    days: int | None = None,
    timer: Timer | None = None,
    known: Iterable[TimerEvent] | None = None,
    changes: Changes | None = None,
) -> Timer:
    """Add an event where it belongs in time, and derive all dates anew.

    :param at: when it is recorded, and when it happened unless `happened_at` says an earlier moment
    :param kind: of a special procedure (default other) or a decision (default approved)
    :param days: of an extension, in the timer's unit
    :param timer: the row, when the caller has locked it in one statement with others
    :param known: its events in the order of recording, when the caller has read them since
    :param changes: what the caller writes himself in one statement; the event and the dates are written with it
    :raises BadEvent: unknown type or kind, days out of range, or a moment ahead of `at`
    :raises EventRefused: it cannot stand there: nothing received or accepted yet, ended already, nothing open to end
    """
    event = _event(type, happened_at or at, kind=kind, days=days, at=at)
    with joined():
        if timer is None:
            (timer,) = _LOCKED(timer_id)
        rows = _EVENTS(timer.pk) if known is None else list(known)
        seq = rows[-1].seq + 1 if rows else 1
        row = _row(timer, seq, event, actor=actor, at=at)
        events = [
            queries.event_of(each) for each in sorted([*rows, row], key=lambda each: (each.happened_at, each.seq))
        ]
        _check(timer, events)
        derive(timer, events)
        together = Changes() if changes is None else changes
        together.insert(row)
        together.update(timer, DERIVED)
        if changes is None:
            together.write()
        if clock.day_of(event.at) < clock.day_of(at):
            # whoever has counted over this timer already counts again
            with operation():
                outbox.emit(TOPIC_BACKDATED, at=at, id=timer.pk)
    return timer


def open_again(*, timer_id: int, actor: Actor, at: datetime) -> Timer:
    """Start a new clock with the limits of one that has stopped: received and accepted at this moment."""
    before = Timer.objects.get(pk=timer_id)
    timer = Timer(
        unit=before.unit,
        statutory_days=before.statutory_days,
        promised_days=before.promised_days,
        region=before.region,
        close_of_business=before.close_of_business,
        correction_stops=before.correction_stops,
    )
    return _begin([timer], (Event(EventType.RECEIVED, at), Event(EventType.ACCEPTED, at)), actor=actor, at=at)[0]


def keep_stage_days(*, timer_id: int, days: int | None) -> None:
    """Keep C7 of a stage with its clock, for statistics; counted anew it is written over.

    :param days: working days; None: the stage has not ended after all
    """
    Timer.objects.filter(pk=timer_id).update(stage_days=days)


def stop(*, timer_id: int, actor: Actor, at: datetime, kind: str = Outcome.APPROVED) -> Timer:
    """Stop a clock by a decision.

    :raises EventRefused: nothing accepted yet (unless refused), or stopped before
    """
    return record(timer_id=timer_id, type=EventType.DECIDED, kind=kind, actor=actor, at=at)


def _event(type_: str, happened_at: datetime, *, kind: str, days: int | None, at: datetime) -> Event:
    try:
        event_type = EventType(type_)
    except ValueError:
        raise BadEvent(Reason.UNKNOWN_TYPE) from None
    if happened_at > at:
        raise BadEvent(Reason.BAD_DATETIME)
    if event_type in _KINDS:
        kinds, default = _KINDS[event_type]
        try:
            return Event(event_type, happened_at, kind=kinds(kind or default).value)
        except ValueError:
            raise BadEvent(Reason.BAD_KIND) from None
    if event_type is EventType.EXTENDED:
        if days is None or not 1 <= days <= MAX_DAYS:
            raise BadEvent(Reason.BAD_DAYS)
        return Event(event_type, happened_at, days=days)
    return Event(event_type, happened_at)


def _check(timer: Timer, events: Sequence[Event]) -> None:
    if fault := first_fault(queries.terms_of(timer), events):
        raise EventRefused(fault)


def derive(timer: Timer, events: Sequence[Event]) -> None:
    """Set all dates that follow from a timer's events; saves nothing."""
    standing = stand(queries.terms_of(timer), events)
    for name in DERIVED:
        setattr(timer, name, getattr(standing, name))


def _row(timer: Timer, seq: int, event: Event, *, actor: Actor, at: datetime) -> TimerEvent:
    return TimerEvent(
        timer=timer,
        seq=seq,
        type=event.type,
        kind=event.kind,
        days=event.days or None,
        happened_at=event.at,
        # what was taken over from another timer was written down there
        recorded_at=event.recorded_at or at,
        actor_name=actor.name,
    )
