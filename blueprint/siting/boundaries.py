"""Take in a boundary: uploaded as a file, drawn as GeoJSON, or typed as a table of corner points (界址点).

All three end in `blueprint.geometry.reading`, so that the same rules hold and the same repairs are told.
"""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import shapely
from django.utils.translation import gettext as _

from blueprint.geometry import reading
from blueprint.geometry.frame import Frame
from blueprint.geometry.shapes import FileUnusable, SiteShape
from blueprint.siting.states import SiteOrigin
from portal.core import files
from portal.core.errors import InvalidInput

#: formats of an upload, as the file store names them
FORMATS = ("geojson", "zip", "dxf", "txt")
SUFFIXES = (".geojson", ".json", ".zip", ".dxf", ".txt")
MAX_BYTES = 50 << 20
#: what may come out of a zip while its person waits; layers, which may be larger, are not read in a request
MAX_UNPACKED = 200 << 20
#: of a site; a boundary with more comes from a scan or from an unsplit layer
MOST_VERTICES = 20_000
MOST_TYPED = 200_000
#: fields of the page and of the API, at which a fault is told
FILE, DRAWN, TYPED, DECLARED = "file", "drawn", "points", "declared_m2"

_SEPARATORS = re.compile(r"[\s,，;；、]+")
_HAS_DIGIT = re.compile(r"\d")
_MOST_CIRCLES = 1000


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary that was read and can be used."""

    shape: SiteShape
    origin: SiteOrigin
    file_name: str = ""
    typed: str = ""
    """What was drawn or typed, for showing it again."""
    upload: files.Upload | None = None
    """The file, to be kept in the private store when the boundary is."""


class BoundaryRefused(InvalidInput):
    """What was brought is no boundary; `fields` names the input with the sentence that says what to do."""


def from_upload(upload: files.Upload, *, frame: Frame, crs: str = "") -> Boundary:
    """Read an uploaded file; nothing is kept yet.

    :param crs: the system the coordinates are in, where the person says so; else what the file says
    :raises BoundaryRefused: with a code of the contract, told at `file`
    """
    name = (upload.name or "").rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise _refused(FILE, "unreadable", _suffix_words(suffix))
    if (upload.size or 0) > MAX_BYTES:
        raise _refused(FILE, "too_large", _too_large(upload.size or 0, MAX_BYTES))
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        path = Path(folder) / f"site{suffix}"
        with path.open("wb") as copy:
            for chunk in upload.chunks():
                copy.write(chunk)
        unpacked = _unpacked(path)
        if unpacked > MAX_UNPACKED:
            raise _refused(FILE, "too_large", _too_large(unpacked, MAX_UNPACKED))
        shape = _read(path, FILE, frame, crs)
    return Boundary(shape, SiteOrigin.UPLOADED, file_name=name[-200:], upload=upload)


def from_geojson(text: str, *, frame: Frame) -> Boundary:
    """Read what was drawn on the map or pasted: GeoJSON in degrees of CGCS2000, unless it names another system.

    :raises BoundaryRefused: told at `drawn`
    """
    if not text.strip():
        raise _refused(DRAWN, "empty_file", _("还没有画红线。请在图上画出地块，或粘贴 GeoJSON。"))
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _refused(DRAWN, "unreadable", _("这不是 GeoJSON。请在图上重画，或从制图软件导出 GeoJSON 后整段粘贴。"))
    with _written(text.encode(), ".geojson") as path:
        shape = _read(path, DRAWN, frame, "")
    return Boundary(shape, SiteOrigin.DRAWN, typed=text)


def from_points(text: str, *, frame: Frame, declared_m2: float | None = None) -> Boundary:
    """Read a typed or pasted table of corner points.

    One point a line: `X Y`, `圈号 X Y` or `点号 圈号 X Y`, X north and Y east; an empty line begins another parcel.
    :raises BoundaryRefused: told at `points`, with the number of the line
    """
    parcels = _parcels(text)
    if not parcels:
        raise _refused(TYPED, "empty_file", _("还没有填界址点。一行一个点：点号、圈号、X（北）、Y（东）。"))
    with _written(_boundary_txt(parcels, declared_m2).encode(), ".txt") as path:
        shape = _read(path, TYPED, frame, "")
    return Boundary(shape, SiteOrigin.TYPED, typed=text)


@contextmanager
def _written(content: bytes, suffix: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        path = Path(folder) / f"site{suffix}"
        path.write_bytes(content)
        yield path


def _read(path: Path, field: str, frame: Frame, crs: str) -> SiteShape:
    try:
        shape = reading.read_site(path, frame=frame, crs=crs or None)
    except FileUnusable as fault:
        raise _refused(field, fault.code, str(fault.message)) from fault
    except ValueError as fault:
        raise _refused(field, "crs_unsupported", _("不认识这个坐标系。请从列表里选，或留空按文件所写。")) from fault
    count = int(shapely.get_num_coordinates(shape.geometry))
    if count > MOST_VERTICES:
        words = {"found": f"{count:,}", "most": f"{MOST_VERTICES:,}"}
        message = _("边界有 %(found)s 个顶点，超过 %(most)s 个。请在制图软件里简化（保留拐点即可）后再试。") % words
        raise _refused(field, "too_many_points", message)
    return shape


def _refused(field: str, code: str, message: str) -> BoundaryRefused:
    return BoundaryRefused(message, code=code, fields={field: message})


def _suffix_words(suffix: str) -> str:
    return _("不收 %(suffix)s 文件。请上传 GeoJSON、SHP（打包成 zip）、DXF 或界址点 txt。") % {
        "suffix": suffix or _("没有扩展名的")
    }


def _unpacked(path: Path) -> int:
    """Return how much a zip says it holds; 0 for what is none, whose reader says so."""
    if not zipfile.is_zipfile(path):
        return 0
    try:
        with zipfile.ZipFile(path) as packed:
            return sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return 0


def _too_large(size: int, most: int) -> str:
    words = {"size": files.human_size(size), "most": files.human_size(most)}
    return _("文件 %(size)s，超过 %(most)s。红线文件通常只有几十 KB，请只导出本项目的边界后再上传。") % words


@dataclass(frozen=True, slots=True)
class _Point:
    circle: int
    north: str
    east: str


def _parcels(text: str) -> list[list[_Point]]:
    """Split the lines into parcels.

    :raises BoundaryRefused: a line is no point
    """
    if len(text) > MOST_TYPED:
        raise _refused(TYPED, "too_many_points", _("内容太长。点很多时请改为上传界址点 txt 文件。"))
    parcels: list[list[_Point]] = [[]]
    for number, raw in enumerate(unicodedata.normalize("NFKC", text).splitlines(), start=1):
        line = raw.strip()
        if not line:
            parcels.append([])
        elif _HAS_DIGIT.search(line):
            parcels[-1].append(_point(line, number))
        elif parcels[-1]:
            raise _refused(TYPED, "unreadable", _line_words(number))
        # a line of words before the first point is the head of the table
    return [points for points in parcels if points]


def _point(line: str, number: int) -> _Point:
    parts = [part for part in _SEPARATORS.split(line) if part]
    if len(parts) not in (2, 3, 4):
        raise _refused(TYPED, "unreadable", _line_words(number))
    *before, north, east = parts
    circle = before[-1] if before else "1"
    if len(before) == 1 and not circle.isdigit():
        # a name and one coordinate: something is missing
        raise _refused(TYPED, "unreadable", _line_words(number))
    if not circle.isascii() or not circle.isdigit() or not 0 < int(circle) < _MOST_CIRCLES:
        raise _refused(TYPED, "unreadable", _("第 %d 行的圈号应是从 1 起的整数：1 是外圈，2 起是里面的洞。") % number)
    if not (_is_number(north) and _is_number(east)):
        raise _refused(TYPED, "unreadable", _line_words(number))
    return _Point(int(circle), north, east)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,12})?", text) is not None


def _line_words(number: int) -> str:
    return _("第 %d 行看不懂。一行一个点，用空格、逗号或制表符分开：点号、圈号、X（北）、Y（东）。") % number


def _boundary_txt(parcels: list[list[_Point]], declared_m2: float | None) -> str:
    """Write the points as the file they would have come in; the area stands with the first parcel."""
    lines = ["[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "计量单位=米", "[地块坐标]"]
    for number, points in enumerate(parcels, start=1):
        hectares = f"{declared_m2 / 10_000:.8f}" if declared_m2 is not None and number == 1 else ""
        lines.append(f"{len(points)},{hectares},{number},,面,,,,@")
        lines += [f"J{place},{point.circle},{point.north},{point.east}" for place, point in enumerate(points, start=1)]
    return "\r\n".join(lines) + "\r\n"
