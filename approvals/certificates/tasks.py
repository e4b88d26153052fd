"""Celery entry points of certificates."""

from celery import shared_task

from approvals.certificates import operations as certificates
from approvals.certificates import queries
from portal.core import clock


@shared_task(ignore_result=True)
def release_kept(**_ignored: object) -> int:
    """Prepare what was kept back in a stage whose limit has passed; running it twice prepares nothing twice."""
    at = clock.now()
    kept = queries.kept_too_long(clock.day_of(at))
    for case_id in kept:
        certificates.prepare(case_id=case_id, at=at)
    return len(kept)
