"""What to do next."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from approvals.deadlines.states import Light
from approvals.review.models import Opinion, ReviewTask
from approvals.review.queries.tasklist import Filters, tasks
from portal.core.actor import Actor


def next_task(actor: Actor, filters: Filters, *, today: date, but: int | None = None) -> ReviewTask | None:
    """Return what is due first among the tasks under filters that the actor can do now; one statement.

    Left out is what colleagues hold, what stands still, and cases in which he has spoken on another step.
    :param but: a case that is not offered: the one he comes from
    """
    # by name, because `light` is an annotation
    found: Any = tasks(actor, filters, today=today)
    if but is not None:
        found = found.exclude(case_id=but)
    if filters.light != Light.GREY:
        found = found.exclude(light=Light.GREY.value)
    own = Q(author_id=actor.user_id) | Q(on_behalf_of_id=actor.user_id)
    spoken = Opinion.objects.filter(own, case_id=OuterRef("case_id")).exclude(step=OuterRef("step"))
    following: ReviewTask | None = found.filter(~Exists(spoken)).order_by("due_on", "id").first()
    return following
