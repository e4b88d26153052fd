"""One boundary in figures: areas side by side, parcels and holes, the corner points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry import MultiPolygon, Polygon

from blueprint.geometry import degrees
from blueprint.geometry.frame import Frame
from blueprint.geometry.stored import shape_of
from blueprint.siting import wording
from blueprint.siting.derive import Rules
from blueprint.siting.models import Outline
from portal.ui import words


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of a site."""

    number: int
    area_m2: float
    holes: int
    corners: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a boundary says of itself and what was computed."""

    area_m2: float
    declared_m2: float | None
    difference_m2: float | None
    is_declared_badly: bool
    """The two areas differ by more than the city's check of quality allows."""
    source_crs: str
    parcels: tuple[Parcel, ...]
    repairs: tuple[str, ...]
    shape: MultiPolygon
    """Metres of the work CRS."""

    @property
    def parcels_words(self) -> str:
        """Say how many parcels and holes: 2 个地块，1 个洞."""
        count, holes = len(self.parcels), sum(parcel.holes for parcel in self.parcels)
        said = ngettext("%(n)d 个地块", "%(n)d 个地块", count) % {"n": count}
        if not holes:
            return said
        return _("，").join([said, ngettext("%(n)d 个洞", "%(n)d 个洞", holes) % {"n": holes}])

    @property
    def difference_words(self) -> str:
        """Say how the declared area differs: 多 1,000.0 m²（7.04%）."""
        if self.difference_m2 is None:
            return ""
        if abs(self.difference_m2) < 0.005:
            return _("一致")
        share = f"{abs(self.difference_m2) / self.area_m2:.2%}"
        said = {"area": words.area_m2(abs(self.difference_m2), decimals=2), "share": share}
        more = _("申报多 %(area)s（%(share)s）") if self.difference_m2 > 0 else _("申报少 %(area)s（%(share)s）")
        return more % said

    @property
    def is_repaired(self) -> bool:
        return bool(self.repairs)


@dataclass(frozen=True, slots=True)
class PointRow:
    """A corner point in both systems."""

    parcel: int
    circle: int
    name: str
    north: float
    east: float
    lat: float
    lon: float

    @property
    def north_words(self) -> str:
        return f"{self.north:.3f}"

    @property
    def east_words(self) -> str:
        return f"{self.east:.3f}"

    @property
    def lat_words(self) -> str:
        return f"{self.lat:.9f}°"

    @property
    def lon_words(self) -> str:
        return f"{self.lon:.9f}°"


def figures_of(outline: Outline, rules: Rules) -> Figures:
    """Compute the figures of an outline; no statements."""
    shape = shape_of(outline.geom)
    difference = outline.difference_m2
    return Figures(
        area_m2=outline.area_m2,
        declared_m2=outline.declared_m2,
        difference_m2=difference,
        is_declared_badly=difference is not None and abs(difference) / outline.area_m2 > rules.area_rel,
        source_crs=outline.source_crs,
        parcels=tuple(
            Parcel(number, part.area, len(part.interiors), sum(len(ring.coords) - 1 for ring in _rings(part)))
            for number, part in enumerate(shape.geoms, start=1)
        ),
        repairs=tuple(wording.repair_words(outline.repairs)),
        shape=shape,
    )


def points_of(shape: MultiPolygon, frame: Frame) -> list[PointRow]:
    """List the corner points, numbered through each parcel; a closing point is none."""
    turned = degrees.to_degrees(shape, frame.work_crs)
    rows = []
    for number, (part, other) in enumerate(zip(shape.geoms, turned.geoms, strict=True), start=1):
        place = 0
        for circle, (ring, turned_ring) in enumerate(zip(_rings(part), _rings(other), strict=True), start=1):
            metres, angles = shapely.get_coordinates(ring)[:-1], shapely.get_coordinates(turned_ring)[:-1]
            for (east, north), (lon, lat) in zip(metres, angles, strict=True):
                place += 1
                rows.append(PointRow(number, circle, f"J{place}", north, east, lat, lon))
    return rows


def _rings(part: Polygon) -> Iterator[shapely.LinearRing]:
    yield part.exterior
    yield from part.interiors
