"""Patches as files: a table for offices, shapes for GIS."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from blueprint.checks.models import Patch
from blueprint.geometry import degrees
from blueprint.geometry.stored import shape_of
from blueprint.reports.meanings import Words
from blueprint.reports.pages.kinds import kind
from portal.core.errors import NotFound

#: what office programs take for the beginning of a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: of the columns in a workbook, in letters
WIDTHS = (9, 12, 22, 14, 16, 12, 12, 16, 16, 12)
#: names of the columns in a shape file, which takes ten letters
COLUMNS = ("code", "kind", "layer", "district", "area_m2", "use_a", "use_b", "offset_m", "owners", "state")


def export(rows: Iterable[Patch], file_format: str, *, words: Words, regions: Mapping[str, str], crs: int) -> bytes:
    """Write patches as csv, xlsx, geojson or shp (a zip).

    :raises NotFound: no such format
    """
    writers: dict[str, Callable[[list[Patch], list[list[object]], int], bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "geojson": _geojson,
        "shp": _shp,
    }
    if file_format not in writers:
        raise NotFound
    listed = list(rows)
    return writers[file_format](listed, [_values(row, words, regions) for row in listed], crs)


def _values(row: Patch, words: Words, regions: Mapping[str, str]) -> list[object]:
    settling = getattr(row, "settling", None)
    return [
        row.code,
        kind(row.kind),
        row.layer.name if row.layer else "",
        regions.get(row.district, ""),
        row.area_m2,
        row.use_a,
        row.use_b,
        row.offset_m,
        _("、").join(words.short_names(row.owners)),
        settling.get_state_display() if settling else "",
    ]


def _heads() -> list[str]:
    heads = [_("编号"), _("类型"), _("图层"), _("行政区"), _("面积（平方米）"), _("甲规划用途"), _("乙规划用途")]
    return [*heads, _("最大偏移（米）"), _("处置部门"), _("处置状态")]


def _csv(rows: list[Patch], values: list[list[object]], crs: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_heads())
    writer.writerows([[_cell(value) for value in line] for line in values])
    # office programs believe a table to be UTF-8 only when it says so
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    """Return a value as a table takes it: a code of land use that begins like a formula must not become one."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _xlsx(rows: list[Patch], values: list[list[object]], crs: int) -> bytes:
    """Write a workbook row by row, so that a hundred thousand patches need no more memory than one."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("差异图斑"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append(_heads())
    for line in values:
        sheet.append([_typed(sheet, value) for value in line])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _typed(sheet: Any, value: object) -> Any:
    """Return a cell that says it is text where it is, so that nothing read from a file becomes a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _geojson(rows: list[Patch], values: list[list[object]], crs: int) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(COLUMNS, line, strict=True)),
            "geometry": degrees.geojson(shape_of(row.geom), crs),
        }
        for row, line in zip(rows, values, strict=True)
    ]
    name = f"urn:ogc:def:crs:EPSG::{degrees.CGCS2000}"
    return json.dumps(
        {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": name}},
            "features": features,
        },
        ensure_ascii=False,
    ).encode()


def _shp(rows: list[Patch], values: list[list[object]], crs: int) -> bytes:
    columns = [np.array([line[place] for line in values], dtype=object) for place in range(len(COLUMNS))]
    numeric = {"area_m2", "offset_m"}
    data = [
        np.array([np.nan if value is None else value for value in column], dtype=float) if name in numeric else column
        for name, column in zip(COLUMNS, columns, strict=True)
    ]
    with tempfile.TemporaryDirectory() as folder:
        pyogrio.raw.write(
            Path(folder) / "patches.shp",
            geometry=shapely.to_wkb(np.array([shape_of(row.geom) for row in rows], dtype=object)),
            field_data=data,
            fields=np.array(COLUMNS),
            geometry_type="Polygon",
            crs=f"EPSG:{crs}",
            driver="ESRI Shapefile",
            encoding="UTF-8",
        )
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    return content.getvalue()
