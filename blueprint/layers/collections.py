"""Features of an edition as GeoJSON: a page of them, one of them, and the layer as a collection.

Coordinates leave in the reference system asked for, in the axis order that system defines (OGC API - Features, part 2):
CRS84 is longitude, latitude; EPSG:4490 is latitude, longitude; the city's plane is northing, easting.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from blueprint.geometry.frame import Frame
from blueprint.layers.models import Edition
from portal.citypack import queries as citypack
from portal.core.errors import InvalidInput, NotFound

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_CGCS2000 = 4490
DEFAULT_LIMIT, MOST = 100, 10_000
#: decimals of what leaves: a tenth of a millimetre in degrees, the stored hundredth in metres
_DECIMALS = {_CGCS2000: 9}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client wants of a collection."""

    limit: int
    after: int | None
    """Number of the last feature it has."""
    bbox: tuple[float, float, float, float] | None
    """West, south, east, north, in `bbox_srid`, easting or longitude first."""
    bbox_srid: int
    crs: str
    """Reference system of the answer, as an address."""
    srid: int
    flipped: bool
    """The second axis comes first in the answer."""
    is_elsewhere: bool = False
    """The box lies far from the city."""


@dataclass(frozen=True, slots=True)
class Page:
    """Features, and the number after which the next page begins."""

    features: list[dict[str, Any]]
    after: int | None
    matched: int | None
    """How many there are in all; None when a bbox would have to be counted."""


def title() -> str:
    """Name the service."""
    return _("%s · 一张蓝图") % citypack.current().documents["city"]["name"]


def description() -> str:
    """Say in one sentence what it gives."""
    return _("各部门已发布的空间图层，按登录身份可见。")


def crs_list(frame: Frame) -> list[str]:
    """Return the reference systems every collection can be read in."""
    return [CRS84, f"{_EPSG}{_CGCS2000}", f"{_EPSG}{frame.work_crs}"]


def described(edition: Edition, frame: Frame) -> dict[str, Any]:
    """Return a layer as a collection, without links."""
    layer = edition.layer
    return {
        "id": layer.code,
        "title": layer.name,
        "description": f"{layer.subtopic.topic.name} · {layer.subtopic.name}",
        "itemType": "feature",
        "edition": edition.name,
        "dated_on": edition.dated_on.isoformat() if edition.dated_on else None,
        "source": edition.source,
        "extent": {
            "spatial": {"bbox": [[frame.lon[0], frame.lat[0], frame.lon[1], frame.lat[1]]], "crs": CRS84},
        },
        "crs": crs_list(frame),
        "storageCrs": f"{_EPSG}{edition.work_crs}",
    }


def asked(query: Mapping[str, str], frame: Frame) -> Asked:
    """Read what a client wants.

    :raises InvalidInput: a number, a box or a reference system is none
    """
    crs = query.get("crs") or CRS84
    bbox_crs = query.get("bbox-crs") or CRS84
    srid, flipped = _srid(crs, frame, "crs")
    bbox_srid, bbox_flipped = _srid(bbox_crs, frame, "bbox-crs")
    bbox = _box(query["bbox"], flipped=bbox_flipped) if query.get("bbox") else None
    if bbox and bbox_srid == _CGCS2000:
        # Far from its meridian a zone has no sensible metres: what matters of a box of the world is its part near here.
        west, south, east, north = bbox
        bbox = (
            max(west, frame.lon[0] - 1),
            max(south, frame.lat[0] - 1),
            min(east, frame.lon[1] + 1),
            min(north, frame.lat[1] + 1),
        )
    return Asked(
        limit=min(_whole(query, "limit", DEFAULT_LIMIT, least=1), MOST),
        after=_whole(query, "after", 0, least=0) if "after" in query else None,
        bbox=bbox,
        bbox_srid=bbox_srid,
        crs=crs,
        srid=srid,
        flipped=flipped,
        is_elsewhere=bbox is not None and (bbox[0] > bbox[2] or bbox[1] > bbox[3]),
    )


#: a page ends before the feature that would make its shapes more than this, but never before its first
MOST_BYTES = 8_000_000

