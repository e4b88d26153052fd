"""Coordinate systems: which one a file is in, whether the city lies there, and the way into the work CRS."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext_lazy as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from blueprint.geometry import faults
from blueprint.geometry.batch import Flags, Floats
from blueprint.geometry.frame import Frame

DEGREES = 4490
#: WGS 84 in this house is CGCS2000: they differ by less than a map shows (blueprint contract, 2.4)
AS_DEGREES = {4490, 4326}
FIRST_ZONE = 25
#: 3-degree zones with the zone in the easting, and without it
PREFIXED = range(4513, 4534)
PLAIN = range(4534, 4555)
MILLION = 1_000_000
_NUMBER = re.compile(r"^(?:urn:ogc:def:crs:)?EPSG:(?:[\w.]*:)?(\d{4,6})$", re.IGNORECASE)
_URL = re.compile(r"/def/crs/EPSG/[^/]+/(\d{4,6})$", re.IGNORECASE)
_CRS84 = re.compile(r"(^|[:/])(OGC:)?CRS84h?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extent:
    """Asks whether coordinates lie in the city."""

    frame: Frame

    def holds(self, xy: Floats, epsg: int) -> Flags:
        """Tell for each vertex whether it lies in the city when read in this CRS."""
        with np.errstate(invalid="ignore"):
            if epsg in AS_DEGREES:
                return _within(xy, (*self.frame.lon, *self.frame.lat))
            held = _within(xy, _inner_box(self.frame, epsg))
            doubtful = np.flatnonzero(~held & _plausible(xy, epsg))
            if len(doubtful):
                degrees = transform(xy[doubtful], epsg, DEGREES)
                held[doubtful] = _within(degrees, (*self.frame.lon, *self.frame.lat))
            return held

    def holds_exchanged(self, xy: Floats, epsg: int) -> Flags:
        """Tell for each vertex whether it lies in the city with its columns exchanged."""
        return self.holds(xy[:, ::-1], epsg)


def candidates(frame: Frame) -> tuple[int, int, int]:
    """Return what a file without CRS may be in, in the order of trial."""
    return frame.work_crs, frame.crs_without_zone, DEGREES


def accepted(number: int) -> int:
    """Return the CRS to read in.

    :raises FileUnusable: crs_unsupported
    """
    if number in AS_DEGREES:
        return DEGREES
    if number in PREFIXED or number in PLAIN:
        return number
    raise faults.unusable(faults.CRS_UNSUPPORTED, _("文件的坐标系是 EPSG:{number}。"), number=number)


def from_name(name: str) -> int:
    """Read a CRS by its name: EPSG:4526, urn:ogc:def:crs:EPSG::4526, CRS84.

    :raises FileUnusable: crs_unsupported
    """
    name = name.strip()
    if _CRS84.search(name):
        return DEGREES
    found = _NUMBER.match(name) or _URL.search(name)
    if not found:
        raise faults.unusable(faults.CRS_UNSUPPORTED, _("不认识坐标系“{name}”。"), name=_short(name))
    return accepted(int(found[1]))


def from_wkt(wkt: str) -> int | None:
    """Read the CRS of a .prj file; None when it says nothing.

    :raises FileUnusable: crs_unsupported
    """
    if not wkt.strip("\ufeff\x00 \r\n\t"):
        return None
    try:
        crs = CRS.from_wkt(wkt.strip("\ufeff\x00 \r\n\t"))
    except CRSError:
        raise faults.unusable(faults.CRS_UNSUPPORTED, _("看不懂文件声明的坐标系。")) from None
    if crs.is_engineering:
        # a plane of its own, which is how programs write that they do not know
        return None
    number = _by_parameters(crs) or crs.to_epsg()
    if number is None:
        raise faults.unusable(faults.CRS_UNSUPPORTED, _("文件的坐标系是“{name}”。"), name=_short(crs.name))
    return accepted(number)


def of_zone(zone: int, *, prefixed: bool) -> int:
    """Return the CRS of a 3-degree zone.

    :raises FileUnusable: crs_unsupported - there is no such zone
    """
    if not is_zone(zone):
        raise faults.unusable(faults.CRS_UNSUPPORTED, _("没有 {zone} 号 3 度带。"), zone=zone)
    return (PREFIXED if prefixed else PLAIN)[zone - FIRST_ZONE]


def zone_of(epsg: int) -> int | None:
    """Return the zone of a projected CRS; degrees have none."""
    if epsg in PREFIXED:
        return PREFIXED.index(epsg) + FIRST_ZONE
    return PLAIN.index(epsg) + FIRST_ZONE if epsg in PLAIN else None


def is_zone(number: int) -> bool:
    """Tell whether there is a 3-degree zone of this number."""
    return FIRST_ZONE <= number < FIRST_ZONE + len(PREFIXED)


def project(xy: Floats, epsg: int, frame: Frame) -> Floats:
    """Bring vertices into the work CRS. Edges are straight there, whatever they were before."""
    return transform(xy, epsg, frame.work_crs)


def transform(xy: Floats, source: int, target: int) -> Floats:
    """Bring vertices from one CRS into another; within a zone only the prefix comes or goes."""
    if source == target:
        return xy
    zone = zone_of(source)
    if zone is not None and zone == zone_of(target):
        return xy + np.array([_offset(target) - _offset(source), 0.0])
    return np.column_stack(_transformer(source, target).transform(xy[:, 0], xy[:, 1]))


def wkt(epsg: int) -> str:
    """Return the text of a .prj file."""
    return str(CRS.from_epsg(epsg).to_wkt("WKT1_ESRI"))


def _offset(epsg: int) -> float:
    zone = zone_of(epsg)
    return float(zone * MILLION) if zone and epsg in PREFIXED else 0.0


def _within(xy: Floats, bounds: tuple[float, float, float, float]) -> Flags:
    west, east, south, north = bounds
    x, y = xy[:, 0], xy[:, 1]
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


@functools.cache
def _inner_box(frame: Frame, epsg: int) -> tuple[float, float, float, float]:
    """Return a rectangle in metres that lies in the city for sure: what is in it need not be asked in degrees."""
    along = np.linspace(0, 1, 501)
    (west, east), (south, north) = frame.lon, frame.lat
    lon, lat = west + along * (east - west), south + along * (north - south)

    def side(lons: Floats | float, lats: Floats | float) -> Floats:
        return transform(np.column_stack(np.broadcast_arrays(lons, lats)).astype(np.float64), DEGREES, epsg)

    # between two points of a side the curve leaves its chord by centimetres
    return (
        float(side(west, lat)[:, 0].max()) + 1,
        float(side(east, lat)[:, 0].min()) - 1,
        float(side(lon, south)[:, 1].max()) + 1,
        float(side(lon, north)[:, 1].min()) - 1,
    )


def _plausible(xy: Floats, epsg: int) -> Flags:
    """Tell which vertices may lie in the zone at all; what is far outside costs the projection very much time."""
    east = xy[:, 0] - _offset(epsg)
    return (east > -MILLION) & (east < 2 * MILLION) & (np.abs(xy[:, 1]) < 10.1 * MILLION)


@functools.cache
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _by_parameters(crs: CRS) -> int | None:
    """Find the number of a system by its figures; programs write its name in many ways."""
    datum = re.sub(r"[^a-z0-9]", "", (crs.datum.name if crs.datum else "").casefold())
    if not any(word in datum for word in ("china2000", "cgcs2000", "chinageodeticcoordinatesystem2000")):
        wgs = crs.is_geographic and ("wgs84" in datum or "worldgeodeticsystem1984" in datum)
        return DEGREES if wgs else None
    if crs.is_geographic:
        return DEGREES
    figures = (
        {p.name.casefold(): float(p.value) for p in crs.coordinate_operation.params} if crs.coordinate_operation else {}
    )
    plain = {"latitude of natural origin": 0, "scale factor at natural origin": 1, "false northing": 0}
    meridian, easting = figures.get("longitude of natural origin"), figures.get("false easting")
    if any(figures.get(name) != value for name, value in plain.items()) or meridian is None or meridian % 3:
        return None
    zone = round(meridian / 3)
    if not is_zone(zone):
        return None
    if easting == 500_000:
        return of_zone(zone, prefixed=False)
    return of_zone(zone, prefixed=True) if easting == zone * MILLION + 500_000 else None


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"


def parse_option(value: str) -> int:
    """Read what was given as CRS by hand, a number or `EPSG:n`.

    :raises ValueError: it is neither
    :raises FileUnusable: crs_unsupported
    """
    if value.strip().isdecimal():
        value = f"EPSG:{value.strip()}"
    if not (_NUMBER.match(value.strip()) or _URL.search(value) or _CRS84.search(value.strip())):
        raise ValueError(value)
    return from_name(value)
