"""A strip of a lot along one side: where a condition of a department has its place."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

import shapely
from shapely.geometry import LineString, MultiPolygon

from blueprint.ground import shaping
from blueprint.ground.lots import Polygons, rings


class Side(StrEnum):
    """A side of a lot."""

    EAST = "east"
    SOUTH = "south"
    WEST = "west"
    NORTH = "north"


#: east and north
TOWARDS = {Side.EAST: (1, 0), Side.SOUTH: (0, -1), Side.WEST: (-1, 0), Side.NORTH: (0, 1)}


def along(polygons: Polygons, side: Side, width_m: float) -> Polygons:
    """Return the strip that lies within some metres of one side, however the lot is turned."""
    lot = MultiPolygon([(outer, holes) for outer, *holes in polygons])
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(lot))
    edges = [LineString(ends) for ends in pairwise(corners)]
    east, north = TOWARDS[side]
    edge = max(edges, key=lambda each: each.centroid.x * east + each.centroid.y * north)
    strip = shaping.polygonal(lot.intersection(edge.buffer(width_m, cap_style="flat")))
    return rings(strip, 3)
