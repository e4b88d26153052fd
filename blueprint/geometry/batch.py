"""Many features at once as flat arrays, so that what is done to a vertex is done to a million of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from blueprint.geometry.shapes import Attributes

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Ring = Floats
"""Vertices of one ring, (n, 2): east, north (or longitude, latitude)."""
Polygon = Sequence[Ring]
"""The outer ring, then its holes."""

#: features that are read, cleaned and stored together, unless they have very many vertices
SIZE = 4000
VERTICES = 100_000


@dataclass(slots=True)
class Batch:
    """Features as they stand in the file. `ring_at[i]` is the first vertex of ring i, and so on upward."""

    xy: Floats
    ring_at: Places
    polygon_at: Places
    feature_at: Places
    index: list[int]
    attributes: list[Attributes]
    #: the feature has geometry that is no polygon
    other: list[bool]
    #: the feature's coordinates are no numbers
    broken: list[bool]

    def __len__(self) -> int:
        return len(self.index)

    def mark_broken(self) -> None:
        """Mark the features with a vertex that is no number."""
        finite: Flags = np.isfinite(self.xy[:, 0]) & np.isfinite(self.xy[:, 1])
        if finite.all():
            return
        ring = np.repeat(np.arange(len(self.ring_at) - 1), np.diff(self.ring_at))
        for place in np.unique(self.ring_feature[ring[~finite]]):
            self.broken[place] = True

    @property
    def ring_feature(self) -> Places:
        """Return the feature of each ring, by its place in the batch."""
        polygon_of_ring = np.repeat(np.arange(len(self.polygon_at) - 1), np.diff(self.polygon_at))
        return self.polygon_feature[polygon_of_ring]

    @property
    def polygon_feature(self) -> Places:
        """Return the feature of each polygon, by its place in the batch."""
        return np.repeat(np.arange(len(self)), np.diff(self.feature_at))


@dataclass(slots=True)
class Builder:
    """Collects features until there are enough for a batch."""

    rings: list[Ring] = field(default_factory=list)
    polygon_at: list[int] = field(default_factory=lambda: [0])
    feature_at: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    attributes: list[Attributes] = field(default_factory=list)
    other: list[bool] = field(default_factory=list)
    broken: list[bool] = field(default_factory=list)
    vertices: int = 0

    def add(
        self,
        index: int,
        polygons: Sequence[Polygon],
        attributes: Attributes,
        *,
        other: bool = False,
        broken: bool = False,
    ) -> None:
        """Add one feature."""
        for polygon in polygons:
            for ring in polygon:
                self.rings.append(ring)
                self.vertices += len(ring)
            self.polygon_at.append(len(self.rings))
        self.feature_at.append(len(self.polygon_at) - 1)
        self.index.append(index)
        self.attributes.append(attributes)
        self.other.append(other)
        self.broken.append(broken)

    @property
    def is_full(self) -> bool:
        """Tell whether the batch is large enough to be worked on."""
        return len(self.index) >= SIZE or self.vertices >= VERTICES

    def build(self) -> Batch:
        """Return what was collected."""
        lengths = np.fromiter((len(ring) for ring in self.rings), np.int64, len(self.rings))
        batch = Batch(
            xy=np.concatenate(self.rings) if self.rings else np.empty((0, 2)),
            ring_at=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            polygon_at=np.array(self.polygon_at, np.int64),
            feature_at=np.array(self.feature_at, np.int64),
            index=self.index,
            attributes=self.attributes,
            other=self.other,
            broken=self.broken,
        )
        batch.mark_broken()
        return batch


def collected(features: Iterator[tuple[int, Sequence[Polygon], Attributes, bool, bool]]) -> Iterator[Batch]:
    """Make batches of single features: index, polygons, attributes, other geometry, broken coordinates."""
    builder = Builder()
    for index, polygons, attributes, other, broken in features:
        builder.add(index, polygons, attributes, other=other, broken=broken)
        if builder.is_full:
            yield builder.build()
            builder = Builder()
    if builder.index:
        yield builder.build()
