"""The sweep: everybody is told of a date once, in one message, however often it runs."""

from datetime import date, datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import Timer
from approvals.reminders import operations as reminders
from approvals.reminders.models import Occasion, Reminder
from approvals.review import operations as review
from approvals.review.models import Case
from portal.accounts import operations as accounts
from portal.accounts.models import User
from portal.core import calendars
from portal.core.actor import Actor
from portal.core.models import CalendarDay
from portal.notices.models import Notice
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import review as factory

DAY = timedelta(days=1)
SYSTEM = Actor.system("测试")


def due(case: Case, day: date) -> None:
    """Let only this case fall due, on a day."""
    Timer.objects.exclude(pk=case.timer_id).update(promised_due_on=date(2027, 6, 1))
    Timer.objects.filter(pk=case.timer_id).update(promised_due_on=day)


def told(user: User | Actor) -> list[tuple[str, int]]:
    pk = user.pk if isinstance(user, User) else user.user_id
    # what lies in a pool has tests of its own
    rows = Reminder.objects.filter(user_id=pk).exclude(occasion__event="task_arrived").order_by("pk")
    return list(rows.values_list("occasion__rule", "occasion__days"))


@pytest.fixture
def handler(case: Case) -> Actor:
    return factory.member(case.department_id, "handler")


@pytest.fixture
def lead(case: Case) -> Actor:
    assert case.stage_run is not None
    return factory.member(case.stage_run.lead_id or "", "lead")


def test_who_has_the_case_is_told_before_and_on_the_day(case: Case, handler: Actor, at: datetime) -> None:
    # Tuesday noon; two working days ahead is Thursday
    due(case, at.date() + 2 * DAY)

    assert reminders.sweep(at=at).occasions == 1
    assert told(handler) == [("case_soon", -2)]

    reminders.sweep(at=at + DAY)
    assert told(handler) == [("case_soon", -2)]

    reminders.sweep(at=at + 2 * DAY)
    assert told(handler) == [("case_soon", -2), ("case_soon", 0)]


def test_three_days_ahead_nobody_is_told(case: Case, at: datetime) -> None:
    due(case, at.date() + 3 * DAY)
    assert reminders.sweep(at=at).occasions == 0


def test_the_one_who_claimed_it_is_told_and_not_his_colleagues(case: Case, handler: Actor, at: datetime) -> None:
    colleague = User.objects.create_user("another-handler", name="同事")
    colleague.memberships.create(role_id="handler", department_id=case.department_id, active_from=at - 10 * DAY)
    due(case, at.date())
    review.claim(task_id=factory.open_task(case).pk, actor=handler, at=at)

    reminders.sweep(at=at)

    assert told(handler) == [("case_soon", 0)]
    assert told(colleague) == []


def test_while_he_is_away_his_substitute_is_told_as_well(case: Case, handler: Actor, at: datetime) -> None:
    colleague = User.objects.create_user("another-handler", name="同事")
    colleague.memberships.create(role_id="handler", department_id=case.department_id, active_from=at - 10 * DAY)
    due(case, at.date() + 2 * DAY)
    review.claim(task_id=factory.open_task(case).pk, actor=handler, at=at)
    accounts.arrange_substitute(
        person_id=handler.user_id or 0,
        substitute_id=colleague.pk,
        department_id=case.department_id,
        from_on=at.date(),
        until_on=at.date() + DAY,
        actor=handler,
        at=at,
    )

    reminders.sweep(at=at)
    assert told(handler) == told(colleague) == [("case_soon", -2)]

    # the absence is over; what comes now is his own again
    reminders.sweep(at=at + 2 * DAY)
    assert told(handler) == [("case_soon", -2), ("case_soon", 0)]
    assert told(colleague) == [("case_soon", -2)]


def test_what_is_late_climbs(case: Case, handler: Actor, lead: Actor, supervisor: User, at: datetime) -> None:
    head = factory.member(case.department_id, "approver")
    due(case, at.date() - DAY)

    reminders.sweep(at=at)
    assert told(handler) == told(head) == told(lead) == [("case_late", 1)]
    assert told(supervisor) == []

    reminders.sweep(at=at + 6 * DAY)
    assert told(handler)[-1] == told(lead)[-1] == ("case_late_long", 5)
    assert told(supervisor) == [("case_late_long", 5)]


