"""Celery entry points of joint work."""

from celery import shared_task

from approvals.joint import operations as joint
from portal.core import clock


@shared_task(ignore_result=True)
def sweep(**_ignored: object) -> int:
    """Remind, and apply the rule of silence; running it twice does nothing twice."""
    return joint.sweep(at=clock.now())
