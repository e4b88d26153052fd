"""Write a site into the formats it is read from. What is written here and read again is the same to the millimetre."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import shapely

from blueprint.geometry import attributes, systems
from blueprint.geometry.formats import shapewriter, textwriter
from blueprint.geometry.formats.dxfwriter import drawing
from blueprint.geometry.frame import Frame
from blueprint.geometry.shapes import SiteShape

#: of a degree; a hundredth of a millimetre
DEGREE_PLACES = 10


def write(
    shape: SiteShape, file_format: str, frame: Frame, *, made_on: date, made_by: str = "", encoding: str = "utf-8"
) -> bytes:
    """Write a site as a file.

    :param file_format: geojson (degrees), shp (zipped), dxf or txt (all in the work CRS)
    :param made_by: who says so, for formats that name it
    :param encoding: of the txt; older programs want gb18030
    :raises KeyError: there is no such format
    """
    writers: dict[str, Callable[[], bytes]] = {
        "geojson": lambda: _geojson(shape, frame),
        "shp": lambda: shapewriter.zipped(shape, frame, made_on=made_on),
        "dxf": lambda: drawing(shape),
        "txt": lambda: textwriter.points(shape, frame, made_on=made_on, made_by=made_by).encode(encoding, "replace"),
    }
    return writers[file_format]()


def _geojson(shape: SiteShape, frame: Frame) -> bytes:
    def degrees(xy: Any) -> Any:
        return systems.transform(xy, frame.work_crs, systems.DEGREES).round(DEGREE_PLACES)

    turned = shapely.orient_polygons(shapely.transform(shape.geometry, degrees))
    feature = {
        "type": "Feature",
        "properties": attributes.named(shape.attributes),
        "geometry": json.loads(shapely.to_geojson(turned)),
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False).encode()
