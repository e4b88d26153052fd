"""Real threads against PostgreSQL: two sweeps at once tell everything once."""

import threading
from datetime import datetime

import pytest
from django.db import connection

from approvals.applications.models import Application
from approvals.deadlines.models import Timer
from approvals.reminders import operations as reminders
from approvals.reminders.models import Occasion, Reminder
from portal.notices.models import Notice
from tests.factories import review as factory

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_sweeps_at_once_tell_everything_once(application: Application, at: datetime) -> None:
    cases = list(application.cases.all())
    for case in cases:
        factory.member(case.department_id, "handler")
    Timer.objects.update(promised_due_on=at.date())
    barrier, swept = threading.Barrier(2), []

    def run() -> None:
        barrier.wait()
        try:
            swept.append(reminders.sweep(at=at))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    told = Occasion.objects.filter(event="case_due")
    assert sorted(told.values_list("subject_id", flat=True)) == sorted(case.pk for case in cases)
    assert sum(each.occasions for each in swept) == Occasion.objects.count()
    assert not Reminder.objects.filter(notice=None).exists()
    # each reminder is in one message, and no message is empty
    assert Notice.objects.filter(kind="reminders.digest").count() == sum(each.messages for each in swept)
    assert not Notice.objects.filter(kind="reminders.digest", reminders=None).exists()
