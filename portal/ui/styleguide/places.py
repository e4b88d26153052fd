"""The map of the style guide: an invented parcel with a hole and the findings on it."""

from __future__ import annotations

from typing import Any

from portal.ui import maps

_PLANE = maps.Plane(epsg=4526, lon0=114.0, east0=38_500_000.0)
_WEST, _SOUTH = 113.45, 22.32


def _box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """Return a closed ring, in thousandths of a degree from the corner of the picture."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[round(_WEST + x / 1000, 6), round(_SOUTH + y / 1000, 6)] for x, y in corners]


def site_map() -> dict[str, Any]:
    """Return a site with two findings."""
    site = maps.feature({"type": "Polygon", "coordinates": [_box(0, 0, 3, 2), _box(1, 0.6, 1.4, 1)]}, id="site")
    findings = [
        maps.feature({"type": "Polygon", "coordinates": [_box(2.4, 0, 3, 2)]}, id="F1", tone="stop", label="1"),
        maps.feature({"type": "Polygon", "coordinates": [_box(0, 1.5, 2, 2)]}, id="F2", tone="review", label="2"),
    ]
    return maps.view(
        plane=_PLANE,
        bounds=((113.0, 22.0), (115.0, 23.0)),
        overlays=[
            maps.Overlay(id="site", features=maps.collection([site]), tone="site", fill=0.12),
            maps.Overlay(id="findings", features=maps.collection(findings), fill=0.4),
        ],
        draw=maps.Draw(field="styleguide-boundary"),
        label="观澜花园的红线和两条核查结果",
    )
