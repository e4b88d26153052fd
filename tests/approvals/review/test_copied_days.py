"""The days an open task keeps are always those of its case's clock: whatever moves the clock moves them with it."""

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from approvals.applications.models import Application
from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import Recount
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask
from approvals.review.states import Conclusion, HoldClock
from portal.citypack.models import PackVersion
from portal.core import calendars, clock
from portal.core.models import CalendarDay
from tests.factories import review as factory


@pytest.fixture
def case(application: Application) -> Case:
    return factory.case_of(application, "S1-04")


def the_task(case: Case) -> ReviewTask:
    return factory.open_task(case)


def day_off(after: date) -> None:
    """Let the next working day after a day be one on which nobody works."""
    day = calendars.current().add_workdays(after, 1)
    CalendarDay.objects.create(day=day, kind="rest", name="停电", source="测试", is_local=True)
    calendars.forget()


def recount(at: datetime) -> None:
    assert deadlines.begin_recount(at=at) is not None
    while review.recount_batch(at=at):
        pass


def test_a_case_begins_with_the_days_of_its_clock(case: Case) -> None:
    assert the_task(case).due_on == case.timer.promised_due_on
    assert factory.strayed_days() == []


def test_the_next_step_takes_them_over(application: Application, at: datetime) -> None:
    case = factory.case_of(application, "S1-07")
    due_on = the_task(case).due_on

    review.complete_task(
        task_id=the_task(case).pk,
        conclusion=Conclusion.PASS,
        opinion="符合要求",
        actor=factory.member(case.department_id, "handler"),
        at=at,
    )

    assert the_task(case).step == "checker"
    assert the_task(case).due_on == due_on
    assert factory.strayed_days() == []


@pytest.mark.parametrize("kind", [HoldClock.SPECIAL, HoldClock.CORRECTION])
def test_a_pause_and_its_end_move_them(case: Case, at: datetime, kind: HoldClock) -> None:
    handler = factory.member(case.department_id, "handler")
    before = the_task(case).due_on
    special = {"kind": "expert", "expected_days": 10} if kind is HoldClock.SPECIAL else {}

    hold = review.place_hold(case_id=case.pk, reason="等意见", clock=kind, actor=handler, at=at, **special)
    assert (the_task(case).paused_on, the_task(case).yellow_on) == (clock.day_of(at), None)
    assert factory.strayed_days() == []

    review.release_hold(hold_id=hold.pk, actor=handler, at=at + timedelta(days=14))
    assert the_task(case).paused_on is None
    assert before is not None
    assert (the_task(case).due_on or before) > before
    assert factory.strayed_days() == []


def test_an_extension_moves_them(case: Case, at: datetime) -> None:
    before = the_task(case).due_on
    handler = factory.member(case.department_id, "handler")
    asked = review.ask_extension(case_id=case.pk, days=3, reason="会签", actor=handler, at=at)
    assert the_task(case).due_on == before

    approver = factory.member(case.department_id, "approver")
    review.decide_extension(extension_id=asked.pk, granted=True, remark="", actor=approver, at=at)

    assert the_task(case).due_on != before
    assert factory.strayed_days() == []


def test_taken_up_again_the_new_clock_counts(case: Case, at: datetime) -> None:
    factory.up_to_decision(case, at=at)
    decided = factory.finish(case, at=at)
    later = at + timedelta(days=30)

    review.reopen(case_id=decided.pk, reason="复议", actor=factory.member(case.department_id, "approver"), at=later)

    case.refresh_from_db()
    assert the_task(case).due_on == case.timer.promised_due_on
    assert (the_task(case).due_on or clock.day_of(at)) > clock.day_of(later)
    assert factory.strayed_days() == []


def test_who_has_the_task_moves_nothing(case: Case, at: datetime) -> None:
    task, handler = the_task(case), factory.member(case.department_id, "handler")
    for act in (review.claim, review.hand_back):
        act(task_id=task.pk, actor=handler, at=at + timedelta(days=2))
        assert the_task(case).due_on == task.due_on


def test_a_new_calendar_moves_them_with_their_clocks(case: Case, pack: PackVersion, at: datetime) -> None:
    recount(at)
    before = the_task(case).due_on
    day_off(clock.day_of(at))

    recount(at)

    assert (the_task(case).due_on, before) == (type(case.timer).objects.get(pk=case.timer_id).promised_due_on, before)
    assert the_task(case).due_on != before
    assert factory.strayed_days() == []


@pytest.mark.django_db(transaction=True)
def test_a_recount_leaves_a_case_that_somebody_works_on_to_the_end(case: Case, at: datetime) -> None:
    """Whoever acts has the case before its clock; the recount must not hold the clock and wait for the task."""
    recount(at)
    day_off(clock.day_of(at))
    deadlines.begin_recount(at=at)
    held, free = threading.Event(), threading.Event()

    def work() -> None:
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            held.set()
            assert free.wait(20)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert held.wait(20)
    try:
        assert review.recount_batch(at=at)
        recounting = Recount.objects.order_by("-pk")[0]
        assert case.timer_id in recounting.busy
        assert factory.strayed_days() == []
    finally:
        free.set()
        worker.join()
    while review.recount_batch(at=at):
        pass
    assert the_task(case).due_on == type(case.timer).objects.get(pk=case.timer_id).promised_due_on
    assert factory.strayed_days() == []
