"""Two versions of a boundary against each other: what was gained, what was lost."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon

from blueprint.geometry.overlap import polygons
from blueprint.geometry.stored import shape_of
from blueprint.siting.models import SiteVersion

#: square metres; below is what snapping to a centimetre leaves
LEAST_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Comparison:
    """The difference of two versions, in metres of the work CRS."""

    before: SiteVersion
    after: SiteVersion
    gained: tuple[Polygon, ...]
    lost: tuple[Polygon, ...]

    @property
    def gained_m2(self) -> float:
        return float(sum(part.area for part in self.gained))

    @property
    def lost_m2(self) -> float:
        return float(sum(part.area for part in self.lost))

    @property
    def kept_m2(self) -> float:
        return self.after.area_m2 - self.gained_m2

    @property
    def is_same(self) -> bool:
        """Tell whether the two cover the same ground."""
        return not (self.gained or self.lost)


def compare(before: SiteVersion, after: SiteVersion) -> Comparison:
    """Compare two versions of one site; no statements."""
    old, new = shape_of(before.geom), shape_of(after.geom)
    return Comparison(before, after, _parts(shapely.difference(new, old)), _parts(shapely.difference(old, new)))


def _parts(shape: shapely.Geometry) -> tuple[Polygon, ...]:
    found = [part for part in polygons(shape) if part.area >= LEAST_M2]
    return tuple(sorted(found, key=lambda part: -part.area))
