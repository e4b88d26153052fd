"""A reader's own reminders."""

from django.db.models import Q

from approvals.reminders.models import Reminder
from portal.core import paging
from portal.core.actor import Actor


def page(actor: Actor, *, cursor: str = "") -> paging.Page[Reminder]:
    """Return a page of what the actor and his enterprises were told of, newest first."""
    own = Q(user_id=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    rows = Reminder.objects.filter(own | Q(enterprise_id__in=actor.enterprise_ids)).select_related("occasion")
    return paging.page(rows, by=("-id",), cursor=cursor, size=50)
