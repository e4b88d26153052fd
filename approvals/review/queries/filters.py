"""A person's saved filters of the inbox, and how much each of them finds."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Func, IntegerField, When

from approvals.review.models import SavedFilter
from approvals.review.queries.counts import MOST_COUNTED
from approvals.review.queries.tasklist import Filters, tasks
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
    """Return saved filter -> how many tasks it finds, none counted further than one above MOST_COUNTED.

    One statement whatever their number.
    """
    numbers = {each.pk: _number(actor, filters_of(each), today=today) for each in saved}
    if not numbers:
        return {}
    own = Case(*(When(pk=pk, then=number) for pk, number in numbers.items()), output_field=IntegerField())
    return dict(SavedFilter.objects.filter(pk__in=numbers).values_list("pk", own))


def _number(actor: Actor, filters: Filters, *, today: date) -> Func:
    rows = tasks(actor, filters, today=today).order_by().values("pk")[: MOST_COUNTED + 1]
    return Func(ArraySubquery(rows), function="cardinality", output_field=IntegerField())
