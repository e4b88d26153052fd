"""A version as a file, in the formats it could have come in: written here and read again it is the same."""

from __future__ import annotations

from blueprint.geometry import writing
from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.geometry.stored import shape_of
from blueprint.layers import frames
from blueprint.siting.models import SiteVersion
from portal.citypack import queries as citypack
from portal.core import clock

#: format of `geometry.writing` -> ending of the file, content type
FORMATS = {
    "geojson": (".geojson", "application/geo+json"),
    "shp": (".zip", "application/zip"),
    "dxf": (".dxf", "image/vnd.dxf"),
    "txt": (".txt", "text/plain; charset=utf-8"),
}
_LISTS = ("related_codes",)


def written(version: SiteVersion, file_format: str) -> bytes:
    """Write a version as a file.

    :raises KeyError: there is no such format
    """
    frame = frames.frame()
    return writing.write(
        site_shape(version),
        file_format,
        frame,
        made_on=clock.day_of(version.entered_at),
        made_by=str(citypack.current().documents["city"]["name"]),
    )


def site_shape(version: SiteVersion) -> SiteShape:
    """Return a version as it was read."""
    given = {key: value for key, value in version.attributes.items() if key in Attributes._fields}
    for key in _LISTS:
        if key in given:
            given[key] = tuple(given[key])
    return SiteShape(
        geometry=shape_of(version.geom),
        attributes=Attributes(**given),
        source_crs=f"EPSG:{version.work_crs}",
    )
