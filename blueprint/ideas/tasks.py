"""Celery entry points of ideas."""

from celery import shared_task

from blueprint.ideas import operations as ideas
from portal.core import clock


@shared_task(ignore_result=True)
def sweep(**_ignored: object) -> int:
    """Apply the rule of silence; running it twice does nothing twice."""
    return ideas.sweep(at=clock.now())
