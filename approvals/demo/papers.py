"""The papers that the stories hand in: one small real file per material, clearly marked as a demonstration."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from approvals.demo.story import Site, Story
from blueprint.ground.lots import Lie, Lot, Polygons
from blueprint.layers import frames
from portal.core import pdf
from projects.catalogue.definitions import MaterialDef

METRES_PER_DEGREE = 110_700
"""Along a meridian at the latitudes of the demo."""

_printed: dict[tuple[str, int], bytes] = {}


@dataclass(frozen=True, slots=True)
class Parcel:
    """The site of a project: polygons of rings, the outer one first, each closed; points east and north in metres."""

    metres: Polygons
    degrees: Polygons
    """The same, longitude first."""
    area_m2: float
    use: str = ""
    """Code of the land use that is applied for."""

    @classmethod
    def of_lot(cls, lot: Lot, *, use: str = "") -> Parcel:
        """Take a lot of the drawn ground."""
        return cls(lot.polygons, lot.degrees, lot.area_m2, use)

    @classmethod
    def near(cls, site: Site, *, east: int, north: int, area_m2: float, use: str = "") -> Parcel:
        """Lay a rectangle, a quarter wider than deep, some metres from the point of a region.

        Its degrees are good to some metres, which is enough where there is no ground.
        """
        width = round(math.sqrt(area_m2 * 1.25), 3)
        depth = round(area_m2 / width, 3)
        corners = ((0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth), (0.0, 0.0))
        lon, lat = site.lonlat
        metres = METRES_PER_DEGREE * math.cos(math.radians(lat))
        placed = tuple((round(site.easting + east + x, 3), round(site.northing + north + y, 3)) for x, y in corners)
        degrees = tuple(
            (round(lon + (east + x) / metres, 6), round(lat + (north + y) / METRES_PER_DEGREE, 6)) for x, y in corners
        )
        return cls(((placed,),), ((degrees,),), area_m2, use)

    @property
    def lonlat(self) -> list[float]:
        """Return the first corner in degrees."""
        return [round(part, 6) for part in self.degrees[0][0][0]]

    @property
    def outline(self) -> dict[str, Any]:
        """Return the boundary as GeoJSON."""
        polygons = [[[list(point) for point in ring] for ring in polygon] for polygon in self.degrees]
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}


def of(material: MaterialDef, *, draft: int, project: str, parcel: Parcel) -> SimpleUploadedFile:
    """Make a file in a format the material takes.

    :param draft: 1 for the first, 2 for the mended one: their contents differ
    """
    stem = material.name.split("(")[0].split("（")[0]
    if "pdf" in material.formats:
        return SimpleUploadedFile(f"{stem}.pdf", _page(material, draft))
    if "txt" in material.formats:
        return SimpleUploadedFile(f"{stem}.txt", boundary(project, parcel, draft))
    if "dwg" in material.formats:
        return SimpleUploadedFile(f"{stem}.dwg", b"AC1032" + bytes([draft]) + b"\0" * 250)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{material.id}.txt"), f"{material.name} {draft}")
    return SimpleUploadedFile(f"{stem}.zip", content.getvalue())


def commitment(*, project: str) -> SimpleUploadedFile:
    """Make the signed promise of an enterprise."""
    if ("commitment", 1) not in _printed:
        _printed["commitment", 1] = pdf.render("pdf/demo_material.html", {"names": [_("告知承诺书")], "draft": 1})
    return SimpleUploadedFile(f"{_('告知承诺书')} {project}.pdf"[:120], _printed["commitment", 1])


def print_ahead(materials: Iterable[MaterialDef], *, draft: int) -> None:
    """Print the pages of several materials at one go, one file each; a material is printed once for all projects.

    Most of a second of printing goes into the font, which the pages share.
    """
    missing = [each for each in materials if "pdf" in each.formats and (each.id, draft) not in _printed]
    if not missing:
        return
    names = [each.name for each in missing]
    pages = PdfReader(io.BytesIO(pdf.render("pdf/demo_material.html", {"names": names, "draft": draft}))).pages
    for material, page in zip(missing, pages, strict=True):
        content = io.BytesIO()
        writer = PdfWriter()
        writer.add_page(page)
        writer.write(content)
        _printed[material.id, draft] = content.getvalue()


def _page(material: MaterialDef, draft: int) -> bytes:
    print_ahead([material], draft=draft)
    return _printed[material.id, draft]


def site(story: Story, parcel: Parcel) -> SimpleUploadedFile:
    """Make the file in which a project's boundary is brought: corner points; with what it means to build, GeoJSON.

    Designers hand over a drawing with figures where the site is to be used otherwise than the plan says.
    """
    if story.lie != Lie.MISMATCH:
        return SimpleUploadedFile("用地红线.txt", boundary(story.name, parcel), "text/plain")
    far = round(story.facts["floor_area_m2"] / parcel.area_m2, 2)
    content = in_plane(parcel.metres, {"MC": story.name, "YDDM": parcel.use, "RJL": far})
    body = json.dumps(content, ensure_ascii=False).encode()
    return SimpleUploadedFile("用地红线.geojson", body, "application/geo+json")


def in_plane(polygons: Polygons, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Write a shape of the city's plane as GeoJSON."""
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{frames.frame().work_crs}"}},
        "features": [{"type": "Feature", "properties": dict(properties), "geometry": geometry}],
    }


def boundary(project: str, parcel: Parcel, draft: int = 1) -> bytes:
    """Write the corners of a parcel as a 界址点 file (domain.md 5.1): northing first, CRLF, GBK."""
    east = parcel.metres[0][0][0][0]
    lines = [
        "[属性描述]",
        "格式版本号=1.01版本",
        f"备注=第 {draft} 稿",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={int(east // 1_000_000)}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
    ]
    for number, polygon in enumerate(parcel.metres, start=1):
        points = [(circle, x, y) for circle, ring in enumerate(polygon, start=1) for x, y in ring]
        hectares = f"{parcel.area_m2 / 10_000:.6f}" if number == 1 else "0"
        lines.append(f"{len(points)},{hectares},{number:03d},{project},面,,,{parcel.use},@")
        lines += [f"J{place},{circle},{y:.3f},{x:.3f}" for place, (circle, x, y) in enumerate(points, start=1)]
    return ("\r\n".join(lines) + "\r\n").encode("gbk", errors="replace")
