"""Small numbers for menus."""

from approvals.review.models import ReviewTask
from portal.core.actor import Actor

#: counts above this read 1,000+
MOST_COUNTED = 1000


def open_count(actor: Actor) -> int | None:
    """Return how many open tasks the actor may do, None for none; never counts further than MOST_COUNTED."""
    return ReviewTask.objects.inbox_of(actor)[:MOST_COUNTED].count() or None
