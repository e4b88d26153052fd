"""A new calendar: every running timer's dates are derived anew, once, and the owners hear of it."""

from datetime import date, datetime

import pytest

from approvals.deadlines import operations as deadlines
from approvals.deadlines.events import Event
from approvals.deadlines.models import Recount, Timer
from approvals.deadlines.states import EventType
from portal.citypack.models import PackVersion
from portal.core import calendars
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from portal.core.models import CalendarDay, OutboxMessage

CLERK = Actor.system("窗口人员")
AT = datetime(2026, 3, 3, 9, tzinfo=SHANGHAI)


def timer(region: str = "", *events: tuple[str, datetime]) -> Timer:
    given = events or (("received", AT), ("accepted", AT))
    return deadlines.open_timer(
        statutory_days=20,
        promised_days=10,
        region=region,
        events=[Event(EventType(name), at) for name, at in given],
        actor=CLERK,
        at=AT,
    )


def rest(day: date, region: str = "") -> None:
    CalendarDay.objects.create(region=region, day=day, kind="rest", name="停电", source="测试", is_local=True)
    calendars.forget()


def run_to_the_end(size: int = 500) -> int:
    done = 0
    while deadlines.recount_batch(at=AT, size=size):
        done += 1
    return done


def moved() -> list[dict[str, object]]:
    return [
        row
        for message in OutboxMessage.objects.filter(topic="deadlines.timers.moved")
        for row in message.payload["timers"]
    ]


@pytest.fixture(autouse=True)
def counted_before(pack: PackVersion) -> None:
    """The calendar of the pack has been counted with already."""
    deadlines.begin_recount(at=AT)
    run_to_the_end()
    OutboxMessage.objects.all().delete()


def test_the_same_calendar_asks_for_nothing() -> None:
    assert deadlines.begin_recount(at=AT) is None
    assert deadlines.recount_batch(at=AT) is False


def test_a_day_off_moves_due_days_and_says_from_when_to_when() -> None:
    running = timer()
    assert running.promised_due_on == date(2026, 3, 17)
    rest(date(2026, 3, 10))

    assert deadlines.begin_recount(at=AT) is not None
    run_to_the_end()

    running.refresh_from_db()
    assert running.promised_due_on == date(2026, 3, 18)
    assert moved() == [
        {"id": running.pk, "promised": ["2026-03-17", "2026-03-18"], "statutory": ["2026-03-31", "2026-04-01"]}
    ]


def test_done_twice_it_tells_once() -> None:
    timer()
    rest(date(2026, 3, 10))
    deadlines.begin_recount(at=AT)
    run_to_the_end()

    assert deadlines.begin_recount(at=AT) is None
    run_to_the_end()
    assert len(moved()) == 1


def test_a_region_follows_its_own_days_only() -> None:
    here, there = timer("449902"), timer("449903")
    rest(date(2026, 3, 10), "449902")

    deadlines.begin_recount(at=AT)
    run_to_the_end()

    assert [row["id"] for row in moved()] == [here.pk]
    there.refresh_from_db()
    assert there.promised_due_on == date(2026, 3, 17)


def test_a_due_day_is_no_longer_provisional_when_its_year_is_published() -> None:
    late = datetime(2026, 12, 22, 9, tzinfo=SHANGHAI)
    running = deadlines.open_timer(
        statutory_days=20,
        promised_days=10,
        events=[Event(EventType.RECEIVED, late), Event(EventType.ACCEPTED, late)],
        actor=CLERK,
        at=late,
    )
    assert running.provisional
    CalendarDay.objects.create(day=date(2027, 1, 1), kind="rest", name="元旦", source="测试")
    calendars.forget()

    deadlines.begin_recount(at=AT)
    run_to_the_end()

    running.refresh_from_db()
    assert not running.provisional
    assert running.promised_due_on == date(2027, 1, 6)


def test_what_has_ended_keeps_its_days() -> None:
    ended = timer("", ("received", AT), ("accepted", AT), ("decided", AT))
    rest(date(2026, 3, 10))

    deadlines.begin_recount(at=AT)
    run_to_the_end()

    ended.refresh_from_db()
    assert ended.promised_due_on == date(2026, 3, 17)
    assert moved() == []


def test_it_goes_on_where_it_was_cut_off() -> None:
    timers = [timer() for _ in range(5)]
    rest(date(2026, 3, 10))
    recount = deadlines.begin_recount(at=AT)
    assert recount is not None

    assert deadlines.recount_batch(at=AT, size=2)
    recount.refresh_from_db()
    assert (recount.done_until, recount.changed, recount.done_at) == (timers[1].pk, 2, None)

    run_to_the_end(size=2)
    recount.refresh_from_db()
    assert (recount.changed, recount.done_at) == (5, AT)
    assert [row["id"] for row in moved()] == [each.pk for each in timers]


def test_a_newer_calendar_takes_over_from_the_one_under_way() -> None:
    running = timer()
    rest(date(2026, 3, 10))
    deadlines.begin_recount(at=AT)
    rest(date(2026, 3, 11))
    deadlines.begin_recount(at=AT)

    run_to_the_end()

    running.refresh_from_db()
    assert running.promised_due_on == date(2026, 3, 19)
    assert not Recount.objects.filter(done_at=None).exists()
