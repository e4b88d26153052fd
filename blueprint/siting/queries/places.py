"""Where projects lie, as one point each, for maps of the whole city."""

from __future__ import annotations

from collections.abc import Iterable

from blueprint.geometry import degrees
from blueprint.geometry.stored import shape_of
from blueprint.siting.models import SiteVersion


def places_of(project_ids: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Return a point inside the current boundary of each project that has one, in degrees, longitude first."""
    versions = (
        SiteVersion.objects.filter(site__project__in=list(project_ids))
        .select_related("site")
        .order_by("site_id", "-number")
        .distinct("site_id")
    )
    found: dict[int, tuple[float, float]] = {}
    for version in versions:
        if version.site.project_id is not None:
            point = shape_of(version.geom).representative_point()
            found[version.site.project_id] = degrees.from_plane((point.x, point.y), version.work_crs)
    return found
