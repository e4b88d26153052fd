"""Vector tiles of an edition, cut and encoded by PostGIS. An edition never changes, so neither do its tiles.

Two layers in each tile: `features`, and `labels` with one point per named feature, so that a name stands once and not
in every tile its shape touches. Web Mercator; the shapes come from the plane of the edition.
"""

from __future__ import annotations

import math
from typing import cast

from django.core.cache import cache
from django.db import connection

from blueprint.layers.models import Edition

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
LOWEST, HIGHEST = 6, 18
#: raised when the content of tiles changes, so that browsers and the cache forget the old ones
FORMAT = 2
_KEEP_SECONDS = 7 * 24 * 3600
_EXTENT = 4096
_BUFFER = 64
#: metres per pixel of a tile of 512 pixels on zoom 0, at the equator
_PIXEL = 78271.517
#: below this zoom shapes lose what nobody can see, below that one only large ones are named
_WHOLE_FROM = 14
_LABELS_FROM = 13
#: shapes with more corners are cut to the tile before they are projected
_MANY_POINTS = 400

# What is materialized would be computed once for the condition and once more for the answer.
_SQL = """
WITH box AS (
    SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS web,
        ST_SetSRID(ST_Expand(ST_Envelope(ST_Transform(
            ST_Segmentize(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.03), %(piece)s), %(crs)s)), 1), 0) AS plane
), hit AS (
    SELECT feature.id, fid, name, use, far, height, box.web,
        ST_Transform(ST_SetSRID(CASE
            WHEN %(tolerance)s > 0 THEN ST_Simplify(
                CASE WHEN ST_NPoints(geom) > %(many)s THEN ST_ClipByBox2D(geom, box.plane) ELSE geom END,
                %(tolerance)s, true)
            WHEN ST_NPoints(geom) > %(many)s THEN ST_ClipByBox2D(geom, box.plane)
            ELSE geom END, %(crs)s), 3857) AS shape,
        CASE WHEN name <> '' AND area_m2 >= %(named)s THEN ST_PointOnSurface(geom) END AS label
    FROM layers_feature feature, box
    WHERE edition_id = %(edition)s AND geom && box.plane AND area_m2 >= %(least)s
), drawn AS MATERIALIZED (
    SELECT id, fid, NULLIF(name, '') AS name, NULLIF(use, '') AS use, far, height,
        ST_AsMVTGeom(shape, web, %(extent)s, %(buffer)s, true) AS shape
    FROM hit
), named AS MATERIALIZED (
    SELECT id, fid, name, web, ST_Transform(ST_SetSRID(label, %(crs)s), 3857) AS place FROM hit WHERE label IS NOT NULL
), written AS MATERIALIZED (
    SELECT id, fid, name, ST_AsMVTGeom(place, web, %(extent)s, 0, true) AS point FROM named
    WHERE ST_X(place) >= ST_XMin(web) AND ST_X(place) < ST_XMax(web)
        AND ST_Y(place) >= ST_YMin(web) AND ST_Y(place) < ST_YMax(web)
), features AS (
    SELECT ST_AsMVT(drawn, 'features', %(extent)s, 'shape', 'id') AS bytes FROM drawn WHERE shape IS NOT NULL
), labels AS (
    SELECT ST_AsMVT(written, 'labels', %(extent)s, 'point', 'id') AS bytes FROM written WHERE point IS NOT NULL
)
SELECT features.bytes || labels.bytes FROM features, labels
"""


def exists(z: int, x: int, y: int) -> bool:
    """Tell whether tiles are cut at this address at all."""
    return LOWEST <= z <= HIGHEST and 0 <= x < 2**z and 0 <= y < 2**z


def etag(edition: Edition) -> str:
    """Return the mark of all tiles of an edition; the address says which tile."""
    return f'"{edition.pk}-{FORMAT}"'


def tile(edition: Edition, z: int, x: int, y: int) -> bytes:
    """Return a tile, from the cache if it was asked for before; empty where the edition has nothing."""
    key = f"tile:{FORMAT}:{edition.pk}:{z}:{x}:{y}"
    found = cast(bytes | None, cache.get(key))
    if found is None:
        found = cut(edition, z, x, y)
        cache.set(key, found, _KEEP_SECONDS)
    return found


def cut(edition: Edition, z: int, x: int, y: int) -> bytes:
    """Cut and encode a tile anew."""
    pixel = _metres_per_pixel(z, y)
    rough = z < _WHOLE_FROM
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "edition": edition.pk,
                "crs": edition.work_crs,
                "z": z,
                "x": x,
                "y": y,
                # a side of the tile is straight in Web Mercator only; eight pieces keep its image in the plane covered
                "piece": 2 * math.pi * 6378137 / 2**z / 8,
                "tolerance": pixel / 2 if rough else 0,
                # what is smaller than two pixels on a side is not seen
                "least": (2 * pixel) ** 2 if rough else 0,
                # a name needs room: 80 pixels on a side, until the reader is near enough to want them all
                "named": 0 if z >= _LABELS_FROM else (80 * pixel) ** 2,
                "many": _MANY_POINTS,
                "extent": _EXTENT,
                "buffer": _BUFFER,
            },
        )
        return bytes(cursor.fetchone()[0] or b"")


def _metres_per_pixel(z: int, y: int) -> float:
    lat = math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / 2**z)))
    return _PIXEL / 2**z * math.cos(lat)
