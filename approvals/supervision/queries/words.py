"""What the pack says about names and thresholds, read once per version."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.citypack import queries as citypack
from projects.catalogue import queries as catalogues


@dataclass(frozen=True, slots=True)
class Words:
    """Names in the order of the pack, and the numbers behind the words of supervision.

    :param cells: stage and department pairs for which there is an item
    :param stalled_days: calendar days without an event after which a project stands still (metric M08)
    """

    stages: Mapping[str, str]
    departments: Mapping[str, str]
    regions: Mapping[str, str]
    districts: Mapping[str, str]
    cells: frozenset[tuple[str, str]]
    stalled_days: int

    def department(self, code: str) -> str:
        """Return the short name of a department, its code when a newer pack has dropped it."""
        return self.departments.get(code, code)


def words_in_force() -> Words:
    """Give the words of the pack in force; one small statement."""
    return _words(citypack.current_id())


@lru_cache(maxsize=4)
def _words(version_id: int) -> Words:
    catalogue = catalogues.catalogue(version_id)
    thresholds = citypack.document(version_id, "clock")["thresholds"]
    regions = citypack.document(version_id, "city")["regions"]
    return Words(
        stages={stage.id: stage.name for stage in catalogue.stages.values()},
        departments={department.id: department.short for department in catalogue.departments.values()},
        regions={region["code"]: region["name"] for region in regions},
        districts={region["code"]: region["name"] for region in regions if region["kind"] != "city"},
        cells=frozenset((item.stage, item.department) for item in catalogue.items.values()),
        stalled_days=thresholds["stalled_calendar_days"],
    )
