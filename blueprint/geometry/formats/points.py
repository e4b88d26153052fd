"""界址点 txt, read tolerantly: a header, parcel lines with an @, point lines; every repair is told."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import attributes, faults, systems
from blueprint.geometry.batch import Batch, Flags, Floats, Places, Polygon, Ring, collected
from blueprint.geometry.frame import Frame
from blueprint.geometry.shapes import Attributes
from blueprint.geometry.source import Remarks
from blueprint.geometry.systems import MILLION, Extent

#: m² in a 公顷
HECTARE = 10_000
FIGURE = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
#: degrees: latitude X, longitude Y
LATITUDES = (15, 55)
LONGITUDES = (70, 140)
#: places of the word 面 in a parcel line with and without the count of points
WITH_COUNT = 4
WITHOUT_COUNT = 3


@dataclass(slots=True)
class Parcel:
    """One parcel: its line, and its points in the order of the file."""

    count: int | None = None
    area: float | None = None
    kind: str = "面"
    attributes: Attributes = field(default_factory=Attributes)
    circles: list[int] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)


class PointFile:
    """A 界址点 file. X is north, Y is east; with a CRS given from outside the file's own is not asked."""

    def __init__(self, path: Path, *, frame: Frame, encoding: str | None = None, given: int | None = None) -> None:
        self.remarks = Remarks()
        self._frame = frame
        self._header, self._parcels = _parse(_text(path, encoding))
        if not any(parcel.points for parcel in self._parcels):
            raise faults.unusable(faults.EMPTY_FILE)
        _check_system(self._header)
        self._locate(given)
        areas = [parcel.area for parcel in self._parcels]
        if all(area is not None for area in areas):
            self.remarks.declared_m2 = round(sum(area for area in areas if area is not None) * HECTARE, 6)

    def declared_crs(self) -> int | None:
        """Return the CRS that header and coordinates say."""
        return self._epsg

    def batches(self) -> Iterator[Batch]:
        """Read the parcels, each a feature."""
        return collected(self._features())

    def _features(self) -> Iterator[tuple[int, list[Polygon], Attributes, bool, bool]]:
        done = 0
        for index, parcel in enumerate(self._parcels):
            xy = self._xy[done : done + len(parcel.points)]
            done += len(parcel.points)
            rings, closing = _rings(xy, parcel.circles)
            if parcel.count is not None and parcel.count not in (len(xy), len(xy) - closing):
                self.remarks.note("count_mismatch", declared=parcel.count, found=len(xy) - closing)
            is_area = parcel.kind == "面"
            yield index, _polygons(rings) if is_area else [], parcel.attributes, not is_area, False

    def _locate(self, given: int | None) -> None:
        """Find the CRS, and bring the columns to east, north in it.

        :raises FileUnusable: axes_swapped, crs_outside
        """
        north, east = np.array([point for parcel in self._parcels for point in parcel.points], np.float64).T
        if given is not None:
            self._xy, self._epsg = np.column_stack([east, north]), given
            return
        straight = _Columns(east=east, north=north, header=self._header, frame=self._frame)
        exchanged = _Columns(east=north, north=east, header=self._header, frame=self._frame)
        if not straight.inside() and exchanged.inside():
            raise faults.unusable(faults.AXES_SWAPPED)
        if straight.epsg is None:
            raise faults.unusable(faults.CRS_OUTSIDE)
        self._xy, self._epsg = straight.xy, straight.epsg
        for code, more in straight.notes.items():
            self.remarks.note(code, **more)


