"""The city's frame: the coordinate system everything is computed in, and where the city lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Frame:
    """Where shapes live. Areas and lengths are planar in the work CRS; coordinates are east, north in metres."""

    work_crs: int
    """EPSG number of the 3-degree zone with zone prefix, say 4526."""
    crs_without_zone: int
    """EPSG number of the same zone without the prefix, say 4547."""
    lon: tuple[float, float]
    """Extent in degrees of CGCS2000, west and east."""
    lat: tuple[float, float]
    """Extent in degrees of CGCS2000, south and north."""

    @classmethod
    def from_city(cls, city: Mapping[str, Any]) -> Frame:
        """Take the frame from the document city.yaml of a pack."""
        west, east = city["extent"]["lon"]
        south, north = city["extent"]["lat"]
        return cls(
            work_crs=city["work_crs"],
            crs_without_zone=city["crs_without_zone"],
            lon=(float(west), float(east)),
            lat=(float(south), float(north)),
        )

    @property
    def zone(self) -> int:
        """Return the number of the 3-degree zone, which is the prefix of eastings."""
        return self.work_crs - 4513 + 25
