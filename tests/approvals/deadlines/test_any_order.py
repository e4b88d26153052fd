"""In whatever order events are written down, the clock tells the same: it goes by when they happened."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from approvals.deadlines import operations as deadlines
from approvals.deadlines import queries
from approvals.deadlines.events import Event
from approvals.deadlines.models import Timer
from approvals.deadlines.states import EventType
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from tests.conftest import WITH_ROWS

CLERK = Actor.system("窗口人员")
DAY = timedelta(days=1)
START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
RECORDED = datetime(2026, 4, 20, 9, tzinfo=SHANGHAI)

#: acts that need nothing but a review under way, so that any order of writing them down is sound
acts = st.one_of(
    st.builds(dict, type=st.just("special_started"), kind=st.sampled_from(("expert", "test", "other"))),
    st.builds(dict, type=st.just("extended"), days=st.integers(1, 9)),
    st.builds(dict, type=st.just("correction_requested")),
)
#: no two at the same moment: then the order of writing down decides, and says so
moments = st.lists(st.integers(1, 45 * 24), min_size=2, max_size=5, unique=True)


class Undo(Exception):
    """Takes an example's rows back."""


@pytest.mark.django_db
@WITH_ROWS
@given(given=st.data())
def test_the_order_of_writing_down_does_not_matter(pack: PackVersion, given: st.DataObject) -> None:
    hours = given.draw(moments)
    told: list[dict[str, Any]] = [{**given.draw(acts), "happened_at": START + timedelta(hours=hour)} for hour in hours]
    shuffled = given.draw(st.permutations(told))
    try:
        with transaction.atomic():
            one, other = write_down(told), write_down(shuffled)
            assert one == other
            raise Undo
    except Undo:
        pass


def write_down(told: list[dict[str, Any]]) -> tuple[dict[str, Any], Any]:
    """Record acts in this order on a new timer; return its stored dates and the whole ledger."""
    timer = deadlines.open_timer(
        statutory_days=20,
        promised_days=10,
        events=[Event(EventType.RECEIVED, START), Event(EventType.ACCEPTED, START)],
        actor=CLERK,
        at=START,
    )
    for act in told:
        deadlines.record(timer_id=timer.pk, actor=CLERK, at=RECORDED, **act)
    explained = queries.explain(Timer.objects.get(pk=timer.pk), date(2026, 4, 30))
    assert explained is not None
    return Timer.objects.filter(pk=timer.pk).values(*deadlines.DERIVED).get(), (explained.used, explained.due_on)


def test_an_event_between_others_moves_what_came_after(pack: PackVersion) -> None:
    timer = deadlines.open_timer(
        statutory_days=20,
        promised_days=10,
        events=[Event(EventType.RECEIVED, START), Event(EventType.ACCEPTED, START)],
        actor=CLERK,
        at=START,
    )
    ended = START + timedelta(days=10)
    deadlines.record(
        timer_id=timer.pk, type="special_started", kind="expert", actor=CLERK, at=START + timedelta(days=4)
    )
    # another procedure that began before and went on longer is written down last: the two overlap and count once
    deadlines.record(timer_id=timer.pk, type="special_ended", kind="expert", actor=CLERK, at=ended)
    deadlines.record(
        timer_id=timer.pk,
        type="special_started",
        kind="test",
        happened_at=START + timedelta(days=2),
        actor=CLERK,
        at=ended,
    )
    after = deadlines.record(
        timer_id=timer.pk,
        type="special_ended",
        kind="test",
        happened_at=START + timedelta(days=9),
        actor=CLERK,
        at=ended,
    )

    told = queries.explain(after, date(2026, 3, 13))
    assert told is not None
    # Monday 03-02; paused (03-04, 03-12]: 03-05, 06, 09, 10, 11, 12
    assert told.used["C1"] == 3
    assert told.used["C5"] == 6
    assert after.is_backdated


def test_what_is_written_down_on_the_day_is_not_backdated(pack: PackVersion) -> None:
    timer = deadlines.open_timer(
        statutory_days=20,
        promised_days=10,
        events=[Event(EventType.RECEIVED, START), Event(EventType.ACCEPTED, START)],
        actor=CLERK,
        at=START,
    )
    assert not timer.is_backdated

    copy = deadlines.open_timer(
        statutory_days=20, promised_days=5, copy_of=timer.pk, actor=CLERK, at=START + timedelta(days=3)
    )
    assert not copy.is_backdated
    assert [row.recorded_at for row in copy.events.order_by("seq")] == [START, START]