def test_running_again_tells_nothing_twice(case: Case, handler: Actor, at: datetime) -> None:
    due(case, at.date())

    first, second = reminders.sweep(at=at), reminders.sweep(at=at)

    assert (first.occasions, second.occasions, second.messages) == (1, 0, 0)
    assert Notice.objects.filter(user_id=handler.user_id, kind="reminders.digest").count() == 1


def test_a_day_of_outage_is_caught_up_with_the_latest_step_only(case: Case, handler: Actor, at: datetime) -> None:
    due(case, at.date())

    reminders.sweep(at=at + DAY)

    assert told(handler) == [("case_late", 1)]


def test_what_is_long_past_is_left_to_the_lists(case: Case, at: datetime) -> None:
    due(case, at.date() - 40 * DAY)
    assert reminders.sweep(at=at).occasions == 0


def test_a_due_day_that_has_moved_is_told_of_again(case: Case, handler: Actor, at: datetime) -> None:
    due(case, at.date())
    reminders.sweep(at=at)
    due(case, at.date() + DAY)

    reminders.sweep(at=at + DAY)

    assert told(handler) == [("case_soon", 0), ("case_soon", 0)]


def test_what_is_paused_or_ended_is_not_told_of(application: Application, at: datetime) -> None:
    paused, ended = application.cases.order_by("pk")[:2]
    deadlines.record(timer_id=paused.timer_id, type="special_started", kind="expert", actor=SYSTEM, at=at)
    factory.finish(ended, at=at)
    Timer.objects.filter(pk__in=(paused.timer_id, ended.timer_id)).update(promised_due_on=at.date())

    reminders.sweep(at=at)

    assert not Occasion.objects.filter(subject_id__in=(paused.pk, ended.pk), event="case_due").exists()


def test_many_things_make_one_message(application: Application, at: datetime) -> None:
    Timer.objects.update(promised_due_on=at.date())
    cases = list(application.cases.select_related("project", "service_item"))
    departments = {case.department_id for case in cases}
    handlers = {department: factory.member(department, "handler") for department in departments}

    reminders.sweep(at=at)

    for department, handler in handlers.items():
        own = [case for case in cases if case.department_id == department]
        (notice,) = Notice.objects.filter(user_id=handler.user_id, kind="reminders.digest")
        assert all(case.service_item.name in notice.body for case in own[:8])
        assert str(len(own)) in notice.title


def test_a_digest_that_was_cut_off_is_sent_by_the_next_run(case: Case, handler: Actor, at: datetime) -> None:
    due(case, at.date())
    reminders.sweep(at=at)
    Reminder.objects.update(notice=None)
    Notice.objects.all().delete()

    assert reminders.sweep(at=at).occasions == 0
    assert Notice.objects.filter(user_id=handler.user_id, kind="reminders.digest").count() == 1


def test_a_region_goes_by_its_own_days(project: Project, case: Case, handler: Actor, at: datetime) -> None:
    # Thursday is a day off in the project's region: two working days before Friday is Tuesday there
    due(case, at.date() + 3 * DAY)
    CalendarDay.objects.create(
        region=project.region, day=at.date() + 2 * DAY, kind="rest", name="停电", source="测试", is_local=True
    )
    calendars.forget()

    reminders.sweep(at=at)

    assert told(handler) == [("case_soon", -2)]


def test_the_applicant_hears_of_his_days_to_mend(project: Project, applicant: User, at: datetime) -> None:
    waiting = factory.at_the_window(project=project, stage="S1", actor=as_actor(applicant), at=at)
    Application.objects.filter(pk=waiting.pk).update(state="correcting", correction_due_on=at.date() + DAY)

    reminders.sweep(at=at)

    assert list(
        Reminder.objects.filter(enterprise_id=project.owner_id).values_list("occasion__rule", "occasion__days")
    ) == [("correction_soon", -1)]
    assert Notice.objects.filter(enterprise_id=project.owner_id, kind="reminders.digest").count() == 1


def test_the_window_hears_of_what_it_must_answer(project: Project, applicant: User, clerk: User, at: datetime) -> None:
    waiting = factory.at_the_window(project=project, stage="S1", actor=as_actor(applicant), at=at)
    Application.objects.filter(pk=waiting.pk).update(notice_due_on=at.date())

    reminders.sweep(at=at)

    assert told(clerk) == [("notice_soon", 0)]
