"""Celery entry points of applications."""

from celery import shared_task

from approvals.applications import operations as applications
from portal.core import clock


@shared_task(ignore_result=True)
def return_expired(**_ignored: object) -> int:
    """Return what was not mended in time; running it twice returns nothing twice."""
    return applications.return_expired(at=clock.now())
