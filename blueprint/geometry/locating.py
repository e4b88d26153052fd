"""Where the coordinates of a file lie: in which CRS they are read, and whether that is in the city."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from blueprint.geometry import faults, systems
from blueprint.geometry.batch import Batch, Flags
from blueprint.geometry.frame import Frame
from blueprint.geometry.source import Source
from blueprint.geometry.systems import Extent


@dataclass(frozen=True, slots=True)
class Place:
    """The CRS a file is read in."""

    epsg: int
    #: nobody said so: it is the first in which everything lies in the city
    assumed: bool = False


def of_site(source: Source, batches: Sequence[Batch], *, frame: Frame, given: int | None) -> Place:
    """Find the CRS of a file that is read whole.

    :raises FileUnusable: crs_unsupported, axes_swapped, crs_outside
    """
    declared = given or source.declared_crs()
    extent = Extent(frame)
    if declared is None:
        return _assume(batches, extent)
    if all(extent.holds(batch.xy, declared).all() for batch in batches):
        return Place(declared)
    raise _refusal(all(extent.holds_exchanged(batch.xy, declared).all() for batch in batches))


def _assume(batches: Iterable[Batch], extent: Extent) -> Place:
    """Take the first CRS in which every coordinate lies in the city.

    :raises FileUnusable: axes_swapped, crs_outside
    """
    tried = systems.candidates(extent.frame)
    straight, exchanged = dict.fromkeys(tried, True), dict.fromkeys(tried, True)
    for batch in batches:
        for epsg in tried:
            straight[epsg] = straight[epsg] and bool(extent.holds(batch.xy, epsg).all())
            exchanged[epsg] = exchanged[epsg] and bool(extent.holds_exchanged(batch.xy, epsg).all())
        if not any(straight.values()) and not any(exchanged.values()):
            break
    for epsg in tried:
        if straight[epsg]:
            return Place(epsg, assumed=True)
    raise _refusal(any(exchanged.values()))


def _refusal(swapped: bool) -> faults.FileUnusable:
    return faults.unusable(faults.AXES_SWAPPED if swapped else faults.CRS_OUTSIDE)


@dataclass(slots=True)
class LayerLocator:
    """Judges a layer batch by batch: single features are outside, or at the end the whole file is."""

    place: Place
    extent: Extent
    rings: int = 0
    inside: int = 0
    _exchanged: bool = field(default=True)

    def judge(self, batch: Batch, reason: list[str | None]) -> None:
        """Say of features with a vertex outside the city that they are."""
        ring_feature = batch.ring_feature
        counts = ~np.array(batch.broken, bool)[ring_feature]
        whole = _whole_rings(self.extent.holds(batch.xy, self.place.epsg), batch)
        self.rings += int(counts.sum())
        self.inside += int((whole & counts).sum())
        if self._exchanged:
            exchanged = _whole_rings(self.extent.holds_exchanged(batch.xy, self.place.epsg), batch)
            self._exchanged = bool(exchanged[counts].all())
        for position in np.unique(ring_feature[~whole]):
            reason[position] = reason[position] or faults.CRS_OUTSIDE

    def conclude(self) -> None:
        """Refuse the file when not more than half of its rings are in the city.

        :raises FileUnusable: axes_swapped, crs_outside
        """
        if self.inside == self.rings:
            return
        if self._exchanged:
            raise _refusal(True)
        if 2 * self.inside <= self.rings:
            raise _refusal(False)


def _whole_rings(holds: Flags, batch: Batch) -> Flags:
    """Tell which rings have all their vertices in the city."""
    total = np.concatenate([[0], np.cumsum(holds)])
    return np.asarray(total[batch.ring_at[1:]] - total[batch.ring_at[:-1]] == np.diff(batch.ring_at))


def of_layer(source: Source, *, frame: Frame, given: int | None) -> LayerLocator:
    """Find the CRS of a file that is read batch by batch; one without any is read through for it first.

    :raises FileUnusable: crs_unsupported, axes_swapped, crs_outside
    """
    declared = given or source.declared_crs()
    extent = Extent(frame)
    place = _assume(source.batches(), extent) if declared is None else Place(declared)
    return LayerLocator(place, extent)
