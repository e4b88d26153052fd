"""What of a difference is worth a patch. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from blueprint.geometry import overlap


def pieces(geometry: BaseGeometry, tolerance: Mapping[str, float]) -> list[Polygon]:
    """Split a difference into its polygons and drop the slivers and the small ones."""
    kept = overlap.without_slivers(geometry, sliver_m=tolerance["sliver_ratio_m"])
    return [part for part in kept if part.area >= tolerance["area_abs_m2"]]
