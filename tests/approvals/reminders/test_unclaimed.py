"""待领无人: what nobody takes out of the pool is told to who distributes the department's work, once."""

from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.reminders import operations as reminders
from approvals.reminders.models import Reminder
from approvals.review import operations as review
from approvals.review.models import ReviewTask
from portal.accounts.models import User
from portal.core import clock
from portal.core.actor import Actor
from portal.notices.models import Notice
from tests.cast import PLANNING, as_actor
from tests.factories import review as factory

DAY = timedelta(days=1)
RULE = "task_unclaimed"


@pytest.fixture
def task(application: Application) -> ReviewTask:
    return factory.open_task(factory.case_of(application, "S1-07"))


def told_of(task: ReviewTask) -> set[str]:
    rows = Reminder.objects.filter(occasion__rule=RULE, occasion__subject_id=task.pk)
    return set(rows.values_list("user__username", flat=True))


def sweep(at: datetime) -> None:
    with clock.frozen(at):
        reminders.sweep(at=at)


def test_tells_the_departments_lead_after_the_working_days_of_the_pack(
    task: ReviewTask,
    planning_lead: User,
    planning_approver: User,
    planning_handler: User,
    fire_reviewer: User,
    at: datetime,
) -> None:
    # Tuesday noon; two working days later is Thursday
    sweep(at + DAY)
    assert told_of(task) == set()

    sweep(at + 2 * DAY)
    assert told_of(task) == {planning_lead.username, planning_approver.username}
    notice = Notice.objects.filter(user=planning_lead).latest("pk")
    assert "到科室待领的日期" in notice.body


def test_weekends_do_not_count(application: Application, planning_lead: User, at: datetime) -> None:
    task = factory.open_task(factory.case_of(application, "S1-07"))
    friday = at + 3 * DAY
    ReviewTask.objects.filter(pk=task.pk).update(opened_at=friday)

    sweep(friday + 3 * DAY)
    assert told_of(task) == set()
    sweep(friday + 4 * DAY)
    assert told_of(task) == {planning_lead.username}


def test_tells_once_however_often_it_runs_and_whatever_happens_then(
    task: ReviewTask, planning_lead: User, planning_handler: User, at: datetime
) -> None:
    for days in (2, 2, 3):
        sweep(at + days * DAY)
    review.claim(task_id=task.pk, actor=as_actor(planning_handler), at=at + 3 * DAY)
    review.hand_back(task_id=task.pk, actor=as_actor(planning_handler), at=at + 3 * DAY)
    sweep(at + 6 * DAY)

    assert Reminder.objects.filter(occasion__rule=RULE, occasion__subject_id=task.pk).count() == 1


@pytest.mark.parametrize("how", ["claimed", "assigned", "done"])
def test_is_silent_about_what_somebody_has(
    task: ReviewTask, planning_lead: User, planning_handler: User, at: datetime, how: str
) -> None:
    actor: Actor = as_actor(planning_handler)
    if how == "claimed":
        review.claim(task_id=task.pk, actor=actor, at=at)
    elif how == "assigned":
        review.assign(task_id=task.pk, user_id=planning_handler.pk, actor=as_actor(planning_lead), at=at)
    else:
        review.complete_task(task_id=task.pk, conclusion="pass", opinion="符合", actor=actor, at=at)

    sweep(at + 2 * DAY)

    assert told_of(task) == set()


def test_tells_nobody_of_another_department(task: ReviewTask, planning_lead: User, at: datetime) -> None:
    other = factory.member("zj", "lead")

    sweep(at + 2 * DAY)

    theirs = Reminder.objects.filter(occasion__rule=RULE, user_id=other.user_id)
    departments = ReviewTask.objects.filter(pk__in=theirs.values("occasion__subject_id")).values_list("department_id")
    assert (PLANNING,) not in set(departments)