class _Columns:
    """One reading of the two columns: as degrees, or as metres in the zones that prefix and header name."""

    def __init__(self, *, east: Floats, north: Floats, header: dict[str, str], frame: Frame) -> None:
        self.notes: dict[str, dict[str, object]] = {}
        self.frame = frame
        self.xy = np.column_stack([east, north])
        self.epsg: int | None = None
        if (_between(north, LATITUDES) & _between(east, LONGITUDES)).all():
            self.epsg = systems.DEGREES
            self.notes["degrees"] = {}
            return
        prefixed = east >= MILLION
        named = _zone(header.get("带号", ""))
        zones = np.where(prefixed, east // MILLION, named or frame.zone).astype(np.int64)
        if named is not None and (zones[prefixed] != named).any():
            self.notes["zone_conflict"] = {"declared": named, "found": int(zones[prefixed][0])}
        if named is None and not prefixed.all():
            self.notes["zone_assumed"] = {"zone": frame.zone}
        if all(map(systems.is_zone, np.unique(zones).tolist())):
            self._bring_together(zones, prefixed)

    def _bring_together(self, zones: Places, prefixed: Flags) -> None:
        """Bring all points into the system of the first one; mostly they are in it."""
        first, with_prefix = int(zones[0]), bool(prefixed[0])
        self.epsg = systems.of_zone(first, prefixed=with_prefix)
        if (zones == first).all() and (prefixed == with_prefix).all():
            return
        self.xy[:, 0] = np.where(prefixed, self.xy[:, 0] - zones * MILLION, self.xy[:, 0])
        for zone in np.unique(zones):
            there = zones == zone
            self.xy[there] = systems.transform(self.xy[there], systems.of_zone(int(zone), prefixed=False), self.epsg)

    def inside(self) -> bool:
        """Tell whether all points lie in the city."""
        return self.epsg is not None and bool(Extent(self.frame).holds(self.xy, self.epsg).all())


def _between(values: Floats, bounds: tuple[int, int]) -> Flags:
    return (values >= bounds[0]) & (values <= bounds[1])


def _text(path: Path, encoding: str | None) -> str:
    content = path.read_bytes()
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise faults.unusable(faults.EMPTY_FILE)
    for name in [encoding] if encoding else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise faults.unreadable(_("文件的文字既不是 UTF-8 也不是 GBK 编码，请另存为其中一种。"))


def _parse(text: str) -> tuple[dict[str, str], list[Parcel]]:
    """Take the lines apart.

    :raises FileUnusable: unreadable - a line is neither header, parcel nor point
    """
    header: dict[str, str] = {}
    parcels: list[Parcel] = []
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        line = raw.replace("，", ",").replace("＠", "@").replace("＝", "=").strip().strip("\ufeff").strip()
        if not line or (line.startswith("[") and line.endswith("]")):
            continue
        if "@" in line:
            parcels.append(_parcel(line))
        elif "=" in line and not parcels:
            name, _equals, value = line.partition("=")
            header[name.strip()] = value.strip()
        else:
            circle, point = _point(line, number)
            if not parcels:
                parcels.append(Parcel())
            parcels[-1].circles.append(circle)
            parcels[-1].points.append(point)
    return header, parcels


def _parcel(line: str) -> Parcel:
    """Read a parcel line: 点数,面积,地块编号,地块名称,面,图幅号,地块用途,地类编码,@ - the count may be missing."""
    fields = [word.strip() for word in line.split(",")]
    fields = [word.replace("@", "").strip() for word in fields if word != "@"]
    if len(fields) > WITH_COUNT and fields[WITH_COUNT] in {"面", "线", "点"}:
        counted = True
    elif len(fields) > WITHOUT_COUNT and fields[WITHOUT_COUNT] in {"面", "线", "点"}:
        counted = False
    else:
        counted = bool(re.fullmatch(r"\d+", fields[0]))
    count, *rest = fields if counted else ["", *fields]
    rest += [""] * (7 - len(rest))
    area, code, name, kind, _sheet, _purpose, use = rest[:7]
    return Parcel(
        count=int(count) if re.fullmatch(r"\d{1,9}", count) else None,
        area=attributes.number(area.removesuffix("公顷").strip()),
        kind=kind if kind in {"线", "点"} else "面",
        attributes=Attributes(fid=code or None, name=name or None, use=use or None),
    )


def _point(line: str, number: int) -> tuple[int, tuple[float, float]]:
    """Read a point line: 点号,圈号,X,Y."""
    fields = [word.strip() for word in line.rstrip(",").split(",")]
    if len(fields) < 4 or not re.fullmatch(r"\d{1,6}", fields[1]) or not all(map(FIGURE.fullmatch, fields[2:4])):
        raise faults.unreadable(_("第 {number} 行不是“点号,圈号,X,Y”的格式。"), number=number)
    x, y = float(fields[2]), float(fields[3])
    if not math.isfinite(x + y):
        raise faults.unreadable(_("第 {number} 行的坐标过大。"), number=number)
    return int(fields[1]), (x, y)


def _check_system(header: dict[str, str]) -> None:
    system = header.get("坐标系", "")
    if system and "2000" not in system:
        raise faults.unusable(faults.CRS_UNSUPPORTED, _("文件的坐标系是“{name}”。"), name=system[:60])
    degrees = header.get("几度分带", "")
    if degrees and not re.search(r"(?<![\d.])3(\.0*)?(?![\d.])|三", degrees):
        raise faults.unusable(faults.CRS_UNSUPPORTED, _("文件是 {degrees} 度分带。"), degrees=degrees[:20])


def _zone(text: str) -> int | None:
    found = re.search(r"\d+", text)
    return int(found[0]) if found and len(found[0]) < 4 else None


def _rings(xy: Ring, circles: list[int]) -> tuple[list[tuple[int, Ring]], int]:
    """Join the points of each circle to rings; a ring ends when its first point comes again.

    Returns circle and ring in the order in which the rings begin, and how many points only closed one.
    """
    begun: list[tuple[int, list[Floats]]] = []
    running: dict[int, list[Floats]] = {}
    closing = 0
    for circle, point in zip(circles, xy, strict=True):
        ring = running.get(circle)
        if ring is None:
            ring = running[circle] = []
            begun.append((circle, ring))
        elif len(ring) > 1 and (ring[0] == point).all():
            closing += 1
            del running[circle]
            continue
        ring.append(point)
    return [(circle, np.array(ring)) for circle, ring in begun], closing


def _polygons(rings: list[tuple[int, Ring]]) -> list[Polygon]:
    """Give each hole to the outer ring around its first point; one that is in none goes to the ring before it."""
    lowest = min((circle for circle, _ring in rings), default=1)
    outer: list[list[Ring]] = []
    holes: list[tuple[int, Ring]] = []
    for circle, ring in rings:
        if circle == lowest:
            outer.append([ring])
        else:
            holes.append((max(len(outer) - 1, 0), ring))
    shapes = [shapely.Polygon(polygon[0] if len(polygon[0]) > 2 else None) for polygon in outer]
    for before, hole in holes:
        first = shapely.Point(hole[0])
        around = [place for place, shape in enumerate(shapes) if shape.covers(first)]
        outer[min(around, key=lambda place: shapes[place].area) if around else before].append(hole)
    return list(outer)
