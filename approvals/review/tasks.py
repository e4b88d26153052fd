"""Celery entry points of the review."""

from celery import shared_task

from approvals.review import operations as review
from portal.core import clock

#: batches of one run of the recount; the next run goes on where this one stopped
BATCHES = 200


@shared_task(ignore_result=True)
def accept_silent(**_ignored: object) -> int:
    """Accept what the window has left unanswered; running it twice accepts nothing twice."""
    return review.accept_silent(at=clock.now())


@shared_task(ignore_result=True)
def lapse_tolerances(**_ignored: object) -> int:
    """End the grants whose deferred material did not come in time; running it twice ends nothing twice."""
    return review.lapse_tolerances(at=clock.now())


@shared_task(ignore_result=True)
def run_due_batches(**_ignored: object) -> int:
    """Do the batch acts that were not taken back in time; running it twice does nothing twice."""
    return review.run_due_batches(at=clock.now())


@shared_task(ignore_result=True)
def recount(**_ignored: object) -> int:
    """Go on with the recount of due days under way, if there is one, and say how many batches were done."""
    done = 0
    while done < BATCHES and review.recount_batch(at=clock.now()):
        done += 1
    return done
