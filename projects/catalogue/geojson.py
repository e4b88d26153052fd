"""Read the geometry out of GeoJSON (RFC 7946) and check its syntax, nothing else. Pure, and without GIS.

Whether a red line lies in the city and closes without crossing itself is asked by the blueprint.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

#: lists around one position, by type
_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_SHORTEST_LINE = 2
_SHORTEST_RING = 4
MAX_POSITIONS = 50_000


class NotGeoJson(ValueError):
    """A text or object that holds no geometry."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def geometry(document: object) -> dict[str, Any]:
    """Return the geometry of a geometry, a feature or a collection; foreign members are left behind.

    :raises NotGeoJson: with a sentence that says what to do
    """
    found = _geometries(document)
    if sum(_count(part["coordinates"]) for part in found) > MAX_POSITIONS:
        raise NotGeoJson(_("图形超过 %(limit)d 个点。请先简化。") % {"limit": MAX_POSITIONS})
    return found[0] if len(found) == 1 else {"type": "GeometryCollection", "geometries": found}


def _geometries(document: object) -> list[dict[str, Any]]:
    if isinstance(document, Mapping):
        kind = document.get("type")
        if kind == "Feature":
            inner = document.get("geometry")
            if isinstance(inner, Mapping) and inner.get("type") not in ("Feature", "FeatureCollection"):
                return _geometries(inner)
        elif kind in ("FeatureCollection", "GeometryCollection"):
            members = document.get("features" if kind == "FeatureCollection" else "geometries")
            # Collections in collections are discouraged by RFC 7946, section 3.1.8, and may nest without end.
            if isinstance(members, list) and members and not any(_is_collection(member) for member in members):
                return [part for member in members for part in _geometries(member)]
        elif isinstance(kind, str) and kind in _DEPTHS:
            return [{"type": kind, "coordinates": _coordinates(kind, document.get("coordinates"))}]
    raise NotGeoJson(_("这不是 GeoJSON 图形。请从制图软件导出 GeoJSON 后再粘贴，或在图上重画。"))


def _is_collection(document: object) -> bool:
    return isinstance(document, Mapping) and document.get("type") in ("FeatureCollection", "GeometryCollection")


def _coordinates(kind: str, value: object) -> list[Any]:
    checked = _nested(value, _DEPTHS[kind])
    if kind in ("Polygon", "MultiPolygon"):
        rings = checked if kind == "Polygon" else [ring for polygon in checked for ring in polygon]
        if any(len(ring) < _SHORTEST_RING or ring[0] != ring[-1] for ring in rings):
            raise NotGeoJson(_("面的边界没有闭合：每一圈至少 4 个点，首尾两点相同。请在制图软件里闭合后再导出。"))
    elif kind in ("LineString", "MultiLineString"):
        lines = [checked] if kind == "LineString" else checked
        if any(len(line) < _SHORTEST_LINE for line in lines):
            raise NotGeoJson(_("线至少要有 2 个点。请核对图形。"))
    return checked


def _nested(value: object, depth: int) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise NotGeoJson(_("图形里没有坐标。请核对导出的文件。"))
    if depth:
        return [_nested(part, depth - 1) for part in value]
    if len(value) not in (2, 3) or not all(_is_number(part) for part in value):
        raise NotGeoJson(_("坐标应是数字，每个点两个或三个。请核对导出的文件。"))
    return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _count(coordinates: list[Any]) -> int:
    if not isinstance(coordinates[0], list):
        return 1
    return sum(_count(part) for part in coordinates)
