"""How lines and areas that nobody surveyed come about: bends, blobs, ribbons, grids, divisions. Metres, no rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
Line = Points | Sequence[Sequence[float]]
Chance = np.random.Generator
Bend = Callable[[Points], Points]

FAR_OFF = 200_000.0
"""Longer than anything in a city."""


def polygons(shape: BaseGeometry, least: float = 1.0) -> list[Polygon]:
    """Return the polygons of a shape that are larger than so many square metres."""
    parts = shapely.get_parts(shape) if hasattr(shape, "geoms") else [shape]
    return [part for part in parts if isinstance(part, Polygon) and part.area > least]


def whole(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the union."""
    return shapely.union_all(list(shapes))


def polygonal(shape: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a shape as one."""
    return MultiPolygon(polygons(shape, 0.01))


def meander(points: Line, chance: Chance, *, rough: float, step: float) -> Points:
    """Break a line until pieces are shorter than step: each middle steps aside by `rough` of the length."""
    line = np.asarray(points, dtype=float)
    while True:
        leg = np.diff(line, axis=0)
        length = np.hypot(leg[:, 0], leg[:, 1])
        if length.max() <= step:
            return line
        aside = chance.normal(0, rough, len(leg))[:, None] * np.column_stack([-leg[:, 1], leg[:, 0]])
        broken = np.empty((2 * len(line) - 1, 2))
        broken[0::2] = line
        broken[1::2] = (line[:-1] + line[1:]) / 2 + aside
        line = broken


def curve(points: Line, step: float = 80.0) -> Points:
    """Lead a smooth line through the points (Catmull-Rom)."""
    line = np.asarray(points, dtype=float)
    ends = np.vstack([2 * line[0] - line[1], line, 2 * line[-1] - line[-2]])
    pieces = []
    for before, here, there, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        count = max(2, int(np.hypot(*(there - here)) / step))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        pieces.append(
            0.5
            * (
                2 * here
                + (there - before) * t
                + (2 * before - 5 * here + 4 * there - after) * t**2
                + (3 * here - before - 3 * there + after) * t**3
            )
        )
    return np.vstack([*pieces, line[-1:]])


def ribbon(line: Points, widths: tuple[float, float]) -> BaseGeometry:
    """Return the area of a line whose width grows from one end to the other."""
    legs = shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1))
    half = np.linspace(widths[0] / 2, widths[1] / 2, len(legs))
    return shapely.simplify(shapely.union_all(shapely.buffer(legs, half, quad_segs=4)), 1.0)


def blob(
    at: Sequence[float], radii: Sequence[float], turn: float, chance: Chance, *, wobble: float = 0.14, points: int = 96
) -> Polygon:
    """Return a rounded area whose outline swings in and out by about `wobble` of the radius."""
    angle = np.linspace(0, 2 * math.pi, points, endpoint=False)
    swing = np.ones(points)
    for waves in range(2, 12):
        swing += chance.normal(0, wobble / waves**0.75) * np.sin(waves * angle + chance.uniform(0, 2 * math.pi))
    swing = np.clip(swing, 0.45, 1.7)
    ring = np.column_stack([radii[0] * swing * np.cos(angle), radii[1] * swing * np.sin(angle)])
    return Polygon(turned(ring, turn) + np.asarray(at, dtype=float)).buffer(0)


def roughened(shape: Polygon, chance: Chance, *, rough: float, step: float) -> BaseGeometry:
    """Break an even outline as nature does."""
    corners = shapely.get_coordinates(shapely.simplify(shape, step / 2).exterior)
    return polygonal(shapely.make_valid(Polygon(meander(corners, chance, rough=rough, step=step))))


def ellipse(at: Sequence[float], radii: Sequence[float], turn: float) -> Polygon:
    """Return an even ellipse."""
    angle = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    ring = np.column_stack([radii[0] * np.cos(angle), radii[1] * np.sin(angle)])
    return Polygon(turned(ring, turn) + np.asarray(at, dtype=float))


def turned(points: Points, degrees: float) -> Points:
    """Turn points about the origin, against the clock."""
    radians = math.radians(degrees)
    cos, sin = math.cos(radians), math.sin(radians)
    return points @ np.array([[cos, sin], [-sin, cos]])


def bend(chance: Chance, *, reach: float, waves: float) -> Bend:
    """Return a gentle shift of the plane: up to about `reach` metres, changing over some `waves` metres."""
    terms = [
        (chance.uniform(-1, 1, 2) * 2 * math.pi / waves, chance.uniform(0, 2 * math.pi), chance.normal(0, reach / 2, 2))
        for _term in range(4)
    ]

    def shift(points: Points) -> Points:
        moved = points.copy()
        for wave, phase, way in terms:
            moved += np.sin(points @ wave + phase)[:, None] * way
        return moved

    return shift


def grid(
    at: Sequence[float], turn: float, reach: float, spacing: float, chance: Chance
) -> list[tuple[LineString, bool]]:
    """Return the streets of an area as two families of bent lines; True: one of the wide ones."""
    shift = bend(chance, reach=spacing * 0.22, waves=reach * 1.1)
    along = np.arange(-reach, reach + 1, 70.0)
    streets = []
    for family in (0, 90):
        place, number = -reach + chance.uniform(0, spacing), 0
        while place < reach:
            line = turned(np.column_stack([along, np.full_like(along, place)]), turn + family)
            streets.append((LineString(shift(line + np.asarray(at, dtype=float))), number % 3 == 1))
            place += spacing * chance.uniform(0.78, 1.24)
            number += 1
    return streets


def axes(shape: BaseGeometry) -> tuple[Points, Points, Points]:
    """Return one corner of the smallest rectangle around a shape, its long side and its short side."""
    box = shapely.get_coordinates(shapely.oriented_envelope(shape))[:4]
    one, other = box[1] - box[0], box[3] - box[0]
    return (box[0], one, other) if np.hypot(*one) >= np.hypot(*other) else (box[0], other, one)


def halves(shape: BaseGeometry, at: Points, along: Points, gap: float = 0.0) -> tuple[BaseGeometry, BaseGeometry]:
    """Part a shape by an endless line, leaving a gap for a street."""
    unit = along / np.hypot(*along)
    aside = np.array([-unit[1], unit[0]])
    far, near = unit * FAR_OFF, aside * gap / 2
    left = Polygon([at - far + near, at + far + near, at + far + aside * FAR_OFF, at - far + aside * FAR_OFF])
    right = Polygon([at - far - near, at + far - near, at + far - aside * FAR_OFF, at - far - aside * FAR_OFF])
    return shape.intersection(left), shape.intersection(right)


def divide(
    shape: BaseGeometry, chance: Chance, *, target: float, gap: float = 0.0, skew: float = 3.0, least: float = 400.0
) -> list[Polygon]:
    """Part an area across its longer side until its pieces have about the target's size in square metres.

    :param gap: width of the street left between the pieces
    :param skew: degrees by which a cut may differ from square
    """
    pending, done = polygons(shape, least), []
    while pending:
        piece = pending.pop()
        if piece.area <= target * chance.uniform(0.8, 1.6):
            done.append(piece)
            continue
        corner, long, short = axes(piece)
        middle = corner + long * chance.uniform(0.42, 0.58) + short / 2
        across = turned(short[None, :], chance.normal(0, skew))[0]
        parts = [part for half in halves(piece, middle, across, gap) for part in polygons(half, least)]
        pending.extend(parts)
    return done


def share(shape: BaseGeometry, area: float) -> MultiPolygon:
    """Cut off so many square metres across the longer side, to a tenth of a square metre."""
    corner, long, short = axes(shape)
    side = 1 if np.array([-short[1], short[0]]) @ long > 0 else 0
    low, high = 0.0, 1.0
    part = shape
    for _step in range(60):
        place = (low + high) / 2
        part = halves(shape, corner + long * place, short)[side]
        if abs(part.area - area) < 0.05:
            break
        low, high = (place, high) if part.area < area else (low, place)
    return polygonal(part)
