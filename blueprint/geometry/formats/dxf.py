"""DXF: closed polylines of model space, arcs as chords, holes by nesting."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults, nesting
from blueprint.geometry.batch import Batch, Ring, collected
from blueprint.geometry.shapes import Attributes
from blueprint.geometry.source import Remarks

#: a polyline on a layer with one of these in its name is the boundary, and others are not
BOUNDARY_LAYERS = ("用地红线", "REDLINE")
#: m; ends so near to each other close a polyline
CLOSE = 0.01
#: m; how far a chord may be from its arc
SAGITTA = 0.001
MOST_CHORDS = 100_000
POLYLINES = ("LWPOLYLINE", "POLYLINE")
OTHER_GEOMETRY = {"LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE", "POINT", "MLINE", "3DFACE", "SOLID", "TRACE"}
SPLINE_FRAME = 16
Vertex = tuple[float, float, float]


class Drawing:
    """A DXF file. It says nothing of its CRS; its units are metres."""

    def __init__(self, path: Path, *, encoding: str | None = None) -> None:
        self.remarks = Remarks()
        if path.stat().st_size == 0:
            raise faults.unusable(faults.EMPTY_FILE)
        document = _document(path, encoding)
        polylines, count, self._other = self._polylines(document)
        if not count:
            raise faults.unusable(faults.EMPTY_FILE)
        boundary = [ring for ring, names in polylines if _is_boundary(names)]
        self._rings = boundary or [ring for ring, _names in polylines]
        if not self._rings:
            raise faults.unusable(faults.NO_POLYGON)

    def declared_crs(self) -> int | None:
        """Say nothing."""
        return None

    def batches(self) -> Iterator[Batch]:
        """Read the polygons, each a feature."""
        if all(np.isfinite(ring).all() for ring in self._rings):
            polygons = nesting.even_odd(self._rings)
        else:
            polygons = [[ring] for ring in self._rings]
        return collected((index, [polygon], Attributes(), self._other, False) for index, polygon in enumerate(polygons))

    def _polylines(self, document: Any) -> tuple[list[tuple[Ring, list[str]]], int, bool]:
        """Return the closed polylines with the names of their layers, how many entities there are, and if others."""
        found = []
        count = 0
        other = False
        for entity in document.modelspace():
            count += 1
            if entity.dxftype() in POLYLINES:
                vertices, closed = _vertices(entity)
                if vertices is None:
                    other = True
                elif closed:
                    found.append((_ring(entity, vertices), _names(entity.dxf.layer, document.encoding)))
                else:
                    self.remarks.note("open_polyline_ignored")
            else:
                other = other or entity.dxftype() in OTHER_GEOMETRY
        return found, count, other


def _document(path: Path, encoding: str | None) -> Any:
    # a quarter of a second that only those wait who have a drawing
    import ezdxf

    try:
        return ezdxf.readfile(path, encoding=encoding)
    except (
        OSError,
        ezdxf.DXFError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        struct.error,
        RuntimeError,
        StopIteration,
        MemoryError,
    ):
        # a damaged drawing fails wherever the reader happens to be
        raise faults.unreadable(_("文件不是完整的 DXF（DWG 请先另存为 DXF）。")) from None


def _names(layer: str, encoding: str) -> list[str]:
    """Return the name of a layer as it is read, and as it is meant where the drawing does not say its code page."""
    found = [layer]
    for codec in ("utf-8", "gb18030"):
        try:
            found.append(layer.encode(encoding, "surrogateescape").decode(codec))
        except (UnicodeError, LookupError):
            continue
    return found


def _is_boundary(names: list[str]) -> bool:
    return any(word in name.upper() for name in names for word in BOUNDARY_LAYERS)


def _vertices(entity: Any) -> tuple[list[Vertex] | None, bool]:
    """Return x, y and bulge of the vertices, and whether they close; None for meshes."""
    if entity.dxftype() == "LWPOLYLINE":
        vertices = [(float(x), float(y), float(bulge)) for x, y, bulge in entity.get_points("xyb")]
        closed = bool(entity.closed)
    elif entity.is_2d_polyline or entity.is_3d_polyline:
        points = [vertex for vertex in entity.vertices if not vertex.dxf.flags & SPLINE_FRAME]
        bulged = entity.is_2d_polyline
        vertices = [
            (vertex.dxf.location.x, vertex.dxf.location.y, float(vertex.dxf.bulge) if bulged else 0.0)
            for vertex in points
        ]
        closed = bool(entity.is_closed)
    else:
        return None, False
    if len(vertices) > 2 and math.dist(vertices[0][:2], vertices[-1][:2]) <= CLOSE:
        # the last vertex is the first again; its bulge would lead nowhere
        x, y, _bulge = vertices[0]
        return [*vertices[:-1], (x, y, 0.0)], True
    return vertices, closed


def _ring(entity: Any, vertices: list[Vertex]) -> Ring:
    """Draw the ring with its arcs, in the plane of the drawing."""
    drawn: list[tuple[float, float]] = []
    for (x, y, bulge), (to_x, to_y, _bulge) in zip(vertices, [*vertices[1:], *vertices[:1]], strict=True):
        drawn.append((x, y))
        if bulge and math.isfinite(bulge):
            drawn += _chords((x, y), (to_x, to_y), bulge)
    ring = np.array(drawn, np.float64).reshape(len(drawn), 2)
    # seen from below: an extrusion downward mirrors the plane
    if entity.dxf.hasattr("extrusion") and entity.dxf.extrusion.z < 0:
        ring[:, 0] = -ring[:, 0]
    return ring


def _chords(start: tuple[float, float], end: tuple[float, float], bulge: float) -> list[tuple[float, float]]:
    """Return the vertices between the ends of an arc, on the true circle; the bulge is tan(angle / 4)."""
    span = math.dist(start, end)
    if not 0 < span < 1e7:
        return []
    angle = 4 * math.atan(bulge)
    radius = span / 2 / abs(math.sin(angle / 2))
    step = 2 * math.acos(max(1 - SAGITTA / radius, 0.0))
    count = min(math.ceil(abs(angle) / step), MOST_CHORDS)
    # the centre is left of the chord for an arc that turns left by less than half a circle
    height = radius * math.cos(angle / 2) * math.copysign(1, bulge)
    across = ((end[0] - start[0]) / span, (end[1] - start[1]) / span)
    centre = (
        (start[0] + end[0]) / 2 - height * across[1],
        (start[1] + end[1]) / 2 + height * across[0],
    )
    begin = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turns = [begin + angle * number / count for number in range(1, count)]
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]
