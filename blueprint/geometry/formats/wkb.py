"""Well-known binary, read by hand: rings that are open or too short are for the cleaning to judge, not for GEOS."""

from __future__ import annotations

import struct

import numpy as np

from blueprint.geometry.batch import Polygon

POLYGON = 3
MULTIPOLYGON = 6
COLLECTION = 7
DEEPEST = 16
Z, M, SRID = 0x80000000, 0x40000000, 0x20000000


class Malformed(ValueError):
    """The bytes are no geometry."""


def polygons(content: bytes, start: int = 0) -> tuple[list[Polygon], bool]:
    """Return the polygons of a geometry, and whether there is anything else in it.

    :raises Malformed: the bytes end early or mean nothing
    """
    found: list[Polygon] = []
    try:
        _end, other = _geometry(content, start, found, 0)
    except (struct.error, ValueError) as error:
        raise Malformed from error
    return found, other


def _geometry(content: bytes, at: int, found: list[Polygon], depth: int) -> tuple[int, bool]:
    if depth > DEEPEST or content[at : at + 1] not in (b"\0", b"\1"):
        raise Malformed
    order = "<" if content[at] else ">"
    code = struct.unpack_from(order + "I", content, at + 1)[0]
    at += 5 + (4 if code & SRID else 0)
    kind = code & 0xFFFF
    width = 2 + bool(code & Z) + bool(code & M) + (0, 1, 1, 2)[min(kind // 1000, 3)]
    kind %= 1000
    if kind == POLYGON:
        rings: list[np.ndarray] = []
        at = _rings(content, at, order, width, rings)
        if rings:
            found.append(rings)
        return at, False
    if kind in (MULTIPOLYGON, COLLECTION):
        count = struct.unpack_from(order + "I", content, at)[0]
        at += 4
        other = False
        for _part in range(count):
            at, more = _geometry(content, at, found, depth + 1)
            other = other or more
        return at, other
    if 1 <= kind <= 17:
        if depth:
            return _skip(content, at, order, width, kind), True
        return at, True
    raise Malformed


def _rings(content: bytes, at: int, order: str, width: int, rings: list[np.ndarray]) -> int:
    count = struct.unpack_from(order + "I", content, at)[0]
    at += 4
    for _ring in range(count):
        size = struct.unpack_from(order + "I", content, at)[0]
        at += 4
        values = np.frombuffer(content, order + "f8", size * width, at).reshape(size, width)
        rings.append(values[:, :2])
        at += 8 * size * width
    return at


def _skip(content: bytes, at: int, order: str, width: int, kind: int) -> int:
    """Pass a point or a line in a collection; curves in one are more than is worth reading."""
    if kind == 1:
        return at + 8 * width
    count = struct.unpack_from(order + "I", content, at)[0]
    if kind == 2:
        return int(at + 4 + 8 * width * count)
    if kind not in (4, 5):
        raise Malformed
    at += 4
    for _part in range(count):
        at = _skip(content, at + 5, order, width, kind - 3)
    return at
