"""Celery entry points of push."""

from celery import shared_task

from approvals.push import operations as push
from portal.core import clock


@shared_task(ignore_result=True)
def retry_failed(**_ignored: object) -> int:
    """Try again the deliveries that failed and are due."""
    return push.retry_due(at=clock.now())
