"""Snap, clean and judge features (blueprint contract, 2.6 to 2.8): many at once, in the work CRS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon

from blueprint.geometry import faults, validity
from blueprint.geometry.batch import Batch, Flags, Floats, Places
from blueprint.geometry.outlines import Outlines

#: m²; a feature below is none
SMALLEST = 0.01
#: of the area; a repair that changes more is a guess
MOST_CHANGED = 0.001


@dataclass(slots=True)
class Cleaned:
    """What became of the features of a batch."""

    geometry: npt.NDArray[np.object_]
    """MultiPolygons; None where there is a reason."""
    area: Floats
    reason: list[str | None]
    repaired: Flags
    duplicate_vertices: int = 0
    outlines: Outlines | None = None
    """Of the MultiPolygons that are there; None where repair or refusal left others than were built."""


def snap(xy: Floats) -> Floats:
    """Bring coordinates to whole centimetres; the only rounding there is."""
    return np.floor(100.0 * xy + 0.5) / 100.0


def clean(batch: Batch, xy: Floats, reason: list[str | None]) -> Cleaned:
    """Clean the features of a batch.

    :param xy: the vertices of the batch in the work CRS
    :param reason: why a feature is already out, by its place; filled up here
    """
    xy = snap(xy)
    keep, starts, lengths, duplicates = _vertices(xy, batch.ring_at)
    kept = xy[keep]
    distinct = _has_area(kept, lengths)
    ring_feature = batch.ring_feature
    is_outer = np.zeros(len(starts), bool)
    is_outer[batch.polygon_at[:-1]] = True
    for place in np.unique(ring_feature[is_outer & ~distinct]):
        reason[place] = reason[place] or faults.COLLAPSED
    _mark_empty(batch, reason)
    out = np.fromiter((code is not None for code in reason), bool, len(reason))
    outlines = _build(batch, kept, lengths, kept_rings=distinct & ~out[ring_feature], out=out)
    geometry = np.full(len(batch), None, object)
    valid = np.ones(len(batch), bool)
    if len(outlines):
        geometry[~out] = shapes = outlines.shapes()
        valid[~out] = validity.are_valid(outlines, shapes)
    cleaned = _judge(geometry, valid, reason, int(duplicates[~out[ring_feature]].sum()))
    if not cleaned.repaired.any() and cleaned.reason.count(None) == len(outlines):
        cleaned.outlines = outlines
    return cleaned


def _vertices(xy: Floats, ring_at: Places) -> tuple[Flags, Places, Places, Places]:
    """Find the vertices that stay: not equal to the one before, and no closing one.

    Returns the mask, and per ring its first kept vertex, how many are kept, and how many repeated theirs.
    """
    count = len(xy)
    starts, ends = ring_at[:-1], ring_at[1:]
    filled = ends > starts
    repeats = np.zeros(count, bool)
    if count > 1:
        repeats[1:] = _equal(xy[1:], xy[:-1])
    repeats[starts[filled]] = False
    keep = ~repeats
    duplicates = _sums(repeats, ring_at)
    # after the repeats are gone the last kept vertex is the first of the run that reaches the end
    numbers = np.where(keep, np.arange(count), -1)
    last = np.maximum.accumulate(numbers)[ends[filled] - 1] if count else np.empty(0, np.int64)
    first = starts[filled]
    closing = last[(last > first) & _equal(xy[last], xy[first])] if count else last
    keep[closing] = False
    return keep, starts, _sums(keep, ring_at), duplicates


def _sums(flags: Flags, ring_at: Places) -> Places:
    total = np.concatenate([[0], np.cumsum(flags)])
    return (total[ring_at[1:]] - total[ring_at[:-1]]).astype(np.int64)


def _has_area(kept: Floats, lengths: Places) -> Flags:
    """Tell which rings have three different vertices."""
    enough = lengths >= 3
    at = np.concatenate([[0], np.cumsum(lengths)])
    rings = np.flatnonzero(enough)
    # neighbours differ already: mostly the third vertex is not the first again
    doubtful = rings[_equal(kept[at[rings]], kept[at[rings] + 2])]
    for ring in doubtful:
        enough[ring] = len(np.unique(kept[at[ring] : at[ring + 1]], axis=0)) >= 3
    return enough


def _equal(some: Floats, others: Floats) -> Flags:
    return (some[:, 0] == others[:, 0]) & (some[:, 1] == others[:, 1])


def _mark_empty(batch: Batch, reason: list[str | None]) -> None:
    for place in np.flatnonzero(np.diff(batch.feature_at) == 0):
        reason[place] = reason[place] or faults.NO_POLYGON


def _build(batch: Batch, kept: Floats, lengths: Places, *, kept_rings: Flags, out: Flags) -> Outlines:
    """Draw the MultiPolygons of the features that are not out; every kept ring is closed again."""
    vertices = kept if kept_rings.all() else kept[np.repeat(kept_rings, lengths)]
    sizes = lengths[kept_rings]
    at = np.concatenate([[0], np.cumsum(sizes)])
    # one more place per ring, for the first vertex again
    places = np.arange(len(vertices)) + np.repeat(np.arange(len(sizes)), sizes)
    closed = np.empty((len(vertices) + len(sizes), 2))
    closed[places] = vertices
    if len(sizes):
        closed[at[1:] + np.arange(len(sizes))] = vertices[at[:-1]]
    ring_at = at + np.arange(len(at))
    rings_before = np.concatenate([[0], np.cumsum(kept_rings)])
    polygon_stays = ~out[batch.polygon_feature]
    per_polygon = (rings_before[batch.polygon_at[1:]] - rings_before[batch.polygon_at[:-1]])[polygon_stays]
    per_feature = np.diff(batch.feature_at)[~out]
    return Outlines(
        closed,
        ring_at.astype(np.int64),
        np.concatenate([[0], np.cumsum(per_polygon)]).astype(np.int64),
        np.concatenate([[0], np.cumsum(per_feature)]).astype(np.int64),
    )


def _judge(geometry: npt.NDArray[np.object_], valid: Flags, reason: list[str | None], duplicates: int) -> Cleaned:
    """Make invalid features valid where that changes little, and refuse the others and those without area."""
    there = ~shapely.is_missing(geometry)
    area = np.zeros(len(geometry))
    area[there] = shapely.area(geometry[there])
    repaired = np.zeros(len(geometry), bool)
    for place in np.flatnonzero(~valid):
        before = area[place]  # by the shoelace: GEOS adds up rings without asking whether they cross
        made = polygons_of(shapely.make_valid(geometry[place]))
        after = float(made.area)
        if max(before, after) < SMALLEST:
            reason[place] = faults.COLLAPSED
        elif abs(after - before) > MOST_CHANGED * before:
            reason[place] = faults.SELF_INTERSECTION
        else:
            geometry[place], area[place], repaired[place] = made, after, True
    for place in np.flatnonzero(there & (area < SMALLEST)):
        reason[place] = reason[place] or faults.COLLAPSED
    for number, code in enumerate(reason):
        if code is not None:
            geometry[number], area[number], repaired[number] = None, 0.0, False
    return Cleaned(geometry=geometry, area=area, reason=reason, repaired=repaired, duplicate_vertices=duplicates)


def polygons_of(shape: shapely.Geometry) -> MultiPolygon:
    """Keep the polygons of whatever make-valid returned; edges without area fall away."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    kept = [part for part in parts if shapely.get_type_id(part) == shapely.GeometryType.POLYGON and not part.is_empty]
    return MultiPolygon(kept)
