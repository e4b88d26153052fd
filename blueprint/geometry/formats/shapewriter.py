"""A zipped shapefile with one record: the polygons of a site, in the work CRS, with UTF-8 text."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date
from typing import Any

import numpy as np
import shapely

from blueprint.geometry import attributes, systems
from blueprint.geometry.formats.shapefile import FILE_CODE, HEAD
from blueprint.geometry.frame import Frame
from blueprint.geometry.shapes import SiteShape

POLYGON = 5
VERSION = 1000
DBASE_III = 3
#: name in `attributes.named` -> name and type of its field; text is as long as it may be in a DBF
FIELDS = {
    "fid": ("BSM", "C"),
    "name": ("MC", "C"),
    "use": ("YDDM", "C"),
    "far": ("RJL", "N"),
    "density": ("JZMD", "N"),
    "green": ("LDL", "N"),
    "height": ("JZGD", "N"),
    "project_code": ("XMDM", "C"),
    "related_codes": ("GLXM", "C"),
    "area_m2": ("MJ", "N"),
}
TEXT_LENGTH = 254
NUMBER_LENGTH, DECIMALS = 19, 4


def zipped(shape: SiteShape, frame: Frame, *, made_on: date) -> bytes:
    """Write .shp, .shx, .dbf, .prj and .cpg."""
    record = _record(shape)
    bounds = struct.pack("<4d", *shape.geometry.bounds) + bytes(32)
    body = struct.pack(">ii", 1, len(record) // 2) + record
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for ending, part in {
            ".shp": _head(HEAD + len(body), bounds) + body,
            ".shx": _head(HEAD + 8, bounds) + struct.pack(">ii", HEAD // 2, len(record) // 2),
            ".dbf": _table(shape, made_on),
            ".prj": systems.wkt(frame.work_crs).encode(),
            ".cpg": b"UTF-8",
        }.items():
            entry = zipfile.ZipInfo(f"site{ending}", (made_on.year, made_on.month, made_on.day, 0, 0, 0))
            packed.writestr(entry, part, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _head(size: int, bounds: bytes) -> bytes:
    return struct.pack(">7i", FILE_CODE, 0, 0, 0, 0, 0, size // 2) + struct.pack("<ii", VERSION, POLYGON) + bounds


def _record(shape: SiteShape) -> bytes:
    """Write all rings as parts: outer ones clockwise, holes the other way."""
    turned = shapely.orient_polygons(shape.geometry, exterior_cw=True)
    rings = [np.asarray(ring.coords) for polygon in turned.geoms for ring in (polygon.exterior, *polygon.interiors)]
    starts = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])]).astype("<i4")
    return (
        struct.pack("<i4d", POLYGON, *shape.geometry.bounds)
        + struct.pack("<ii", len(rings), int(starts[-1]))
        + starts[:-1].tobytes()
        + np.concatenate(rings).astype("<f8").tobytes()
    )


def _table(shape: SiteShape, made_on: date) -> bytes:
    said = attributes.named(shape.attributes)
    fields = [(name, *FIELDS[name]) for name in FIELDS if name in said]
    cells = [(field, kind, _cell(said[name], kind)) for name, field, kind in fields]
    if not cells:
        # a table must have a field
        cells = [("BSM", "C", _cell("1", "C"))]
    length = 1 + sum(len(cell) for _field, _kind, cell in cells)
    day = (made_on.year - 1900, made_on.month, made_on.day)
    head = struct.pack("<4BIHH20x", DBASE_III, *day, 1, 33 + 32 * len(cells), length)
    for field, kind, cell in cells:
        decimals = DECIMALS if kind == "N" else 0
        head += struct.pack("<11sc4xBB14x", field.encode(), kind.encode(), len(cell), decimals)
    return head + b"\r" + b" " + b"".join(cell for _field, _kind, cell in cells) + b"\x1a"


def _cell(value: Any, kind: str) -> bytes:
    if kind == "N":
        return f"{value:{NUMBER_LENGTH}.{DECIMALS}f}".encode()[:NUMBER_LENGTH]
    text = ";".join(value) if isinstance(value, list) else str(value)
    # cut at a character, not in one
    return text.encode()[:TEXT_LENGTH].decode("utf-8", "ignore").encode().ljust(TEXT_LENGTH)
