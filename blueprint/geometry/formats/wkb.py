"""Well-known binary, read by hand: rings that are open or too short are for the cleaning to judge, not for GEOS.

What nearly every geometry is, a polygon of few rings, is followed for all of them together; the others one by one.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from blueprint.geometry.batch import Flags, Floats, Places

POLYGON = 3
MULTIPOLYGON = 6
COLLECTION = 7
DEEPEST = 16
Z, M, SRID = 0x80000000, 0x40000000, 0x20000000
#: rings of a polygon that is followed together with the others
FEW_RINGS = 8
#: bytes before the parts of a polygon or a collection: order of bytes, kind, how many
HEAD = 9
#: by the first byte of a geometry: its numbers from the great end, or from the small one
_NUMBER = (struct.Struct(">I").unpack_from, struct.Struct("<I").unpack_from)
_VERTEX = (">c16", "<c16")

Ring = tuple[int, int, int, int, int]
"""Its polygon, counted in the geometry; first byte; how many vertices; bytes from one to the next; order of bytes."""


class Malformed(ValueError):
    """The bytes are no geometry."""


@dataclass(frozen=True, slots=True)
class Polygons:
    """The polygons of many geometries: `feature_at[i]` is the first polygon of geometry i, and so on downward."""

    xy: Floats
    ring_at: Places
    polygon_at: Places
    feature_at: Places
    #: the geometry has something that is no polygon
    other: Flags
    #: its bytes end early or mean nothing
    broken: Flags


def read(contents: Sequence[bytes], starts: Sequence[int]) -> Polygons:
    """Read the polygons of many geometries.

    :param starts: the first byte of each geometry in its content; -1 where there is none
    """
    written = b"".join(contents)
    ends = np.cumsum(np.fromiter(map(len, contents), np.int64, len(contents)))
    begins = np.concatenate([[0], ends[:-1]]).astype(np.int64)
    at = np.array(starts, np.int64)
    there = at >= 0
    plain, found = _plain(written, np.where(there, begins + at, 0), np.where(there, ends, 0))
    other, broken = np.zeros(len(at), bool), np.zeros(len(at), bool)
    for place in np.flatnonzero(there & ~plain).tolist():
        rings: list[Ring] = []
        try:
            _end, other[place], _count = _geometry(contents[place], starts[place], rings, 0, 0)
        except (Malformed, struct.error):
            broken[place], other[place] = True, False
            continue
        table = np.array(rings, np.int64).reshape(-1, 5)
        table[:, 1] += begins[place]
        found.append(np.column_stack([np.full(len(table), place), table]))
    return _gathered(written, np.concatenate(found), other=other, broken=broken)


def _plain(written: bytes, at: Places, ends: Places) -> tuple[Flags, list[Places]]:
    """Follow the geometries that are one polygon of few rings in the plane, numbers from the small end.

    Returns which they are, and tables of their rings: the place of the geometry, then the columns of a `Ring`.
    """
    orders = np.frombuffer(written, np.uint8)
    numbers = np.ndarray(max(len(written) - 3, 0), "<u4", written, strides=(1,))

    def is_head(places: Places, kind: int) -> Flags:
        fits = places + HEAD <= ends
        places = np.where(fits, places, 0)
        return fits & (orders[places] == 1) & (numbers[places + 1] == kind)

    if len(written) < HEAD:
        return np.zeros(len(at), bool), [np.empty((0, 6), np.int64)]
    several = is_head(at, MULTIPOLYGON)
    several[several] = numbers[at[several] + 5] == 1
    at = at + HEAD * several
    plain = is_head(at, POLYGON)
    counts = np.zeros(len(at), np.int64)
    counts[plain] = numbers[at[plain] + 5]
    plain &= (counts >= 1) & (counts <= FEW_RINGS)
    at = at + HEAD
    tables = []
    for turn in range(FEW_RINGS):
        now = np.flatnonzero(plain & (counts > turn))
        fits = at[now] + 4 <= ends[now]
        plain[now[~fits]] = False
        now = now[fits]
        sizes = numbers[at[now]].astype(np.int64)
        begins = at[now] + 4
        at[now] = begins + 16 * sizes
        plain[now] = at[now] <= ends[now]
        nothing = np.zeros(len(now), np.int64)
        tables.append(np.column_stack([now, nothing, begins, sizes, nothing + 16, nothing + 1]))
    return plain, [table[plain[table[:, 0]]] for table in tables]


def _gathered(written: bytes, rings: Places, *, other: Flags, broken: Flags) -> Polygons:
    """Put the rings of all geometries into their order, and take their vertices."""
    rings = rings[np.argsort(rings[:, 0], kind="stable")]
    feature, polygon, begins, sizes, steps, orders = rings.T
    ring_at = np.concatenate([[0], np.cumsum(sizes)])
    first = np.ones(len(rings), bool)
    first[1:] = (feature[1:] != feature[:-1]) | (polygon[1:] != polygon[:-1])
    polygon_at = np.append(np.flatnonzero(first), len(rings))
    polygons = np.bincount(feature[first], minlength=len(other))
    places = np.repeat(begins - steps * ring_at[:-1], sizes) + np.repeat(steps, sizes) * np.arange(ring_at[-1])
    vertices = np.empty(len(places), np.complex128)
    for order in np.unique(orders).tolist():
        chosen = slice(None) if (orders == order).all() else np.repeat(orders == order, sizes)
        vertices[chosen] = np.ndarray(len(written) - 15, _VERTEX[order], written, strides=(1,))[places[chosen]]
    return Polygons(
        vertices.view(np.float64).reshape(-1, 2),
        ring_at,
        polygon_at,
        np.concatenate([[0], np.cumsum(polygons)]),
        other,
        broken,
    )


def _geometry(content: bytes, at: int, rings: list[Ring], polygons: int, depth: int) -> tuple[int, bool, int]:
    """Note the rings of a geometry; return its end, if it has anything but polygons, how many polygons there are now.

    :raises Malformed: the bytes mean nothing
    :raises struct.error: they end early
    """
    order = content[at] if at < len(content) else -1
    if depth > DEEPEST or order not in (0, 1):
        raise Malformed
    number = _NUMBER[order]
    code = number(content, at + 1)[0]
    at += 5 + (4 if code & SRID else 0)
    kind = code & 0xFFFF
    width = 2 + bool(code & Z) + bool(code & M) + (0, 1, 1, 2)[min(kind // 1000, 3)]
    kind %= 1000
    if kind == POLYGON:
        count = number(content, at)[0]
        at += 4
        for _ring in range(count):
            size = number(content, at)[0]
            rings.append((polygons, at + 4, size, 8 * width, order))
            at += 4 + 8 * width * size
            if at > len(content):
                raise Malformed
        return at, False, polygons + 1
    if kind in (MULTIPOLYGON, COLLECTION):
        count = number(content, at)[0]
        at += 4
        other = False
        for _part in range(count):
            at, more, polygons = _geometry(content, at, rings, polygons, depth + 1)
            other = other or more
        return at, other, polygons
    if 1 <= kind <= 17:
        return (_skip(content, at, order, width, kind) if depth else at), True, polygons
    raise Malformed


def _skip(content: bytes, at: int, order: int, width: int, kind: int) -> int:
    """Pass a point or a line in a collection; curves in one are more than is worth reading."""
    if kind == 1:
        return at + 8 * width
    count = _NUMBER[order](content, at)[0]
    if kind == 2:
        return int(at + 4 + 8 * width * count)
    if kind not in (4, 5):
        raise Malformed
    at += 4
    for _part in range(count):
        at = _skip(content, at + 5, order, width, kind - 3)
    return at
