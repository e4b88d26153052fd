"""Opening a timer and recording what happens to it."""

from datetime import date, datetime

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from approvals.deadlines import operations as deadlines
from approvals.deadlines import queries
from approvals.deadlines.events import Event
from approvals.deadlines.models import Timer, TimerEvent
from approvals.deadlines.states import EventType, TimerState
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI

CLERK = Actor.system("窗口人员")


def moment(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)


def opened(*events: tuple[str, str], promised_days: int = 10, **more: object) -> Timer:
    return deadlines.open_timer(
        statutory_days=20,
        promised_days=promised_days,
        events=[Event(EventType(name), moment(day)) for name, day in events],
        actor=CLERK,
        at=moment("2026-03-02", 12),
        **more,
    )


@pytest.fixture
def running(pack: PackVersion) -> Timer:
    return opened(("received", "2026-03-02"), ("accepted", "2026-03-02"))


def test_a_new_timer_waits_for_the_receipt(pack: PackVersion) -> None:
    timer = opened()

    assert (timer.state, timer.received_on, timer.clock_from) == (TimerState.WAITING, None, None)
    assert queries.explain(timer, date(2026, 3, 2)) is None


def test_acceptance_starts_it_and_finds_the_due_days(running: Timer) -> None:
    assert running.state == TimerState.RUNNING
    assert (running.received_on, running.accepted_on) == (date(2026, 3, 2), date(2026, 3, 2))
    assert (running.promised_due_on, running.statutory_due_on) == (date(2026, 3, 16), date(2026, 3, 30))
    assert (running.yellow_on, running.red_on) == (date(2026, 3, 12), date(2026, 3, 17))


def test_a_limit_of_0_days_means_the_same_day(pack: PackVersion) -> None:
    timer = opened(("received", "2026-03-02"), ("accepted", "2026-03-02"), promised_days=0)

    assert (timer.promised_days, timer.promised_due_on) == (1, date(2026, 3, 3))


def test_a_case_takes_over_the_events_of_its_application(running: Timer) -> None:
    copy = opened(copy_of=running.pk, promised_days=5)

    assert copy.accepted_on == running.accepted_on
    assert copy.promised_due_on == date(2026, 3, 9)
    assert copy.events.count() == running.events.count() == 2


def test_a_pause_keeps_the_days_left(running: Timer) -> None:
    timer = deadlines.record(
        timer_id=running.pk, type="special_started", kind="expert", actor=CLERK, at=moment("2026-03-06")
    )

    assert (timer.state, timer.paused_by, timer.paused_on) == (TimerState.PAUSED, "expert", date(2026, 3, 6))
    assert (timer.promised_left_days, timer.statutory_left_days) == (6, 16)
    assert (timer.yellow_on, timer.red_on, timer.provisional) == (None, None, True)
    assert queries.promised_due_on(timer, date(2026, 3, 20)) == date(2026, 3, 30)

    timer = deadlines.record(
        timer_id=running.pk, type="special_ended", kind="expert", actor=CLERK, at=moment("2026-03-20")
    )
    assert (timer.state, timer.promised_due_on) == (TimerState.RUNNING, date(2026, 3, 30))
    assert (timer.paused_by, timer.promised_left_days, timer.provisional) == ("", None, False)


def test_a_correction_stops_the_promise_and_not_the_law(running: Timer) -> None:
    timer = deadlines.record(timer_id=running.pk, type="correction_requested", actor=CLERK, at=moment("2026-03-06"))

    assert (timer.paused_by, timer.promised_left_days, timer.statutory_left_days) == ("correction", 6, None)
    assert queries.statutory_due_on(timer, date(2026, 3, 20)) == date(2026, 3, 30)


def test_a_decision_stops_it(running: Timer) -> None:
    timer = deadlines.stop(timer_id=running.pk, actor=CLERK, at=moment("2026-03-20"))

    assert (timer.state, timer.ended_on, timer.ended_as) == (TimerState.STOPPED, date(2026, 3, 20), "approved")
    assert timer.red_on == date(2026, 3, 20)
    assert (timer.used_days, timer.span_days) == (14, 18)
    with pytest.raises(deadlines.EventRefused) as refused:
        deadlines.stop(timer_id=running.pk, actor=CLERK, at=moment("2026-03-20"))
    assert refused.value.code == "after_end"


