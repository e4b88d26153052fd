"""What a person brings as a boundary, and where its faults are told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import HttpRequest
from django.utils.translation import gettext as _

from blueprint.geometry import degrees
from blueprint.geometry.frame import Frame
from blueprint.geometry.stored import shape_of
from blueprint.siting import boundaries
from blueprint.siting.boundaries import Boundary, BoundaryRefused
from blueprint.siting.derive import geojson
from blueprint.siting.models import Outline, SiteDraft
from blueprint.siting.states import SiteOrigin
from projects.catalogue import conditions

#: the name of the button says which of the three ways is meant
WAY = "way"
DRAW, UPLOAD, POINTS = "draw", "upload", "points"
_LARGEST_M2 = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """The three ways side by side, each with what stands in it; nothing typed is lost when another one is used."""

    way: str = DRAW
    drawn: str = ""
    points: str = ""
    declared_m2: str = ""
    crs: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def error_pairs(self) -> list[tuple[str, str]]:
        """Return field id and words for the error summary."""
        return list(self.errors.items())

    def with_fault(self, fault: BoundaryRefused) -> Entry:
        """Return the same entry with what is wrong at its field."""
        return replace(self, errors={key: str(words) for key, words in fault.fields.items()})


@dataclass(frozen=True, slots=True)
class SystemChoice:
    """A coordinate system to choose for an uploaded file."""

    value: str
    label: str


def entry_of(request: HttpRequest) -> Entry:
    """Return what a form sent."""
    sent = request.POST
    return Entry(
        way=sent.get(WAY, DRAW),
        drawn=sent.get("drawn", ""),
        points=sent.get("points", ""),
        declared_m2=sent.get("declared_m2", "").strip(),
        crs=sent.get("crs", ""),
    )


def entry_from(outline: Outline | None, frame: Frame) -> Entry:
    """Return a form that begins with a boundary: as it was typed, and as it lies on the map."""
    if outline is None:
        return Entry()
    typed = outline.typed if isinstance(outline, SiteDraft) else ""
    if outline.origin == SiteOrigin.DRAWN and typed:
        drawn = typed
    else:
        shape = degrees.to_degrees(shape_of(outline.geom), frame.work_crs)
        drawn = json.dumps(geojson(shape))
    declared = "" if outline.declared_m2 is None else f"{outline.declared_m2:.2f}"
    return Entry(drawn=drawn, points=typed if outline.origin == SiteOrigin.TYPED else "", declared_m2=declared)


def read(entry: Entry, request: HttpRequest, frame: Frame) -> Boundary:
    """Read what was brought the way its button says.

    :raises BoundaryRefused: with the words at the field
    """
    if entry.way == UPLOAD:
        upload = request.FILES.get(boundaries.FILE)
        if upload is None:
            words = _("还没有选文件。请选择红线文件（GeoJSON、SHP 压缩包、DXF 或界址点 txt）。")
            raise BoundaryRefused(words, code="empty_file", fields={boundaries.FILE: words})
        return boundaries.from_upload(upload, frame=frame, crs=entry.crs)
    if entry.way == POINTS:
        return boundaries.from_points(entry.points, frame=frame, declared_m2=_declared(entry.declared_m2))
    return boundaries.from_geojson(entry.drawn, frame=frame)


def systems(frame: Frame) -> list[SystemChoice]:
    """List the systems a file of the city is usually in."""
    meridian = frame.zone * 3
    return [
        SystemChoice("", _("按文件所写")),
        SystemChoice(f"EPSG:{degrees.CGCS2000}", _("经纬度（EPSG:4490）")),
        SystemChoice(
            f"EPSG:{frame.work_crs}",
            _("投影坐标，带 %(zone)d 带号（EPSG:%(epsg)d）") % {"zone": frame.zone, "epsg": frame.work_crs},
        ),
        SystemChoice(
            f"EPSG:{frame.crs_without_zone}",
            _("投影坐标，不带带号，中央经线 %(meridian)d°（EPSG:%(epsg)d）")
            % {"meridian": meridian, "epsg": frame.crs_without_zone},
        ),
    ]


def _declared(typed: str) -> float | None:
    if not typed:
        return None
    value = conditions.number(typed)
    if value is None or not 0 < value <= _LARGEST_M2:
        words = _("申报面积请填大于 0 的平方米数，不带单位；不知道可以不填。")
        raise BoundaryRefused(words, code="invalid", fields={boundaries.DECLARED: words})
    return float(value)
