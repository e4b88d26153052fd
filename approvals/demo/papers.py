"""The papers that the stories hand in: one small real file per material, clearly marked as a demonstration."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from approvals.demo.story import Site
from portal.core import pdf
from projects.catalogue.definitions import MaterialDef

METRES_PER_DEGREE = 110_700
"""Along a meridian at the latitudes of the demo."""

_printed: dict[tuple[str, int], bytes] = {}


@dataclass(frozen=True, slots=True)
class Parcel:
    """The site of a project, drawn at random near the point of its region.

    :param east: metres from the region's point, as `north`
    :param area_m2: of the site
    """

    site: Site
    east: int
    north: int
    area_m2: float

    @property
    def width(self) -> float:
        """Return its width in metres; it is a rectangle a quarter wider than deep."""
        return round(math.sqrt(self.area_m2 * 1.25), 3)

    @property
    def depth(self) -> float:
        """Return its depth in metres."""
        return round(self.area_m2 / self.width, 3)

    @property
    def lonlat(self) -> list[float]:
        """Return its south-western corner in degrees; good to some metres, which is enough for a demonstration."""
        return self._degrees(0, 0)

    @property
    def outline(self) -> dict[str, Any]:
        """Return its boundary as GeoJSON."""
        corners = ((0, 0), (self.width, 0), (self.width, self.depth), (0, self.depth), (0, 0))
        return {"type": "Polygon", "coordinates": [[self._degrees(east, north) for east, north in corners]]}

    def _degrees(self, east: float, north: float) -> list[float]:
        lon, lat = self.site.lonlat
        metres = METRES_PER_DEGREE * math.cos(math.radians(lat))
        return [
            round(lon + (self.east + east) / metres, 6),
            round(lat + (self.north + north) / METRES_PER_DEGREE, 6),
        ]


def of(material: MaterialDef, *, draft: int, project: str, parcel: Parcel) -> SimpleUploadedFile:
    """Make a file in a format the material takes.

    :param draft: 1 for the first, 2 for the mended one: their contents differ
    """
    stem = material.name.split("(")[0].split("（")[0]
    if "pdf" in material.formats:
        return SimpleUploadedFile(f"{stem}.pdf", _page(material, draft))
    if "txt" in material.formats:
        return SimpleUploadedFile(f"{stem}.txt", _boundary(project, parcel, draft))
    if "dwg" in material.formats:
        return SimpleUploadedFile(f"{stem}.dwg", b"AC1032" + bytes([draft]) + b"\0" * 250)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{material.id}.txt"), f"{material.name} {draft}")
    return SimpleUploadedFile(f"{stem}.zip", content.getvalue())


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


def _boundary(project: str, parcel: Parcel, draft: int) -> bytes:
    """Write the corners of a parcel as a 界址点 file (domain.md 5.1): northing first, CRLF, GBK."""
    west, south = parcel.site.easting + parcel.east, parcel.site.northing + parcel.north + draft - 1
    width, depth = parcel.width, parcel.depth
    corners = [(south + depth, west), (south + depth, west + width), (south, west + width), (south, west)]
    lines = [
        "[属性描述]",
        "格式版本号=1.01版本",
        "坐标系=2000国家大地坐标系",
        "几度分带=3",
        "投影类型=高斯克吕格",
        "计量单位=米",
        f"带号={int(parcel.site.easting // 1_000_000)}",
        "精度=0.001",
        "转换参数=,,,,,,",
        "[地块坐标]",
        f"5,{parcel.area_m2 / 10_000:.4f},001,{project},面,,,,@",
        *(f"J{number % 4 + 1},1,{corners[number % 4][0]:.3f},{corners[number % 4][1]:.3f}" for number in range(5)),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("gbk", errors="replace")
