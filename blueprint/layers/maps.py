"""Maps of the city's plane for the pages of this area: the frame of the pack and the layers an actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

from blueprint.geometry import degrees
from blueprint.geometry.frame import Frame
from blueprint.layers import frames
from portal.ui import maps
from portal.ui.maps import Draw, Overlay, Plane

_FALSE_EASTING = 500_000
_ZONE_PREFIX = 1_000_000
_ZONE_DEGREES = 3


def plane_of(frame: Frame) -> Plane:
    """Return the city's zone as the browser needs it."""
    return Plane(
        epsg=frame.work_crs,
        lon0=float(frame.zone * _ZONE_DEGREES),
        east0=float(frame.zone * _ZONE_PREFIX + _FALSE_EASTING),
    )


def view(*, overlays: Iterable[Overlay] = (), draw: Draw | None = None, label: str = "") -> dict[str, Any]:
    """Return a map of the city for components/_map.html; it opens on the overlays, or on the whole city.

    :raises NoPack: no pack was loaded yet
    """
    frame = frames.frame()
    corners = ((frame.lon[0], frame.lat[0]), (frame.lon[1], frame.lat[1]))
    return maps.view(plane=plane_of(frame), bounds=corners, overlays=overlays, draw=draw, label=label)


def shape(geometry: BaseGeometry | GEOSGeometry, *, work_crs: int, **properties: Any) -> dict[str, Any]:
    """Return a shape of the plane as a GeoJSON feature for an overlay."""
    plain = from_wkb(bytes(geometry.wkb)) if isinstance(geometry, GEOSGeometry) else geometry
    return maps.feature(degrees.geojson(plain, work_crs), **properties)
