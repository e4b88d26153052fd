"""Many shapes at once: unions, and clipping that keeps neighbours edge on edge. Coordinates are metres. Pure.

Nothing here rounds coordinates (blueprint contract, 2.6). What is united must lie edge on edge: two neighbours share
their edges exactly because both were snapped once, when they were read. Clipping them to a box breaks an edge at a
point that differs in the last bit from one neighbour to the other, and the gap would run from the box to the next
vertex, across the site; `weld` closes it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

#: arrays of shapes
Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

EMPTY: Any = shapely.MultiPolygon()

#: m; the last bit of a coordinate of the work CRS is worth 7e-9, files say 0.01
_SAME_POINT = 1e-7
_ON_SIDE = 1e-6
_WORTH_A_THREAD = 64
#: of 0.01 m; a coordinate of 38 million times 100 is known to 5e-7
_OFF_STEP = 1e-5


class Box(NamedTuple):
    """A rectangle along the axes."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, bounds: Iterable[float], margin: float) -> Box:
        """Return the box `margin` metres around bounds; its sides lie between the 0.01 m steps of all coordinates.

        No vertex lies on a side and no edge runs along it, so that clipping has no special cases.
        """
        west, south, east, north = bounds
        return cls(
            math.floor((west - margin) * 100) / 100 - 0.005,
            math.floor((south - margin) * 100) / 100 - 0.005,
            math.ceil((east + margin) * 100) / 100 + 0.005,
            math.ceil((north + margin) * 100) / 100 + 0.005,
        )

    @property
    def area(self) -> float:
        return (self.east - self.west) * (self.north - self.south)


def shapes(items: Iterable[BaseGeometry | None]) -> Shapes:
    """Return shapes as an array."""
    listed = list(items)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def together(parts: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return polygons that do not overlap as one geometry."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else shapely.multipolygons(listed)


def union(items: Shapes) -> BaseGeometry:
    """Return the union of shapes; what lies over each other counts once."""
    filled = items[~shapely.is_empty(items)]
    if len(filled) == 0:
        return EMPTY
    return filled[0] if len(filled) == 1 else shapely.union_all(filled)


def intersection(site: BaseGeometry, items: Shapes) -> Shapes:
    """Intersect a site with many shapes."""
    if len(items) < _WORTH_A_THREAD:
        found: Shapes = shapely.intersection(site, items)
        return found
    # a copy for the second thread: what the library prepares of a shape is for one thread at a time
    sites = np.empty(len(items), dtype=object)
    sites[::2], sites[1::2] = site, shapely.from_wkb(shapely.to_wkb(site))
    return intersections(sites, items)


def intersections(ones: Shapes, others: Shapes) -> Shapes:
    """Intersect shapes pair by pair, every other pair in a second thread: the library computes without the lock."""
    found = np.empty(len(ones), dtype=object)
    with ThreadPoolExecutor(max_workers=1) as second:
        half = second.submit(shapely.intersection, ones[1::2], others[1::2])
        found[::2] = shapely.intersection(ones[::2], others[::2])
        found[1::2] = half.result()
    return found


def weld(items: Shapes, box: Box) -> Shapes:
    """Make the points equal at which shapes were clipped to a box: those within 1e-7 m of each other on one side."""
    coordinates = shapely.get_coordinates(items)
    off_side = np.abs(coordinates[:, [0, 0, 1, 1]] - [box.west, box.east, box.south, box.north]) >= _ON_SIDE
    moved = False
    for side, axis in enumerate((0, 0, 1, 1)):
        on_side = np.flatnonzero(~off_side[:, side])
        along = coordinates[on_side, 1 - axis]
        order = np.argsort(along)
        gaps = np.diff(along[order])
        if not ((gaps > 0) & (gaps <= _SAME_POINT)).any():
            continue
        begins = np.concatenate(([True], gaps > _SAME_POINT))
        coordinates[on_side[order], 1 - axis] = along[order][begins][np.cumsum(begins) - 1]
        moved = True
    return shapely.set_coordinates(items.copy(), coordinates) if moved else items


def weld_cuts(items: Shapes) -> Shapes:
    """Make the points equal at which shapes were cut by others: those within 1e-7 m of each other.

    Points on the 0.01 m steps are vertices that were there before; they are equal already, and left alone.
    """
    coordinates = shapely.get_coordinates(items)
    cuts = np.flatnonzero((np.abs(coordinates * 100 - np.round(coordinates * 100)) > _OFF_STEP).any(axis=1))
    if len(cuts) < 2:
        return items
    welded = coordinates[cuts]
    east = _leaders(welded[:, 0], np.zeros(len(cuts)))
    welded[:, 1] = _leaders(welded[:, 1], east)
    welded[:, 0] = east
    coordinates[cuts] = welded
    return shapely.set_coordinates(items.copy(), coordinates)


def _leaders(values: Floats, within: Floats) -> Floats:
    """Replace values by the first of the run they belong to; in a run of one `within` none is 1e-7 behind the next."""
    order = np.lexsort((values, within))
    ordered, kept_apart = values[order], within[order]
    begins = np.concatenate(([True], (np.diff(ordered) > _SAME_POINT) | (np.diff(kept_apart) != 0)))
    leaders = np.empty_like(values)
    leaders[order] = ordered[begins][np.cumsum(begins) - 1]
    return leaders
