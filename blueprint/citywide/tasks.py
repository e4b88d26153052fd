"""Celery entry points of whole-city runs."""

from celery import shared_task

from blueprint.citywide import operations as citywide
from portal.core import clock


@shared_task(ignore_result=True)
def work(**_ignored: object) -> int:
    """Compute what waits; asked for by the beat, harmless beside itself."""
    return citywide.work(at=clock.now())
