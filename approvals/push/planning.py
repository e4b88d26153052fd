"""Who needs a result: pure over the project's list of items."""

from collections.abc import Iterable, Mapping

from projects.catalogue.definitions import Catalogue
from projects.planning.checklist import PlannedItem


def needed_by(
    catalogue: Catalogue, *, item: str, planned: Iterable[PlannedItem], done: frozenset[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return department -> its items that draw on a result, in the order of the plan.

    An item draws on it when it names it as a prerequisite, hard or soft, as a source of data, or when one of its
    materials is that result. Items that do not apply, and those already decided, need nothing any more.
    """
    material = catalogue.results[item].material_id if item in catalogue.results else ""
    found: dict[str, list[str]] = {}
    for other in planned:
        definition = other.item
        draws = item in (*definition.prereq, *definition.soft_prereq, *definition.data_from) or (
            bool(material) and material in definition.materials
        )
        if draws and other.applies is not False and definition.id not in done and definition.id != item:
            found.setdefault(other.department, []).append(definition.id)
    return {department: tuple(items) for department, items in found.items()}
