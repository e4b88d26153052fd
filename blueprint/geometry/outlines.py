"""Shapes as flat arrays: what is done to a vertex is done to a million of them, without an object for each shape."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MULTIPOLYGON, POLYGON = 6, 3
#: bytes of well-known binary before the parts of a shape or a polygon: order, kind, how many; before a ring: how many
HEAD, RING_HEAD, VERTEX = 9, 4, 16


@dataclass(frozen=True, slots=True)
class Outlines:
    """MultiPolygons: the vertices of closed rings, and where each ring, polygon and shape begins."""

    xy: Floats
    ring_at: Places
    polygon_at: Places
    shape_at: Places

    @classmethod
    def of(cls, shapes: npt.NDArray[np.object_]) -> Outlines:
        """Take shapes apart."""
        if len(shapes) == 0:
            none = np.zeros(1, np.int64)
            return cls(np.empty((0, 2)), none, none, none)
        _kind, xy, offsets = shapely.to_ragged_array(shapes)
        return cls(xy, *(np.asarray(places, np.int64) for places in offsets))

    def __len__(self) -> int:
        return len(self.shape_at) - 1

    def shapes(self) -> npt.NDArray[np.object_]:
        """Put them together."""
        offsets = (self.ring_at, self.polygon_at, self.shape_at)
        made: npt.NDArray[np.object_] = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, self.xy, offsets)
        return made

    def wkb(self) -> list[memoryview]:
        """Return each as well-known binary."""
        if not len(self):
            return []
        shape_of_polygon = np.repeat(np.arange(len(self)), np.diff(self.shape_at))
        polygon_of_ring = np.repeat(np.arange(len(self.polygon_at) - 1), np.diff(self.polygon_at))
        # before a part stand the heads of all that begin before it, and all vertices of the rings before it
        rings_before = RING_HEAD * np.arange(len(self.ring_at)) + VERTEX * self.ring_at
        polygons = HEAD * np.arange(len(self.polygon_at)) + rings_before[self.polygon_at]
        shapes = HEAD * np.arange(len(self.shape_at)) + polygons[self.shape_at]
        polygons = polygons[:-1] + HEAD * (shape_of_polygon + 1)
        heads = HEAD * (shape_of_polygon[polygon_of_ring] + polygon_of_ring + 2)
        rings = rings_before[:-1] + heads

        content = np.empty(shapes[-1], np.uint8)
        numbers = np.ndarray(len(content) - 3, "<u4", content, strides=(1,))
        for places, kind, counts in (
            (shapes[:-1], MULTIPOLYGON, np.diff(self.shape_at)),
            (polygons, POLYGON, np.diff(self.polygon_at)),
        ):
            content[places] = 1
            numbers[places + 1] = kind
            numbers[places + 5] = counts
        lengths = np.diff(self.ring_at)
        numbers[rings] = lengths
        places = np.repeat(rings + RING_HEAD - VERTEX * self.ring_at[:-1], lengths) + VERTEX * np.arange(len(self.xy))
        vertices = np.ndarray(len(content) - VERTEX + 1, "<c16", content, strides=(1,))
        vertices[places] = np.ascontiguousarray(self.xy).view(np.complex128).ravel()
        written = content.data
        bounds = shapes.tolist()
        return [written[begin:end] for begin, end in pairwise(bounds)]
