"""A person's saved filters of the inbox, and how much each of them finds."""

from collections.abc import Iterable, Mapping
from datetime import date

from approvals.review.models import SavedFilter
from approvals.review.queries.tasklist import Filters, tasks
from portal.core import counting
from portal.core.actor import Actor


def saved_filters(actor: Actor) -> list[SavedFilter]:
    """Return the actor's saved filters in the order of their making; one statement."""
    return list(SavedFilter.objects.filter(person_id=actor.user_id).order_by("pk"))


def filters_of(saved: SavedFilter) -> Filters:
    """Return what a saved filter narrows to."""
    return Filters(
        light=saved.light,
        stage=saved.stage,
        item=saved.item,
        region=saved.region,
        who=saved.who,
        sort=saved.sort,
    )


def counts_of(saved: Iterable[SavedFilter], actor: Actor, *, today: date) -> Mapping[int, int]:
    """Return saved filter -> how many tasks it finds, none counted further than one above counting.MOST.

    One statement whatever their number.
    """
    kept = list(saved)
    found = ((tasks(actor, filters_of(each), today=today),) for each in kept)
    numbers = counting.counted([(rows, counting.MOST) for rows in found])
    return {each.pk: number for each, number in zip(kept, numbers, strict=True)}