_ROWS = """
SELECT id, index, fid, name, use, far, density, green, height, project_code, area_m2,
    ST_AsGeoJSON({shape}, %(decimals)s), candidates
FROM (
    SELECT *, count(*) OVER () AS candidates, sum(pg_column_size(geom)) OVER (ORDER BY index, id) AS bytes
    FROM (
        SELECT layers_feature.* FROM layers_feature{image}
        WHERE edition_id = %(edition)s {where}
        ORDER BY index
        LIMIT %(limit)s
    ) AS found
) AS sized
WHERE bytes - pg_column_size(geom) < %(most)s
ORDER BY index
"""
_SHAPE = "ST_Transform(ST_SetSRID(geom, %(work)s), %(srid)s)"
_FLIPPED = "ST_FlipCoordinates(" + _SHAPE + ")"
_AFTER = " AND index > %(after)s "
#: a box in degrees is no box in the plane: its image, cut into short sides, is what the shapes are held against
_BOX = """AND geom && ST_SetSRID(ST_Envelope(image), 0) AND ST_Intersects(geom, ST_SetSRID(image, 0))"""
_IMAGE = """, (SELECT ST_Transform(ST_Segmentize(
    ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, %(box_srid)s), %(piece)s), %(work)s) AS image) box"""
_ONE = "AND id = %(id)s"


def page(edition: Edition, wanted: Asked) -> Page:
    """Return a page of an edition's features, in the order of the file they came from."""
    if wanted.is_elsewhere:
        return Page(features=[], after=None, matched=0)
    where = (_AFTER if wanted.after is not None else "") + (_BOX if wanted.bbox else "")
    params: dict[str, Any] = {"after": wanted.after, "limit": wanted.limit + 1}
    if wanted.bbox:
        west, south, east, north = wanted.bbox
        params |= {"w": west, "s": south, "e": east, "n": north, "box_srid": wanted.bbox_srid}
        params["piece"] = max((east - west) / 8, (north - south) / 8, 1e-9)
    rows = _rows(edition, wanted, where, params, box=wanted.bbox is not None)
    shown = rows[: wanted.limit]
    more = bool(rows) and rows[0][-1] > len(shown)
    return Page(
        features=[_feature(row) for row in shown],
        after=shown[-1][1] if more else None,
        matched=edition.feature_count if wanted.bbox is None else None,
    )


def one(edition: Edition, feature_id: int, wanted: Asked) -> dict[str, Any]:
    """Return one feature.

    :raises NotFound: the edition has none of this id
    """
    rows = _rows(edition, wanted, _ONE, {"id": feature_id, "limit": 1}, box=False)
    if not rows:
        raise NotFound
    return _feature(rows[0])


def _rows(edition: Edition, wanted: Asked, where: str, params: dict[str, Any], *, box: bool) -> list[tuple[Any, ...]]:
    statement = _ROWS.format(shape=_FLIPPED if wanted.flipped else _SHAPE, where=where, image=_IMAGE if box else "")
    params |= {
        "most": MOST_BYTES,
        "edition": edition.pk,
        "work": edition.work_crs,
        "srid": wanted.srid,
        "decimals": _DECIMALS.get(wanted.srid, 3),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _feature(row: tuple[Any, ...]) -> dict[str, Any]:
    number, _index, *values, shape, _candidates = row
    names = ("fid", "name", "use", "far", "density", "green", "height", "project_code", "area_m2")
    properties = {name: value for name, value in zip(names, values, strict=True) if value not in (None, "")}
    return {"type": "Feature", "id": number, "properties": properties, "geometry": json.loads(shape)}


def _srid(address: str, frame: Frame, key: str) -> tuple[int, bool]:
    """Return the number of a reference system, and whether its second axis comes first."""
    if address == CRS84:
        return _CGCS2000, False
    for srid in (_CGCS2000, frame.work_crs):
        if address == f"{_EPSG}{srid}":
            return srid, True
    raise InvalidInput(_("不支持这个坐标系，请用集合里列出的"), fields={key: address})


def _whole(query: Mapping[str, str], key: str, default: int, *, least: int) -> int:
    text = query.get(key, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) >= least):
        raise InvalidInput(_("应为不小于 %d 的整数") % least, fields={key: text})
    return int(text)


def _box(text: str, *, flipped: bool) -> tuple[float, float, float, float]:
    parts = text.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) == 6:  # with heights, which nobody here has
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(abs(number) < 1e9 for number in numbers):
        raise InvalidInput(_("bbox 应为四个数：西、南、东、北"), fields={"bbox": text})
    if flipped:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    west, south, east, north = numbers
    if west > east or south > north:
        raise InvalidInput(_("bbox 应为四个数：西、南、东、北"), fields={"bbox": text})
    return west, south, east, north
