"""Maps of the city's plane for the pages of this area: the frame of the pack and the layers an actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import GEOSGeometry
from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from blueprint.geometry import degrees
from blueprint.geometry.frame import Frame
from blueprint.geometry.stored import shape_of
from blueprint.layers import frames, land_use, tree
from blueprint.layers.models import Edition, Feature
from portal.citypack import queries as citypack
from portal.core.actor import Actor
from portal.ui import maps
from portal.ui.maps import Degrees, Draw, Overlay, Plane

_DAY = 24 * 3600
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


def view(
    *,
    overlays: Iterable[Overlay] = (),
    draw: Draw | None = None,
    label: str = "",
    actor: Actor | None = None,
    opens_on: tuple[Degrees, Degrees] | None = None,
) -> dict[str, Any]:
    """Return a map of the city for components/_map.html; it opens on the overlays, else where told, else where the city
    has data.

    The ground under it are the layers the pack shows at the start, as far as the actor, or a visitor, may see them.

    :param opens_on: two corners in degrees, for a map without overlays; the reader may still go anywhere in the city
    :raises NoPack: no pack was loaded yet
    """
    frame = frames.frame()
    corners = ((frame.lon[0], frame.lat[0]), (frame.lon[1], frame.lat[1]))
    reader, overlays = actor or Actor.anonymous(), list(overlays)
    bounds = opens_on or (None if overlays else extent(reader, frame)) or corners
    tiles = tree.base_tiles(reader)
    shown = maps.view(plane=plane_of(frame), bounds=bounds, overlays=overlays, tiles=tiles, draw=draw, label=label)
    return {**shown, "limits": [list(corner) for corner in corners]}


def whole(actor: Actor, found: tree.Tree) -> dict[str, Any]:
    """Return the map of the blueprint's page: every layer the actor may see can be switched on."""
    frame = frames.frame()
    corners = ((frame.lon[0], frame.lat[0]), (frame.lon[1], frame.lat[1]))
    label = _("一张蓝图")
    documents = citypack.current().documents
    uses = land_use.LandUses.read(documents)
    return {
        **maps.view(plane=plane_of(frame), bounds=extent(actor, frame) or corners, label=label),
        "limits": [list(corner) for corner in corners],
        "catalogue": tree.catalogue(found),
        "uses": [{"code": each.code, "name": each.name, "fill": each.fill} for each in uses.classes.values()],
        "names": {line.layer.code: line.layer.name for line in found.lines},
        "checks": {row["id"]: row["name"] for row in documents["layers"]["checks"]},
    }


def extent(actor: Actor, frame: Frame) -> tuple[Degrees, Degrees] | None:
    """Return where the layers that are on at the start lie, in degrees; None without any."""
    shown = Edition.objects.visible_to(actor).current().filter(layer__is_shown=True)
    editions = sorted(shown.values_list("pk", flat=True))
    # Editions never change, so neither does their extent, and reading all their shapes takes its time.
    key = f"extent:{'-'.join(map(str, editions))}"
    box = cache.get(key) if editions else None
    if box is None and editions:
        box = Feature.objects.of_editions(editions).aggregate(box=Extent("geom"))["box"]
        cache.set(key, box, _DAY)
    return _in_degrees(box, frame)


def extent_of_region(code: str, *, layers: Sequence[str], actor: Actor) -> tuple[Degrees, Degrees] | None:
    """Return where a region of the city lies, in degrees, by the first of these layers that knows it; None: none does.

    A feature is the region's by its number or by its name, as siting reads it.
    """
    regions = citypack.current().documents["city"]["regions"]
    name = next((str(row["name"]) for row in regions if str(row["code"]) == code), "")
    editions = Edition.objects.visible_to(actor).current().filter(layer__in=layers)
    known = Q(fid=code) | Q(name=name) if name else Q(fid=code)
    found = dict(
        Feature.objects.filter(known, edition__in=editions)
        .values_list("edition__layer")
        .annotate(box=Extent("geom"))
        .values_list("edition__layer", "box")
    )
    return _in_degrees(next((found[layer] for layer in layers if layer in found), None), frames.frame())


def _in_degrees(box: tuple[float, float, float, float] | None, frame: Frame) -> tuple[Degrees, Degrees] | None:
    if box is None:
        return None
    west_south, east_north = (box[0], box[1]), (box[2], box[3])
    return degrees.from_plane(west_south, frame.work_crs), degrees.from_plane(east_north, frame.work_crs)


def shape(geometry: BaseGeometry | GEOSGeometry, *, work_crs: int, **properties: Any) -> dict[str, Any]:
    """Return a shape of the plane as a GeoJSON feature for an overlay."""
    plain = shape_of(geometry) if isinstance(geometry, GEOSGeometry) else geometry
    return maps.feature(degrees.geojson(plain, work_crs), **properties)
