"""A new calendar: moved due days stand in the project's chain, and those concerned are told once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import Move
from approvals.review import operations as review
from approvals.review.models import Case
from portal.core import calendars, clock
from portal.core.models import AuditEvent, CalendarDay
from portal.notices.models import Notice
from tests.factories import review as factory

DAY = timedelta(days=1)


@pytest.fixture
def moved(at: datetime, drained: Callable[[datetime], int]) -> Callable[..., None]:
    """Return an act that takes tomorrow off and lets everything follow."""
    deadlines.begin_recount(at=at)
    while review.recount_batch(at=at):
        pass

    def act(size: int = 500) -> None:
        CalendarDay.objects.create(
            region=factory.REGION,
            day=clock.day_of(at + DAY),
            kind="rest",
            name="停电",
            source="测试",
            is_local=True,
        )
        calendars.forget()
        deadlines.begin_recount(at=at)
        drained(at)
        while review.recount_batch(at=at, size=size):
            # the news of a batch may come while the next one is at work
            drained(at)
        drained(at)

    return act


def test_owner_and_department_are_told_what_moved(
    application: Application, at: datetime, moved: Callable[..., None]
) -> None:
    # the clock of a case made by the factory goes by the region of its project
    before = {case.pk: case.timer.promised_due_on for case in Case.objects.select_related("timer")}
    moved()

    for case in Case.objects.select_related("timer", "project", "service_item"):
        due_on = case.timer.promised_due_on
        assert due_on is not None
        assert before[case.pk] is not None
        assert due_on > before[case.pk]
        event = AuditEvent.objects.get(
            stream=case.audit_stream, action="review.case.due_moved", subject_id=str(case.pk)
        )
        assert event.data["promised"] == [str(before[case.pk]), due_on.isoformat()]
        notice = Notice.objects.get(department_id=case.department_id, kind="review.due_moved")
        assert case.service_item.name in notice.body
    assert Notice.objects.filter(enterprise_id=application.project.owner_id, kind="review.due_moved").count() == 1


def test_everybody_is_told_once_however_many_batches(
    application: Application, at: datetime, moved: Callable[..., None]
) -> None:
    moved(size=1)

    count = application.cases.count()
    assert count > 1
    assert AuditEvent.objects.filter(action="review.case.due_moved").count() == count
    notice = Notice.objects.get(enterprise_id=application.project.owner_id, kind="review.due_moved")
    assert notice.title == f"工作日历有变，{count} 件的应办结日已重新推算"
    assert all(case.service_item.name in notice.body for case in application.cases.select_related("service_item"))
    departments = Notice.objects.filter(department_id__isnull=False, kind="review.due_moved")
    assert departments.count() == application.cases.values("department").distinct().count()
    assert not Move.objects.exists(), "told, it is forgotten"


def test_what_a_replaced_recount_has_moved_is_told_as_well(
    application: Application, at: datetime, moved: Callable[..., None], drained: Callable[[datetime], int]
) -> None:
    for day in (1, 2):
        CalendarDay.objects.create(
            region=factory.REGION,
            day=clock.day_of(at + day * DAY),
            kind="rest",
            name="停电",
            source="测试",
            is_local=True,
        )
        calendars.forget()
        deadlines.begin_recount(at=at)
        # everything is counted, but the recount has not come to its end
        review.recount_batch(at=at)
        drained(at)
    while review.recount_batch(at=at):
        pass
    drained(at)

    assert Notice.objects.filter(enterprise_id=application.project.owner_id, kind="review.due_moved").count() == 2


def test_the_window_has_its_days_to_answer_counted_anew(
    waiting: Application, at: datetime, moved: Callable[..., None]
) -> None:
    Application.objects.filter(pk=waiting.pk).update(notice_due_on=clock.day_of(at + 7 * DAY))
    moved()

    waiting.refresh_from_db()
    assert waiting.notice_due_on == clock.day_of(at + 8 * DAY)
    assert (
        AuditEvent.objects.filter(stream=waiting.audit_stream, action="applications.application.due_moved").count() == 1
    )
    assert Notice.objects.filter(kind="applications.application.due_moved").count() == 1
