"""Which materials an application needs, each once for all items that use it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from projects.catalogue.definitions import Catalogue, MaterialDef


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """A material the application needs."""

    material: str
    name: str
    is_required: bool
    items: tuple[str, ...]
    sort: int


def plan(
    catalogue: Catalogue, *, stage: str, items: Sequence[str], applicable: Collection[str]
) -> tuple[PlannedSlot, ...]:
    """Gather the materials of all items: what the applicant brings first, then what the city has already.

    :param applicable: ids of the items that apply to the project
    """
    users: dict[str, list[str]] = {}
    for item in items:
        for material in catalogue.items[item].materials:
            users.setdefault(material, []).append(item)
    order = sorted(users, key=lambda material: not catalogue.materials[material].from_applicant)
    return tuple(
        PlannedSlot(
            material=material,
            name=catalogue.materials[material].name,
            is_required=blocks(catalogue, catalogue.materials[material], stage=stage, applicable=applicable),
            items=tuple(users[material]),
            sort=sort,
        )
        for sort, material in enumerate(order)
    )


def blocks(catalogue: Catalogue, material: MaterialDef, *, stage: str, applicable: Collection[str]) -> bool:
    """Tell whether an application cannot be handed in without this material.

    What only the applicant or his contractors can bring does. The result of an earlier item does when that item
    applies and belongs to a stage before this one. A result of this very stage, or of the parallel stream, does
    not: it does not exist yet, the review waits for it where the law makes it a precondition, and brings it along.
    Certificates the city can fetch and papers it makes itself never block (国务院令第716号: 不得要求提供能够通过
    共享获取的材料).
    """
    if material.from_applicant:
        return True
    producer = material.produced_by
    if material.source != "prior_result" or producer is None or producer not in applicable:
        return False
    return _comes_before(catalogue, catalogue.items[producer].stage, stage)


def _comes_before(catalogue: Catalogue, earlier: str, later: str) -> bool:
    order: Mapping[str, int] = {stage.id: number for number, stage in enumerate(catalogue.main_stages)}
    return earlier in order and later in order and order[earlier] < order[later]
