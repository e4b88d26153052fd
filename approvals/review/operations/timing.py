"""Keeping how long a concluded stage took, and counting it again when something is written down later."""

from datetime import datetime

from django.db.models import Q

from approvals.deadlines import operations as deadlines
from approvals.review.models import StageRun
from approvals.review.queries import times
from portal.core import clock


def keep_stage_time(*, run_id: int, at: datetime) -> None:
    """Store C7 of a concluded stage with its clock; counted again it comes out the same."""
    run = StageRun.objects.select_related("project", "unit", "timer").get(pk=run_id)
    if run.timer_id is not None and run.concluded_at is not None:
        told = times.stage_time(run, as_of=clock.day_of(at)).told
        deadlines.keep_stage_days(timer_id=run.timer_id, days=told.used)


def recount_stage_time(*, timer_id: int, at: datetime) -> None:
    """Count the concluded stage of a timer again: an event of it, or of one of its cases, was written down late."""
    concluded = StageRun.objects.filter(concluded_at__isnull=False)
    runs = concluded.filter(Q(timer=timer_id) | Q(cases__timer=timer_id)).order_by("pk").distinct()
    for run_id in runs.values_list("pk", flat=True):
        keep_stage_time(run_id=run_id, at=at)
