"""The menus: each slice registers its entries in `apps.ready()`; a layout asks for its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from portal.core import counting
from portal.core.actor import Actor
from portal.core.counting import Rows


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of one layout's menu.

    `act` is what an actor must somehow be allowed to see it (None: everybody); `count` gives the rows whose number
    stands beside the label, counted up to `most`.
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
    asked = [(item, item.count(actor)) for item in items if item.count is not None]
    numbers = counting.counted([(rows, item.most) for item, rows in asked])
    return {
        item.url_name: counting.words(number, most=item.most)
        for (item, _rows), number in zip(asked, numbers, strict=True)
        if number
    }


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
