"""Celery entry points of the clock."""

from celery import shared_task

from approvals.deadlines import operations as deadlines
from portal.core import clock

#: batches of one run; the next run goes on where this one stopped
BATCHES = 200


@shared_task(ignore_result=True)
def recount(**_ignored: object) -> int:
    """Go on with the recount under way, if there is one, and say how many batches were done."""
    done = 0
    while done < BATCHES and deadlines.recount_batch(at=clock.now()):
        done += 1
    return done
