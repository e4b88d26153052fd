"""Files as other programs write them: GDAL for SHP and GeoPackage, ezdxf for DXF, plain text for the others."""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pyogrio.raw
import shapely

from blueprint.geometry.frame import Frame

FRAME = Frame(work_crs=4526, crs_without_zone=4547, lon=(113.0, 115.0), lat=(22.0, 23.0))
#: the origin of the contract's worked examples, in the work CRS
EAST, NORTH = 38_440_000.0, 2_465_000.0
Points = Sequence[tuple[float, float]]
SITE: Points = ((0, 0), (300, 0), (300, 200), (0, 200))


def box(west: float, south: float, east: float, north: float) -> Points:
    return ((west, south), (east, south), (east, north), (west, north))


def at(points: Points, *, east: float = EAST, north: float = NORTH) -> list[list[float]]:
    """Move points from the origin of the examples to the city, and close the ring."""
    moved = [[east + x, north + y] for x, y in points]
    return moved if moved[0] == moved[-1] else [*moved, moved[0]]


def polygon(*rings: Points, **move: float) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [at(ring, **move) for ring in rings]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Any, crs: str | None = "urn:ogc:def:crs:EPSG::4526") -> dict[str, Any]:
    root: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        root["crs"] = {"type": "name", "properties": {"name": crs}}
    return root


def write_json(folder: Path, content: Any, name: str = "site.geojson") -> Path:
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def write_ogr(
    path: Path,
    shapes: Iterable[shapely.Geometry | None],
    *,
    crs: str | None = "EPSG:4526",
    fields: Mapping[str, Sequence[Any]] | None = None,
    encoding: str | None = None,
) -> Path:
    geometry = np.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], object)
    fields = fields or {"fid_": [str(number) for number in range(len(geometry))]}
    pyogrio.raw.write(
        str(path),
        geometry,
        [np.array(values, object if isinstance(values[0], str) else None) for values in fields.values()],
        list(fields),
        geometry_type="Unknown" if path.suffix == ".gpkg" else "Polygon",
        crs=crs,
        encoding=encoding,
        promote_to_multi=False,
    )
    return path


def zipped(shp: Path, *, under: str = "", without: Sequence[str] = (), name: str = "site.zip") -> Path:
    """Pack a shapefile with its companions."""
    target = shp.parent / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in sorted(shp.parent.glob(f"{shp.stem}.*")):
            if part.suffix not in (".zip", *without):
                packed.write(part, f"{under}{part.name}")
    return target


def write_dxf(path: Path, *polylines: Mapping[str, Any]) -> Path:
    """Write polylines: points, layer, closed, old (POLYLINE instead of LWPOLYLINE)."""
    document = ezdxf.new("R2010")
    space = document.modelspace()
    for polyline in polylines:
        points = [
            (EAST + point[0], NORTH + point[1], point[2] if len(point) > 2 else 0) for point in polyline["points"]
        ]
        attributes = {"layer": polyline.get("layer", "0")}
        closed = polyline.get("closed", True)
        if polyline.get("old"):
            space.add_polyline2d(points, format="xyb", close=closed, dxfattribs=attributes)
        else:
            space.add_lwpolyline(points, format="xyb", close=closed, dxfattribs=attributes)
    document.saveas(path)
    return path
