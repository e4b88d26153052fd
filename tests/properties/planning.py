"""Make items for the forecast, by hand and by chance."""

from hypothesis import strategies as st

from projects.catalogue.definitions import Category, ItemDef, ItemResult, Unit
from projects.planning.checklist import PlannedItem

MAIN = ("S1", "S2", "S3")
PLACES = ("S0", *MAIN, "P")


def an_item(
    name: str,
    stage: str,
    *,
    days: int,
    applies: bool | None = True,
    milestone: bool = False,
    waits_for: tuple[str, ...] = (),
    calendar: bool = False,
) -> PlannedItem:
    """Return an item as the checklist plans it."""
    unit = Unit.CALENDAR if calendar else Unit.WORKING
    item = ItemDef(
        id=name, name=name, stage=stage, stream="main", department="d", type="permit", category=Category.ORDINARY,
        statutory_days=days, promised_days=days, unit=unit, prereq=waits_for, soft_prereq=(), data_from=(),
        materials=(), tolerable=(), result=ItemResult(name, f"r_{name}"), applies_when="all", milestone=milestone,
        latest_stage=stage, legal_basis="", commitment="none", tolerance=False, special_procedures=(), fee=None, sort=0,
        check_points=(),
    )  # fmt: skip
    return PlannedItem(
        item=item, stage=stage, department="d", applies=applies, reason="x", unknown=(), limit_days=days,
        statutory_days=days, unit=unit, prerequisites=waits_for, waits_for=waits_for, latest_stage=stage,
    )  # fmt: skip


@st.composite
def projects(draw: st.DrawFn) -> tuple[PlannedItem, ...]:
    """Draw items that wait only for items of the same or an earlier stage, as a checked pack has them."""
    count = draw(st.integers(0, 9))
    items: list[PlannedItem] = []
    for number in range(count):
        stage = draw(st.sampled_from(PLACES))
        rank = PLACES.index(stage)
        # A parallel item may wait for the main line; then nothing of the main line may wait for it.
        earlier = [
            item.id
            for item in items
            if item.applies is not False and (stage == "P" or (item.stage != "P" and PLACES.index(item.stage) <= rank))
        ]
        items.append(
            an_item(
                f"i{number}",
                stage,
                days=draw(st.integers(1, 30)),
                applies=draw(st.sampled_from((True, True, True, None, False))),
                milestone=draw(st.booleans()),
                waits_for=tuple(draw(st.lists(st.sampled_from(earlier), unique=True, max_size=3))) if earlier else (),
                calendar=draw(st.booleans()),
            )
        )
    return tuple(items)
