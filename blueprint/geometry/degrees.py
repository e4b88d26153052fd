"""From the plane of the city to degrees of CGCS2000, for what is shown. Nothing is computed in degrees."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.enums import TransformDirection
from shapely.geometry.base import BaseGeometry

#: EPSG number of CGCS2000, in degrees
CGCS2000 = 4490
#: decimals of a degree that are kept: a tenth of a millimetre
_DECIMALS = 9


@lru_cache(maxsize=8)
def _transformer(work_crs: int) -> Transformer:
    return Transformer.from_crs(work_crs, CGCS2000, always_xy=True)


def to_degrees(geometry: BaseGeometry, work_crs: int) -> BaseGeometry:
    """Return a shape of the plane in degrees, longitude first."""

    def project(points: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        lon, lat = _transformer(work_crs).transform(points[:, 0], points[:, 1])
        return np.column_stack([np.round(lon, _DECIMALS), np.round(lat, _DECIMALS)])

    projected: BaseGeometry = shapely.transform(geometry, project)
    return projected


def geojson(geometry: BaseGeometry, work_crs: int) -> dict[str, Any]:
    """Return a shape of the plane as a GeoJSON geometry in degrees."""
    shape: dict[str, Any] = shapely.geometry.mapping(to_degrees(geometry, work_crs))
    return shape


def from_plane(place: tuple[float, float], work_crs: int) -> tuple[float, float]:
    """Return a place of the plane (east, north) in degrees, longitude first."""
    lon, lat = _transformer(work_crs).transform(*place)
    return round(float(lon), _DECIMALS), round(float(lat), _DECIMALS)


def to_plane(place: tuple[float, float], work_crs: int) -> tuple[float, float]:
    """Return a place in degrees, longitude first, in the plane (east, north)."""
    east, north = _transformer(work_crs).transform(*place, direction=TransformDirection.INVERSE)
    return float(east), float(north)
