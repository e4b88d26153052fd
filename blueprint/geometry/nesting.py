"""Which rings are holes of which, for formats that only draw lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from blueprint.geometry.batch import Ring


def even_odd(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Group rings into polygons: a ring inside an odd number of rings is a hole of the smallest around it.

    Every other ring starts a polygon, in the order given. Inside means by area: rings may touch.
    """
    if len(rings) < 2:
        return [[ring] for ring in rings]
    usable = [number for number, ring in enumerate(rings) if len(np.unique(ring, axis=0)) >= 3]
    shapes = shapely.polygons([shapely.linearrings(rings[number]) for number in usable])
    areas = shapely.area(shapes)
    inner, outer = shapely.STRtree(shapes).query(shapely.envelope(shapes), predicate="intersects")
    around: dict[int, list[int]] = {number: [] for number in range(len(rings))}
    pairs = [
        (small, large)
        for small, large in zip(inner, outer, strict=True)
        if areas[small] < areas[large] and _inside(shapes[small], shapes[large])
    ]
    for small, large in pairs:
        around[usable[small]].append(large)
    polygons: dict[int, list[Ring]] = {}
    for number, ring in enumerate(rings):
        if len(around[number]) % 2 == 0:
            polygons[number] = [ring]
    for number, ring in enumerate(rings):
        if len(around[number]) % 2:
            polygons[usable[min(around[number], key=lambda large: areas[large])]].append(ring)
    return list(polygons.values())


def _inside(small: shapely.Polygon, large: shapely.Polygon) -> bool:
    """Tell whether a ring lies inside another; a crossing one is judged by its vertices."""
    vertices = shapely.points(shapely.get_coordinates(small)[:-1])
    shapely.prepare(large)
    covered = shapely.covers(large, vertices)
    if not covered.all():
        return False
    strictly = shapely.contains_properly(large, vertices)
    # rings that share all their vertices: a point of the inside decides
    return bool(strictly.any()) or bool(shapely.covers(large, shapely.point_on_surface(small)))
