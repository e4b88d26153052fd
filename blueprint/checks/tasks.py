"""Celery entry points of checks."""

from celery import shared_task

from blueprint.checks import operations as checks
from portal.core import clock


@shared_task(ignore_result=True)
def fail_lost(**_ignored: object) -> int:
    """Fail the checks whose process is gone; asked for by the beat, harmless beside itself."""
    return checks.fail_lost(at=clock.now())
