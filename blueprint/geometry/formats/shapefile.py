"""A shapefile: records of rings; which of them are holes is seen from how they lie."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import faults, nesting, systems
from blueprint.geometry.batch import Batch, Polygon, Ring, collected
from blueprint.geometry.formats import archive
from blueprint.geometry.formats.dbf import Table
from blueprint.geometry.shapes import Attributes
from blueprint.geometry.source import Remarks

FILE_CODE = 9994
HEAD = 100
NULL = 0
#: plain, with heights, with measures
POLYGONS = {5, 15, 25}


class ShapeZip:
    """A zip with exactly one shapefile, unpacked into a directory that goes away with the reading."""

    def __init__(self, path: Path, *, into: Path, encoding: str | None = None) -> None:
        self.remarks = Remarks()
        self._files = archive.unpack(path, into)
        self._places = _index(self._files.shp, self._files.shx)
        self._table = Table(self._files.dbf, encoding=encoding, cpg=self._files.cpg)
        if len(self._places) != self._table.count:
            raise faults.unreadable(
                _("图形有 {shapes} 个，属性表却有 {rows} 行。"), shapes=len(self._places), rows=self._table.count
            )
        if not len(self._places):
            raise faults.unusable(faults.EMPTY_FILE)

    def declared_crs(self) -> int | None:
        """Return what the .prj says."""
        if self._files.prj is None:
            return None
        return systems.from_wkt(self._files.prj.read_bytes()[:20_000].decode("utf-8", "replace"))

    def batches(self) -> Iterator[Batch]:
        """Read the records."""
        return collected(self._features())

    def _features(self) -> Iterator[tuple[int, list[Polygon], Attributes, bool, bool]]:
        index = 0
        with self._files.shp.open("rb") as file:
            for (start, length), attributes in zip(self._places.tolist(), self._table.rows(), strict=True):
                if attributes is None:
                    continue
                file.seek(start)
                polygons, other = _shape(file.read(length))
                yield index, polygons, attributes, other, False
                index += 1
        if index == 0:
            raise faults.unusable(faults.EMPTY_FILE)


def _index(shp: Path, shx: Path) -> np.ndarray:
    """Return place and length of each record's content, in bytes.

    :raises FileUnusable: unreadable - what the headers say is not there
    """
    size = shp.stat().st_size
    with shp.open("rb") as file:
        head = file.read(HEAD)
    content = shx.read_bytes()
    for part, real in ((head, size), (content[:HEAD], len(content))):
        if len(part) < HEAD or struct.unpack_from(">i", part)[0] != FILE_CODE:
            raise faults.unreadable(_("不是 SHP 文件。"))
        if 2 * struct.unpack_from(">i", part, 24)[0] > real:
            raise faults.unreadable(_("SHP 文件不完整，像是没有传完。"))
    count = (min(len(content), 2 * struct.unpack_from(">i", content, 24)[0]) - HEAD) // 8
    places = np.frombuffer(content, ">i4", 2 * count, HEAD).astype(np.int64).reshape(count, 2) * 2
    places[:, 0] += 8
    if count and ((places[:, 0] < HEAD + 8) | (places[:, 1] < 4) | (places.sum(axis=1) > size)).any():
        raise faults.unreadable(_("SHP 文件不完整，像是没有传完。"))
    return places


def _shape(record: bytes) -> tuple[list[Polygon], bool]:
    """Read the rings of one record.

    :raises FileUnusable: unreadable - the record is shorter than its counts say
    """
    kind = struct.unpack_from("<i", record)[0] if len(record) >= 4 else -1
    if kind not in POLYGONS:
        if not 0 <= kind <= 31:
            raise faults.unreadable(_("SHP 文件的记录已损坏。"))
        return [], kind != NULL
    if len(record) < 44:
        raise faults.unreadable(_("SHP 文件的记录已损坏。"))
    parts, points = struct.unpack_from("<ii", record, 36)
    if parts < 0 or points < 0 or 44 + 4 * parts + 16 * points > len(record):
        raise faults.unreadable(_("SHP 文件的记录已损坏。"))
    xy = np.frombuffer(record, "<f8", 2 * points, 44 + 4 * parts).reshape(points, 2)
    if parts == 1:
        return [[xy]], False
    at = [*struct.unpack_from(f"<{parts}i", record, 44), points]
    if any(not 0 <= first <= last for first, last in itertools.pairwise(at)):
        raise faults.unreadable(_("SHP 文件的记录已损坏。"))
    return _nested([xy[first:last] for first, last in itertools.pairwise(at)]), False


def _nested(rings: list[Ring]) -> list[Polygon]:
    """Sort rings into outer ones and holes; direction is only a hint, for writers do as they like."""
    if not rings:
        return []
    if not all(np.isfinite(ring).all() for ring in rings):
        return [[ring] for ring in rings]
    clockwise = [place for place, ring in enumerate(rings) if _twice_area(ring) < 0]
    if len(clockwise) == 1 and all(_within(ring, rings[clockwise[0]]) for ring in rings):
        outer = rings[clockwise[0]]
        return [[outer, *(ring for ring in rings if ring is not outer)]]
    return list(nesting.even_odd(rings))


def _twice_area(ring: Ring) -> float:
    if len(ring) < 3:
        return 0.0
    x, y = (ring - ring[0]).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def _within(ring: Ring, outer: Ring) -> bool:
    if not len(ring):
        return True
    return bool((ring.min(axis=0) >= outer.min(axis=0)).all() and (ring.max(axis=0) <= outer.max(axis=0)).all())
