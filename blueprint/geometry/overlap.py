"""When two areas really overlap: sheets of less than a limit, and slivers of drawing, do not count.

The rule of the three checks that ask for an overlap (blueprint contract, 3), and of everything that follows from the
site: conditions of items, square metres in the form. Pure; all coordinates are metres of one work CRS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

#: m; below this two edges are one. The last bit of a coordinate of the work CRS is worth 7e-9, files say 0.01.
_THREAD_M = 1e-6


@dataclass(frozen=True, slots=True)
class Tolerance:
    """From when on an overlap counts. The numbers are data of the city's checks."""

    area_m2: float = 1.0
    """At least this much, in square metres."""
    share: float = 0.0
    """And at least this share of the site."""
    sliver_m: float = 0.2
    """A part whose area divided by its perimeter (all rings) is at most this, is a sliver: 0.2 is a strip 0.4 wide."""

    @classmethod
    def of_check(cls, check: Mapping[str, Any]) -> Tolerance:
        """Take the numbers from the `tolerance` of a check of layers.yaml."""
        given = check["tolerance"]
        return cls(
            area_m2=float(given.get("area_abs_m2", 1.0)),
            share=float(given.get("area_rel", 0.0)),
            sliver_m=float(given.get("sliver_ratio_m", 0.2)),
        )

    def limit(self, site_m2: float) -> float:
        """Return the area above which a layer is hit, in square metres."""
        return max(self.area_m2, self.share * site_m2)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What of a site lies in a layer."""

    parts: tuple[Polygon, ...]
    """The polygons that are no slivers."""
    total_m2: float
    """Their sum; ground under several features of the layer counts once."""
    limit_m2: float
    has_slivers: bool = False
    """Something was dropped."""

    @property
    def is_hit(self) -> bool:
        """Tell whether it counts."""
        return self.total_m2 > self.limit_m2


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Split an area into its polygons; lines and points, where shapes only touch, are left out."""
    if geometry.is_empty:
        return []
    return [part for part in shapely.get_parts(_flat(geometry)) if part.geom_type == "Polygon" and part.area > 0]


def without_slivers(geometry: BaseGeometry, *, sliver_m: float) -> tuple[Polygon, ...]:
    """Split an area into its polygons and drop those that are slivers."""
    return tuple(kept for part in polygons(geometry) for kept in _wide_enough(part, sliver_m))


def overlap(site: BaseGeometry, features: Iterable[BaseGeometry], tolerance: Tolerance) -> Overlap:
    """Lay a site over the features of a layer.

    Features are united before they meet the site: neighbours share their edges exactly only as long as nothing has cut
    them, and a gap in the last bit would lengthen the perimeter by the whole edge.
    """
    return measure(shapely.intersection(site, shapely.union_all(list(features))), tolerance, site_m2=site.area)


def outside(site: BaseGeometry, features: Iterable[BaseGeometry], tolerance: Tolerance) -> Overlap:
    """Tell what of a site lies outside of all features of a layer, by the same rule."""
    return measure(shapely.difference(site, shapely.union_all(list(features))), tolerance, site_m2=site.area)


def measure(geometry: BaseGeometry, tolerance: Tolerance, *, site_m2: float) -> Overlap:
    """Split what lies in a site into parts, drop the slivers and sum up the rest."""
    parts = polygons(geometry)
    wide = [_wide_enough(part, tolerance.sliver_m) for part in parts]
    kept = tuple(part for of_part in wide for part in of_part)
    total = float(sum(part.area for part in kept))
    return Overlap(kept, total, tolerance.limit(site_m2), has_slivers=not all(wide))


def _wide_enough(part: Polygon, sliver_m: float) -> tuple[Polygon, ...]:
    """Return a polygon if it is no sliver, as it is or without its threads; nothing if it is one.

    Where an edge of two layers is cut in one of them only, the cut lies beside the edge by the last bit of its
    coordinates. What is left between is a thread without an area, as long as the edge, that would count twice in the
    perimeter.
    """
    if part.area / part.length > sliver_m:
        return (part,)
    return tuple(
        bare for bare in polygons(shapely.set_precision(part, _THREAD_M)) if bare.area / bare.length > sliver_m
    )


def _flat(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Open collections, which an intersection returns where shapes also touch."""
    if geometry.geom_type == "GeometryCollection":
        return [flat for part in geometry.geoms for flat in _flat(part)]
    return [geometry]
