"""From where on an overrun is severe: the pack says so, one place tells it."""

from datetime import date, datetime, timedelta

import pytest

from approvals.deadlines import operations as deadlines
from approvals.deadlines import queries
from approvals.deadlines.events import Event
from approvals.deadlines.models import Timer
from approvals.deadlines.rules import Severity, severity
from approvals.deadlines.states import EventType, Light
from portal.citypack.models import PackVersion
from portal.core import calendars
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from portal.ui.lights import Light as Shape

CLERK = Actor.system("窗口人员")
ACCEPTED = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def a_timer(limit: int) -> Timer:
    return deadlines.open_timer(
        statutory_days=20,
        promised_days=limit,
        events=[Event(EventType.SUBMITTED, ACCEPTED), Event(EventType.ACCEPTED, ACCEPTED + timedelta(minutes=1))],
        actor=CLERK,
        at=ACCEPTED,
    )


def day_over(timer: Timer, days: int) -> date:
    assert timer.promised_due_on
    return calendars.current().add_workdays(timer.promised_due_on, days)


def test_the_thresholds_are_those_of_the_pack(pack: PackVersion) -> None:
    thresholds = pack.documents["clock"]["thresholds"]

    assert severity() == Severity(
        overdue_days=thresholds["double_red_overdue_days"], times=thresholds["double_red_times"]
    )


@pytest.mark.parametrize(
    ("limit", "over", "shape", "words"),
    [
        (10, 1, Shape.LATE, "超 1 天"),
        (10, 4, Shape.LATE, "超 4 天"),
        (10, 5, Shape.LATE2, "严重超期 5 天"),
        (10, 30, Shape.LATE2, "严重超期 30 天"),
        # more than twice the limit was used
        (3, 3, Shape.LATE, "超 3 天"),
        (3, 4, Shape.LATE2, "严重超期 4 天"),
        (1, 2, Shape.LATE2, "严重超期 2 天"),
    ],
)
def test_days_or_times_of_the_limit_make_it_severe(
    pack: PackVersion, limit: int, over: int, shape: Shape, words: str
) -> None:
    timer = a_timer(limit)

    told = queries.light_words(timer, day_over(timer, over))

    assert (told.light, told.shape, told.words) == (Light.RED, shape, words)


def test_a_pause_keeps_a_late_clock_from_becoming_worse(pack: PackVersion) -> None:
    timer = a_timer(10)
    paused_on = day_over(timer, 2)
    at = datetime.combine(paused_on, ACCEPTED.timetz())
    timer = deadlines.record(timer_id=timer.pk, type=EventType.SPECIAL_STARTED, kind="expert", actor=CLERK, at=at)

    assert queries.light_words(timer, day_over(timer, 40)).words == "超 2 天"
