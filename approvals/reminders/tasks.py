"""Celery entry points of the reminders."""

from celery import shared_task

from approvals.reminders import operations as reminders
from approvals.reminders import rules
from portal.core import clock


@shared_task(ignore_result=True)
def sweep(**_ignored: object) -> int:
    """Tell everybody of the dates of today's concern, from the hour on that the pack names."""
    now = clock.now()
    if now.astimezone(clock.SHANGHAI).time() < rules.in_force().not_before:
        return 0
    return reminders.sweep(at=now).messages
