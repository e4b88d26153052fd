"""What lies about a site: the features of every edition near it, held against the site once. Pure.

`Ground` is made of plain rows, by `loading` from the database or by a test from shapes. Pieces (site and feature) are
computed for all current editions in one vectorised call, since most of the time of a check goes there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

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

    def __init__(self, plot: Plot, edition: EditionRef, rows: Sequence[Row], near: Shapes) -> None:
        self.plot = plot
        self.edition = edition
        self.rows = rows
        self.shapes = near
        self._pieces: Shapes | None = None
        self._areas: Floats | None = None
        #: how many features have any of the site, and how much all of them
        self.present, self.total_m2 = 0, 0.0

    def know(self, pieces: Shapes, areas: Floats) -> None:
        """Take what was computed for all editions together."""
        self._pieces, self._areas = pieces, areas

    @property
    def pieces(self) -> Shapes:
        """Return site and feature, for each feature."""
        if self._pieces is None:
            self._pieces = shapely.intersection(self.plot.geometry, self.shapes)
        return self._pieces

    @property
    def areas(self) -> Floats:
        """Return the m² of each feature in the site."""
        if self._areas is None:
            self._areas = shapely.area(self.pieces)
        return self._areas

    def only(self, keep: Flags) -> Coverage:
        """Return the same edition with fewer features."""
        if keep.all():
            return self
        fewer = Coverage(
            self.plot, self.edition, [row for row, kept in zip(self.rows, keep, strict=True) if kept], self.shapes[keep]
        )
        if self._pieces is not None:
            fewer.know(self.pieces[keep], self.areas[keep])
        return fewer

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


class Ground:
    """All editions that a check of a site reads."""

    def __init__(
        self,
        plot: Plot,
        *,
        current: Mapping[str, Coverage],
        previous: Mapping[str, Coverage],
        reach: Reach,
    ) -> None:
        self.plot = plot
        self._current = current
        self._previous = previous
        self.reach = reach

    @classmethod
    def lay(
        cls,
        plot: Plot,
        *,
        current: Sequence[tuple[EditionRef, Sequence[Row], Shapes]],
        previous: Sequence[tuple[EditionRef, Sequence[Row], Shapes]],
        reach: Reach,
    ) -> Ground:
        """Hold every feature of the current editions against the site, all in one call."""
        ground = cls(
            plot,
            current={edition.layer: Coverage(plot, edition, rows, near) for edition, rows, near in current},
            previous={edition.layer: Coverage(plot, edition, rows, near) for edition, rows, near in previous},
            reach=reach,
        )
        _hold_against(plot, list(ground._current.values()))
        return ground

    def current(self, layer: str) -> Coverage | None:
        """Return the current edition of a layer, None if it has none."""
        return self._current.get(layer)

    def previous(self, layer: str) -> Coverage | None:
        """Return the edition before the current one, None if there is none."""
        return self._previous.get(layer)

    def all_current(self) -> Iterable[Coverage]:
        """Return the current editions in the order of their layers."""
        return (self._current[layer] for layer in sorted(self._current))

    def all_previous(self) -> Iterable[Coverage]:
        """Return the previous editions in the order of their layers."""
        return (self._previous[layer] for layer in sorted(self._previous))


def _hold_against(plot: Plot, coverages: Sequence[Coverage]) -> None:
    """Compute the pieces and their areas for many editions at once."""
    if not coverages:
        return
    near: Shapes = np.concatenate([coverage.shapes for coverage in coverages])
    pieces = np.full(len(near), overlay.EMPTY, dtype=object)
    areas = np.zeros(len(near))
    full = _fills(near, plot.box)
    pieces[full], areas[full] = plot.geometry, plot.area
    shapely.prepare(plot.geometry)
    rest = np.flatnonzero(~full)
    rest = rest[shapely.intersects(plot.geometry, near[rest])]
    pieces[rest] = shapely.intersection(plot.geometry, near[rest])
    areas[rest] = shapely.area(pieces[rest])
    counts = [len(coverage.shapes) for coverage in coverages]
    place = np.repeat(np.arange(len(coverages)), counts)
    present = np.bincount(place, weights=areas > 0, minlength=len(coverages)).astype(int).tolist()
    totals = np.bincount(place, weights=areas, minlength=len(coverages)).tolist()
    begin = 0
    for coverage, count, some, total in zip(coverages, counts, present, totals, strict=True):
        coverage.present, coverage.total_m2 = some, total
        coverage.know(pieces[begin : begin + count], areas[begin : begin + count])
        begin += count


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