def test_what_is_recorded_later_counts_from_when_it_happened(running: Timer) -> None:
    timer = deadlines.record(
        timer_id=running.pk,
        type="special_started",
        kind="test",
        actor=CLERK,
        at=moment("2026-03-12"),
        happened_at=moment("2026-03-04"),
    )

    assert (timer.paused_on, timer.promised_left_days) == (date(2026, 3, 4), 8)
    event = timer.events.get(type="special_started")
    assert (event.happened_at, event.recorded_at) == (moment("2026-03-04"), moment("2026-03-12"))
    assert (event.seq, event.actor_name) == (3, CLERK.name)


def test_the_order_of_recording_does_not_matter(running: Timer) -> None:
    other = opened(("received", "2026-03-02"), ("accepted", "2026-03-02"))
    acts = [
        {"type": "special_started", "kind": "test", "happened_at": moment("2026-03-04")},
        {"type": "extended", "days": 3, "happened_at": moment("2026-03-05")},
        {"type": "correction_requested", "happened_at": moment("2026-03-06")},
    ]
    for act in acts:
        deadlines.record(timer_id=running.pk, actor=CLERK, at=moment("2026-03-09"), **act)
    for act in reversed(acts):
        deadlines.record(timer_id=other.pk, actor=CLERK, at=moment("2026-03-09"), **act)

    derived = deadlines.DERIVED
    first, second = (Timer.objects.filter(pk=pk).values(*derived).get() for pk in (running.pk, other.pk))
    assert first == second


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ({"type": "accepted"}, "already_accepted"),
        ({"type": "special_ended"}, "end_without_start"),
        ({"type": "decided", "kind": "refused"}, "already_accepted"),
        ({"type": "delivered"}, "not_decided"),
        ({"type": "correction_requested", "happened_at": datetime(2026, 3, 1, tzinfo=SHANGHAI)}, "not_received"),
    ],
)
def test_refuses_what_cannot_follow_and_changes_nothing(running: Timer, act: dict[str, object], code: str) -> None:
    with pytest.raises(deadlines.EventRefused) as refused:
        deadlines.record(timer_id=running.pk, actor=CLERK, at=moment("2026-03-06"), **act)

    assert refused.value.code == code
    assert running.events.count() == 2


@pytest.mark.parametrize(
    ("act", "code"),
    [
        ({"type": "paused"}, "unknown_type"),
        ({"type": "special_started", "kind": "lunch"}, "bad_kind"),
        ({"type": "extended"}, "bad_days"),
        ({"type": "extended", "days": 0}, "bad_days"),
        ({"type": "delivered", "happened_at": moment("2026-03-07")}, "bad_datetime"),
    ],
)
def test_refuses_an_event_that_is_wrong_in_itself(running: Timer, act: dict[str, object], code: str) -> None:
    with pytest.raises(deadlines.BadEvent) as refused:
        deadlines.record(timer_id=running.pk, actor=CLERK, at=moment("2026-03-06"), **act)

    assert refused.value.code == code


def test_silence_becomes_acceptance_without_anybody_acting(pack: PackVersion) -> None:
    timer = opened(("submitted", "2026-03-02"))

    assert (timer.state, timer.accepted_on, timer.clock_from) == (TimerState.WAITING, None, date(2026, 3, 10))
    assert queries.promised_due_on(timer, date(2026, 3, 9)) is None
    assert queries.promised_due_on(timer, date(2026, 3, 10)) == date(2026, 3, 16)

    timer = deadlines.record(timer_id=timer.pk, type="accepted", actor=CLERK, at=moment("2026-03-11"))
    assert (timer.state, timer.accepted_on, timer.clock_from) == (
        TimerState.RUNNING,
        date(2026, 3, 2),
        date(2026, 3, 10),
    )


def test_events_are_never_changed_or_removed(running: Timer) -> None:
    for act in (lambda: running.events.update(actor_name="别人"), lambda: running.events.all().delete()):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            act()
    assert TimerEvent.objects.filter(timer=running).count() == 2
