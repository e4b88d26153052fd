"""Celery entry points of layers."""

from celery import shared_task

from blueprint.layers import operations as layers
from portal.core import clock


@shared_task(ignore_result=True)
def run_imports(**_ignored: object) -> int:
    """Do the imports that wait and return how many ended; running it twice imports nothing twice."""
    return layers.run_imports(at=clock.now())
