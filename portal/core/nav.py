"""The menus: each slice registers its entries in `apps.ready()`; a layout asks for its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.utils.functional import Promise

from portal.core import clock, counting
from portal.core.actor import Actor
from portal.core.counting import Rows
from portal.core.prepared import NUMBER, Statement


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of one layout's menu.

    `act` is what an actor must somehow be allowed to see it (None: everybody); `count` gives the rows whose number
    stands beside the label, counted up to `most`: a function of the actor and of the day, not of the moment, because
    the statement for a menu is put together once a day for all who may do the same.
    """

    layout: str
    label: Promise | str
    url_name: str
    order: int
    act: str | None = None
    count: Callable[[Actor], Rows] | None = None
    most: int = counting.MOST


PUBLIC = "public"

_items: dict[tuple[str, str], NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry; registering the same URL in a layout again replaces it."""
    _items[item.layout, item.url_name] = item


def items_for(actor: Actor, layout: str) -> list[NavItem]:
    """Return a layout's entries this actor may open, in order; a work place is empty for who does not work there."""
    if layout != PUBLIC and layout not in actor.layouts:
        return []
    return sorted(
        (
            item
            for item in _items.values()
            if item.layout == layout and (item.act is None or actor.may_somehow(item.act))
        ),
        key=lambda item: item.order,
    )


def numbers_for(actor: Actor, items: Sequence[NavItem]) -> dict[str, str]:
    """Return the name of the URL -> the number beside it, of those that have one; one statement for all."""
    asked = [item for item in items if item.count is not None]
    if actor.user_id is None:
        return {}
    counted = _counted(actor.like(NUMBER), tuple(asked), clock.today())(actor.user_id)
    numbers = counted[0] if counted else [0] * len(asked)
    return {
        item.url_name: counting.words(number, most=item.most)
        for item, number in zip(asked, numbers, strict=True)
        if number
    }


@lru_cache(maxsize=256)
def _counted(actor: Actor, items: tuple[NavItem, ...], _today: date) -> Statement:
    """Return the statement that counts for one kind of reader."""

    def build(user_id: int) -> tuple[str, Sequence[Any]]:
        reader = actor.like(user_id)
        found = counting.counted_sql([(item.count(reader), item.most) for item in items if item.count is not None])
        if found is None:
            raise EmptyResultSet
        return found

    return Statement(build)


def layout_of(actor: Actor) -> str:
    """Return the layout template of the actor's first work place; applicants and visitors get the light one."""
    places = home_layouts(actor)
    if not places or places[0] == "applicant":
        return "layouts/applicant.html"
    return f"layouts/{places[0]}.html"


def home_layouts(actor: Actor) -> list[str]:
    """Return the layouts in which the actor has anything to do beyond the public ones."""
    order = ["department", "window", "leader", "admin", "applicant"]  # the first one is where he starts
    return [layout for layout in order if any(item.act for item in items_for(actor, layout))]
