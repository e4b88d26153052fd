"""Stored dates, SQL and the pure clock tell the same light; lights are put into words."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from approvals.deadlines import arithmetic, queries
from approvals.deadlines import operations as deadlines
from approvals.deadlines.events import Event, Terms
from approvals.deadlines.faults import Question, read
from approvals.deadlines.models import Timer
from approvals.deadlines.standing import stand
from approvals.deadlines.states import Calibre, EventType
from portal.citypack.models import PackVersion
from portal.core import calendars
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from tests.conftest import WITH_ROWS
from tests.properties.test_clock import inputs
from tests.properties.test_clock import pack as published

CLERK = Actor.system("窗口人员")
DAY = timedelta(days=1)


def question(given: dict[str, Any]) -> Question | None:
    last = datetime.fromisoformat(given["events"][-1]["at"]).astimezone(SHANGHAI).date()
    found = read({**given, "as_of": last.isoformat()}, pack=published())
    return found if isinstance(found, Question) else None


def timer_at(terms: Terms, events: tuple[Event, ...]) -> Timer:
    """Build a timer as it would be stored."""
    timer = Timer(
        unit=terms.unit,
        statutory_days=terms.statutory_days,
        promised_days=terms.promised_days,
        close_of_business=terms.close_of_business,
        correction_stops=sorted(terms.correction_stops),
    )
    standing = stand(terms, events)
    for name in deadlines.DERIVED:
        setattr(timer, name, getattr(standing, name))
    return timer


@given(inputs(), st.integers(0, 60))
def test_stored_dates_tell_the_pure_light_on_every_later_day(given: dict[str, Any], later: int) -> None:
    asked = question(given)
    if asked is None:
        return
    on = asked.as_of + DAY * later
    told = arithmetic.explain(asked.terms, asked.events, on)
    timer = timer_at(asked.terms, asked.events)

    assert timer.light_on(on) == told.light
    assert (timer.ended_on, timer.is_paused) == (told.ended_on, told.suspended)


@WITH_ROWS
@given(st.lists(inputs().filter(lambda given: "calendar" not in given), min_size=1, max_size=3), st.integers(0, 60))
def test_sql_and_due_days_agree_with_the_pure_clock(pack: PackVersion, many: list[dict[str, Any]], later: int) -> None:
    for one in many:
        asked = question(one)
        if asked is None:
            continue
        on = asked.as_of + DAY * later
        told = arithmetic.explain(asked.terms, asked.events, on)
        timer = timer_at(asked.terms, asked.events)
        timer.save()

        assert Timer.objects.with_light(on).get(pk=timer.pk).light == told.light
        assert queries.promised_due_on(timer, on) == told.due_on[Calibre.C2]
        assert queries.statutory_due_on(timer, on) == told.due_on[Calibre.C1]
        is_due = told.accepted_on and not told.ended_on and not told.suspended and told.due_on[Calibre.C2] < on
        # silence must have become acceptance before the day asked for
        if timer.clock_from != on:
            assert Timer.objects.due_before(on).filter(pk=timer.pk).exists() == bool(is_due)
        late = told.light == "red" and told.ended_on is None
        assert Timer.objects.late_on(on).filter(pk=timer.pk).exists() == late


def opened(*events: tuple[Any, ...], promised_days: int = 10, unit: str = "working") -> Timer:
    made = []
    for name, day, *kind in events:
        at = datetime.fromisoformat(day).replace(hour=10, tzinfo=SHANGHAI)
        made.append(Event(EventType(name), at, kind=kind[0] if kind else ""))
    return deadlines.open_timer(
        statutory_days=20,
        promised_days=promised_days,
        unit=unit,
        events=made,
        actor=CLERK,
        at=datetime(2026, 6, 1, tzinfo=SHANGHAI),
    )


BEGUN = (("received", "2026-03-02"), ("accepted", "2026-03-02"))


@pytest.mark.parametrize(
    ("events", "today", "shape", "words"),
    [
        ((), date(2026, 3, 2), "wait", "待开始"),
        ((("submitted", "2026-03-02"),), date(2026, 3, 9), "wait", "待受理"),
        ((("submitted", "2026-03-02"),), date(2026, 3, 10), "ok", "还剩 4 天"),
        (BEGUN, date(2026, 3, 2), "ok", "还剩 10 天"),
        (BEGUN, date(2026, 3, 7), "ok", "还剩 6 天"),
        (BEGUN, date(2026, 3, 13), "due", "还剩 1 天"),
        (BEGUN, date(2026, 3, 16), "due", "今天到期"),
        (BEGUN, date(2026, 3, 18), "late", "超 2 天"),
        ((*BEGUN, ("special_started", "2026-03-04", "expert")), date(2026, 3, 30), "hold", "停：专家评审"),
        ((*BEGUN, ("correction_requested", "2026-03-04")), date(2026, 3, 30), "hold", "停：补正"),
        ((*BEGUN, ("special_started", "2026-03-19", "expert")), date(2026, 3, 30), "late", "超 3 天"),
        ((*BEGUN, ("decided", "2026-03-16", "approved")), date(2026, 3, 30), "done", "已办结"),
        ((*BEGUN, ("decided", "2026-03-18", "approved")), date(2026, 3, 30), "done", "已办结，超 2 天"),
        ((*BEGUN, ("decided", "2026-03-16", "denied")), date(2026, 3, 30), "no", "不予许可"),
        ((*BEGUN, ("withdrawn", "2026-03-16")), date(2026, 3, 30), "off", "已撤回"),
    ],
)
def test_a_light_is_put_into_words(
    pack: PackVersion, events: tuple[tuple[Any, ...], ...], today: date, shape: str, words: str
) -> None:
    found = queries.light_words(opened(*events), today)

    assert (found.shape, found.words) == (shape, words)


def test_calendar_days_count_rest_days(pack: PackVersion) -> None:
    timer = opened(*BEGUN, promised_days=12, unit="calendar")

    assert timer.promised_due_on == date(2026, 3, 16)
    assert queries.light_words(timer, date(2026, 3, 7)).words == "还剩 9 天"


def test_a_list_of_lights_needs_no_query_per_row(pack: PackVersion, settings: Any) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60.0
    timers = [opened(*BEGUN) for _ in range(5)]
    calendars.current()

    with CaptureQueriesContext(
        connection,
    ) as captured:
        lights = queries.lights_for(timers, date(2026, 3, 7))

    assert len(captured) == 0
    assert {found.words for found in lights.values()} == {"还剩 6 天"}


def test_loaded_events_explain_without_a_query(pack: PackVersion, settings: Any) -> None:
    timer = opened(*BEGUN)
    rows = list(timer.events.order_by("happened_at", "seq"))
    settings.CALENDAR_RECHECK_SECONDS = 60.0
    calendars.current()

    with CaptureQueriesContext(connection) as captured:
        told = queries.explain_with(timer, rows, date(2026, 3, 7))

    assert len(captured) == 0
    assert told is not None
    assert told.used[Calibre.C2] == 4
    assert told == queries.explain(timer, date(2026, 3, 7))
    assert queries.explain_with(timer, rows, date(2026, 3, 1)) is None
