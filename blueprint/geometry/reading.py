"""Read a file into what is stored and computed: the shape of a site, or the features of a layer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon

from blueprint.geometry import cleaning, faults, locating, openers, systems
from blueprint.geometry.ahead import ahead, each
from blueprint.geometry.batch import Batch, Flags, Floats
from blueprint.geometry.cleaning import Cleaned
from blueprint.geometry.frame import Frame
from blueprint.geometry.locating import Place
from blueprint.geometry.outlines import Outlines
from blueprint.geometry.shapes import Attributes, Rejected, SiteShape
from blueprint.geometry.source import Source

#: m²; parts of a site that cover each other by more are told
MOST_DISSOLVED = 0.01


def read_site(
    path: Path | str, *, frame: Frame, crs: int | str | None = None, encoding: str | None = None
) -> SiteShape:
    """Read the boundary of a site: the union of all polygons of a file.

    The format is told by the ending: .geojson or .json, .zip (SHP), .gpkg, .dxf, .txt (界址点).

    :param crs: the CRS the coordinates are in, whatever the file says
    :param encoding: of the text in the file
    :raises FileUnusable: one of the contract's codes, with a message that says what to do
    """
    given = _given(crs)
    with openers.opened(Path(path), frame=frame, encoding=encoding, given=given, formats=openers.OF_SITE) as source:
        batches = list(source.batches())
        if any(broken for batch in batches for broken in batch.broken):
            raise faults.unreadable()
        place = locating.of_site(source, batches, frame=frame, given=given)
        parts = [_site_part(batch, place, frame) for batch in batches]
        _tell(source, place, parts)
        return _site(source, place, batches, parts)


def _given(value: int | str | None) -> int | None:
    if value is None:
        return None
    return systems.accepted(value) if isinstance(value, int) else systems.parse_option(value)


def _site_part(batch: Batch, place: Place, frame: Frame) -> Cleaned:
    """Clean the polygons of a batch; what has none is left out, anything else is refused."""
    cleaned = cleaning.clean(batch, systems.project(batch.xy, place.epsg, frame), [None] * len(batch))
    for code in cleaned.reason:
        if code not in (None, faults.NO_POLYGON):
            raise faults.unusable(str(code))
    return cleaned


def _tell(source: Source, place: Place, parts: list[Cleaned]) -> None:
    """Note what was done to the shapes."""
    if place.assumed:
        source.remarks.note("crs_assumed")
    count = sum(part.duplicate_vertices for part in parts)
    if count:
        source.remarks.note("duplicate_vertices", count=count)
    if any(part.repaired.any() for part in parts):
        source.remarks.note("make_valid")


def _site(source: Source, place: Place, batches: list[Batch], parts: list[Cleaned]) -> SiteShape:
    if any(other for batch in batches for other in batch.other):
        source.remarks.note("other_geometry_ignored")
    there = [
        (shape, attributes)
        for batch, part in zip(batches, parts, strict=True)
        for shape, attributes in zip(part.geometry, batch.attributes, strict=True)
        if shape is not None
    ]
    if not there:
        raise faults.unusable(faults.NO_POLYGON)
    shapes = [shape for shape, _attributes in there]
    whole = shapes[0] if len(shapes) == 1 else _united(source, shapes)
    attributes = there[0][1]
    if source.remarks.declared_m2 is not None:
        attributes = attributes.but(declared_m2=source.remarks.declared_m2)
    return SiteShape(
        geometry=whole,
        attributes=attributes,
        source_crs=f"EPSG:{place.epsg}",
        repairs=tuple(source.remarks.repairs.values()),
    )


def _united(source: Source, shapes: list[MultiPolygon]) -> MultiPolygon:
    union = cleaning.polygons_of(shapely.union_all(shapes))
    lost = sum(shape.area for shape in shapes) - union.area
    if lost > MOST_DISSOLVED:
        source.remarks.note("parts_dissolved", lost_m2=round(lost, 2))
    return union


@dataclass(frozen=True, slots=True)
class CleanBatch:
    """Features of a layer that can be stored."""

    index: npt.NDArray[np.int64]
    outlines: Outlines
    area: Floats
    attributes: list[Attributes]

    def __len__(self) -> int:
        return len(self.index)

    def only(self, kept: Flags) -> CleanBatch:
        """Return the same with fewer features."""
        if kept.all():
            return self
        attributes = [each for each, stays in zip(self.attributes, kept, strict=True) if stays]
        return CleanBatch(self.index[kept], Outlines.of(self.outlines.shapes()[kept]), self.area[kept], attributes)


@dataclass(slots=True)
class LayerReading:
    """Reads a layer once, batch by batch. What is counted here is complete after the last batch."""

    source: Source
    frame: Frame
    located: locating.LayerLocator
    rejected: list[Rejected] = field(default_factory=list)
    read: int = 0
    repaired: int = 0
    duplicate_vertices: int = 0

    @property
    def source_crs(self) -> str:
        """Return the CRS the coordinates are read in."""
        return f"EPSG:{self.located.place.epsg}"

    def repairs(self) -> list[dict[str, Any]]:
        """Return what was repaired, as codes of the contract."""
        found = list(self.source.remarks.repairs.values())
        if self.located.place.assumed:
            found.append({"code": "crs_assumed"})
        if self.duplicate_vertices:
            found.append({"code": "duplicate_vertices", "count": self.duplicate_vertices})
        if self.repaired:
            found.append({"code": "make_valid", "count": self.repaired})
        return found

    def batches(self) -> Iterator[CleanBatch]:
        """Give the features that can be stored, in the order of the file.

        :raises FileUnusable: the file as a whole cannot be used, which may show at its end only
        """
        for batch, cleaned in each(self._clean, self._located_batches()):
            self.read += len(batch)
            self.rejected += [
                Rejected(index=index, reason=code)
                for index, code in zip(batch.index, cleaned.reason, strict=True)
                if code is not None
            ]
            self.repaired += int(cleaned.repaired.sum())
            self.duplicate_vertices += cleaned.duplicate_vertices
            there = np.flatnonzero(~shapely.is_missing(cleaned.geometry))
            yield CleanBatch(
                index=np.array(batch.index, np.int64)[there],
                outlines=cleaned.outlines or Outlines.of(cleaned.geometry[there]),
                area=cleaned.area[there],
                attributes=[batch.attributes[place] for place in there],
            )
        self.located.conclude()

    def _located_batches(self) -> Iterator[tuple[Batch, list[str | None]]]:
        """Give the batches, each with the reasons for which its features are out already."""
        for batch in ahead(self.source.batches()):
            reason: list[str | None] = [faults.UNREADABLE if broken else None for broken in batch.broken]
            self.located.judge(batch, reason)
            yield batch, reason

    def _clean(self, located: tuple[Batch, list[str | None]]) -> tuple[Batch, Cleaned]:
        batch, reason = located
        xy = systems.project(batch.xy, self.located.place.epsg, self.frame)
        return batch, cleaning.clean(batch, xy, reason)


@contextmanager
def read_layer(
    path: Path | str, *, frame: Frame, crs: int | str | None = None, encoding: str | None = None
) -> Iterator[LayerReading]:
    """Open a file of features; they are read as its `batches()` are asked for, and never all at once.

    :raises FileUnusable: one of the contract's codes
    """
    given = _given(crs)
    with openers.opened(Path(path), frame=frame, encoding=encoding, given=given, formats=openers.OF_LAYER) as source:
        yield LayerReading(source, frame, locating.of_layer(source, frame=frame, given=given))
