"""Small numbers for menus, and what a reviewer has done."""

from approvals.review.models import ReviewTask
from approvals.review.states import TaskState
from portal.core import paging
from portal.core.actor import Actor
from portal.core.counting import Rows


def waiting(actor: Actor) -> Rows:
    """Return the open tasks the actor may do, for the number in his menu."""
    return (ReviewTask.objects.inbox_of(actor),)


def done_tasks(actor: Actor, *, cursor: str = "", size: int = paging.SIZE) -> paging.Page[ReviewTask]:
    """Return the steps the actor has concluded, newest first, each with its opinion and its case."""
    rows = ReviewTask.objects.filter(assignee_id=actor.user_id, state=TaskState.DONE).select_related(
        "case__project", "case__service_item", "case__decision", "opinion"
    )
    return paging.page(rows, by=("-id",), cursor=cursor, size=size)
