"""What lies about a site: the features of every edition near it, held against the site once. Pure.

`Ground` is made of plain rows, by `loading` from the database or by a test from shapes. Pieces (site and feature) are
computed for all current editions in one vectorised call, since most of the time of a check goes there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.checks import overlay
from blueprint.checks.overlay import Box, Flags, Floats, Shapes
from blueprint.checks.results import EditionRef
from blueprint.geometry.shapes import Attributes

#: m around the site within which features are exact; anything above the noise of a coordinate would do
MARGIN = 1.0
#: m²; a clipped feature that lacks no more than this of the whole box fills it
_NO_MORE_THAN_NOISE = 1e-3
_BOUNDS_AGREE = 1e-6


class Row(NamedTuple):
    """What a feature says of itself; empty texts are absent."""

    fid: str
    name: str = ""
    use: str = ""
    far: float | None = None
    density: float | None = None
    green: float | None = None
    height: float | None = None
    project_code: str = ""


#: site and feature, for each feature, with its m²
Held = tuple[Shapes, Floats]
#: all features of an edition whose bounds meet a box, whole
Reach = Callable[[EditionRef, Box], Shapes]


@dataclass(frozen=True)
class Plot:
    """The site as the rules see it."""

    geometry: BaseGeometry
    attributes: Attributes

    @cached_property
    def area(self) -> float:
        """Return its area in m²."""
        return float(self.geometry.area)

    @cached_property
    def box(self) -> Box:
        """Return the box features are clipped to."""
        return Box.around(self.geometry.bounds, MARGIN)

    @cached_property
    def box_shape(self) -> BaseGeometry:
        """Return that box as a polygon."""
        return shapely.box(*self.box)


class Coverage:
    """The features of one edition near a site, exact inside its box."""

    def __init__(
        self,
        plot: Plot,
        edition: EditionRef,
        said: Sequence[Sequence[Any]],
        near: Shapes,
        *,
        held: Callable[[], Held] | None = None,
    ) -> None:
        """Take the features.

        :param said: what each says of itself, the fields of a `Row`; read only where a rule asks
        :param held: gives what was computed for all editions together
        """
        self.plot = plot
        self.edition = edition
        self._said = said
        self.shapes = near
        self._hold = held or self._hold_alone

    @cached_property
    def rows(self) -> Sequence[Row]:
        """Return what each feature says of itself."""
        return [Row._make(row[: len(Row._fields)]) for row in self._said]

    @cached_property
    def _held(self) -> Held:
        return self._hold()

    def _hold_alone(self) -> Held:
        pieces = shapely.intersection(self.plot.geometry, self.shapes)
        return pieces, shapely.area(pieces)

    @property
    def pieces(self) -> Shapes:
        """Return site and feature, for each feature."""
        return self._held[0]

    @property
    def areas(self) -> Floats:
        """Return the m² of each feature in the site."""
        return self._held[1]

    def only(self, keep: Flags) -> Coverage:
        """Return the same edition with fewer features."""
        if keep.all():
            return self

        def held() -> Held:
            pieces, areas = self._held
            return pieces[keep], areas[keep]

        said = [row for row, kept in zip(self._said, keep, strict=True) if kept]
        return Coverage(self.plot, self.edition, said, self.shapes[keep], held=held)

    def by_use(self) -> Mapping[str, Coverage]:
        """Return the features by their use; '' are those that name none."""
        uses = np.array([row.use for row in self.rows], dtype=object)
        return {use: self.only(uses == use) for use in dict.fromkeys(uses)}

    @cached_property
    def whole(self) -> BaseGeometry:
        """Return the union of the features, exact inside the site's box."""
        return overlay.union(self.shapes)

    @cached_property
    def inside(self) -> BaseGeometry:
        """Return site and union of the features."""
        within = np.flatnonzero(self.areas > 0)
        if len(within) == 0:
            return overlay.EMPTY
        if len(within) == 1:
            return self.pieces[within[0]]
        return shapely.intersection(self.plot.geometry, overlay.union(self.shapes[within]))

    @cached_property
    def outside(self) -> BaseGeometry:
        """Return the site without the features."""
        within = self.areas > 0
        if not within.any():
            return self.plot.geometry
        return shapely.difference(self.plot.geometry, overlay.union(self.shapes[within]))


