"""Shapes between the rows that keep them and the library that computes with them."""

from __future__ import annotations

import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry.base import BaseGeometry


def shape_of(geom: GEOSGeometry) -> BaseGeometry:
    """Read a shape as a row keeps it."""
    return shapely.from_wkb(bytes(geom.wkb))


def geos_of(shape: BaseGeometry) -> GEOSGeometry:
    """Return a shape as a row keeps it."""
    return GEOSGeometry(memoryview(shapely.to_wkb(shape)))
