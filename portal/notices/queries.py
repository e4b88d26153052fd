"""Reads of the slice."""

from portal.core import counting, paging
from portal.core.actor import Actor
from portal.core.counting import Rows
from portal.notices.models import Notice

#: what a badge says at most; beyond it the exact number helps nobody and costs time
MANY = 99


def page(actor: Actor, *, unread_only: bool = False, cursor: str = "") -> paging.Page[Notice]:
    """Return a page of the actor's notices, newest first, each with `is_read`."""
    rows = Notice.objects.visible_to(actor)
    if unread_only:
        rows = rows.unread_by(actor)
    rows = rows.with_read_by(actor).select_related("enterprise", "department")
    return paging.page(rows, by=("-created_at", "-id"), cursor=cursor, size=30)


def unread(actor: Actor) -> int:
    """Count the notices the actor has not read, up to MANY + 1."""
    return counting.count(unread_rows(actor), most=MANY)


def unread_rows(actor: Actor) -> Rows:
    """Return the notices the actor has not read, for the number in his menu."""
    return (Notice.objects.visible_to(actor).unread_by(actor),) if actor.user_id is not None else ()