@dataclass(frozen=True)
class Near:
    """Features near a site, exact inside its box, edition after edition."""

    #: what each says of itself: the fields of a `Row` first; read only where a rule asks
    said: Sequence[Sequence[Any]]
    shapes: Shapes
    #: id of an edition -> where its features begin and end
    spans: Mapping[int, tuple[int, int]]


class Ground:
    """All editions that a check of a site reads, every feature of the current ones held against the site."""

    def __init__(
        self,
        plot: Plot,
        *,
        current: Sequence[EditionRef],
        previous: Sequence[EditionRef],
        near: Near,
        reach: Reach,
    ) -> None:
        self.plot = plot
        self.reach = reach
        self.editions = (*current, *previous)
        self._near = near
        self._current = {ref.layer: ref for ref in current}
        self._previous = {ref.layer: ref for ref in previous}
        self._coverages: dict[int, Coverage] = {}
        shapely.prepare(plot.geometry)

    @cached_property
    def _held(self) -> Held:
        """Return what all features have in the site, in one go; previous editions are not held against it."""
        counted = np.ones(len(self._near.shapes), dtype=bool)
        for ref in self._previous.values():
            begin, end = self._near.spans.get(ref.id, (0, 0))
            counted[begin:end] = False
        return _hold_against(self.plot, self._near.shapes, counted)

    def current(self, layer: str) -> Coverage | None:
        """Return the current edition of a layer, None if it has none."""
        return self._coverage(self._current.get(layer), held=True)

    def previous(self, layer: str) -> Coverage | None:
        """Return the edition before the current one, None if there is none."""
        return self._coverage(self._previous.get(layer), held=False)

    def inventory(self) -> Iterator[tuple[EditionRef, int, float]]:
        """Yield the current editions that have anything in the site: how many features, and m² of all of them."""
        spans, (_pieces, areas) = self._near.spans, self._held
        begins = [spans[ref.id][0] for ref in self._current.values() if ref.id in spans]
        if not begins:
            return
        order = sorted(begins)
        ends = dict(zip(order, np.add.reduceat(areas, order).tolist(), strict=True))
        counts = dict(zip(order, np.add.reduceat((areas > 0).astype(int), order).tolist(), strict=True))
        for ref in self._current.values():
            begin = spans[ref.id][0] if ref.id in spans else -1
            if counts.get(begin):
                yield ref, counts[begin], ends[begin]

    def _coverage(self, ref: EditionRef | None, *, held: bool) -> Coverage | None:
        if ref is None:
            return None
        if ref.id not in self._coverages:
            begin, end = self._near.spans.get(ref.id, (0, 0))
            said, shapes = self._near.said[begin:end], self._near.shapes[begin:end]

            def together() -> Held:
                pieces, areas = self._held
                return pieces[begin:end], areas[begin:end]

            self._coverages[ref.id] = Coverage(self.plot, ref, said, shapes, held=together if held else None)
        return self._coverages[ref.id]


def _hold_against(plot: Plot, near: Shapes, counted: Flags) -> tuple[Shapes, Floats]:
    """Return site and feature, with its m², for many features at once; those that do not count stay empty."""
    pieces = np.full(len(near), overlay.EMPTY, dtype=object)
    areas = np.zeros(len(near))
    full = _fills(near, plot.box) & counted
    pieces[full], areas[full] = plot.geometry, plot.area
    rest = np.flatnonzero(counted & ~full)
    rest = rest[shapely.intersects(plot.geometry, near[rest])]
    pieces[rest] = overlay.intersection(plot.geometry, near[rest])
    areas[rest] = shapely.area(pieces[rest])
    return pieces, areas


def _fills(near: Shapes, box: Box) -> Flags:
    """Tell which features, clipped to the box, are the box itself: four corners, its bounds and all of its area.

    What such a feature might lack is thinner than the margin between the box and the site.
    """
    corners = np.flatnonzero(shapely.get_num_coordinates(near) == 5)
    bounds = shapely.bounds(near[corners])
    filled = (np.abs(bounds - np.asarray(box)) < _BOUNDS_AGREE).all(axis=1)
    filled &= shapely.area(near[corners]) > box.area - _NO_MORE_THAN_NOISE
    full = np.zeros(len(near), dtype=bool)
    full[corners[filled]] = True
    return full
