"""A condition lies along the side of the lot it is said of, also where the lot is turned."""

import pytest
import shapely
from shapely.affinity import rotate
from shapely.geometry import MultiPolygon, Polygon, box

from blueprint.ground.lots import rings
from blueprint.ground.strips import Side, along

LOT = box(0, 0, 100, 50)
STRIPS = {
    Side.EAST: box(90, 0, 100, 50),
    Side.WEST: box(0, 0, 10, 50),
    Side.NORTH: box(0, 40, 100, 50),
    Side.SOUTH: box(0, 0, 100, 10),
}


@pytest.mark.parametrize("turn", [0, 12, -20])
@pytest.mark.parametrize("side", Side)
def test_lies_along_the_side(side: Side, turn: float) -> None:
    lot = rotate(LOT, turn, origin=(50, 25))
    found = along(rings(MultiPolygon([lot]), 3), side, 10)
    strip = shapely.union_all([Polygon(outer, holes) for outer, *holes in found])
    assert strip.symmetric_difference(rotate(STRIPS[side], turn, origin=(50, 25))).area < 1
