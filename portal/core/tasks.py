"""Celery entry points of the ground floor."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from portal.core import clock, outbox

logger = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def drain_outbox(**_ignored: object) -> int:
    """Deliver waiting messages; asked for after each commit and by the beat."""
    return outbox.drain(at=clock.now())


def nudge() -> None:
    """Ask a worker to look at the outbox now. A broker that is away costs seconds, not messages."""
    try:
        drain_outbox.apply_async(ignore_result=True, retry=False)
    except OperationalError:
        logger.warning("broker is away; the beat will drain the outbox")
