"""Read what lies about a site from the database: one query for the editions, one for all features of all of them.

Features come clipped to the box around the site, so that a shore of ten thousand vertices costs as much as a block;
what is inside the box is untouched. Where the greatest distance to an edition is asked, its features come whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import shapely
from django.db import connection

from blueprint.checks import overlay
from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Ground, Plot, Row
from blueprint.checks.overlay import Box, Shapes
from blueprint.checks.results import EditionRef
from blueprint.layers.states import EditionState
from portal.citypack import queries as citypack

# The greatest name is current, the one before it previous, by code points (blueprint contract, 1).
_EDITIONS = """
    SELECT layer_id, id, name, place FROM (
        SELECT layer_id, id, name, row_number() OVER (PARTITION BY layer_id ORDER BY name COLLATE "C" DESC) AS place
        FROM layers_edition WHERE state = %s
    ) AS ranked WHERE place <= 2 ORDER BY layer_id, place
"""

_CLIPPED = """
    SELECT edition_id, ST_AsBinary(ST_ClipByBox2D(geom, box)) AS near,
        fid, name, use, far, density, green, height, project_code
    FROM layers_feature, (SELECT ST_MakeEnvelope(%s, %s, %s, %s) AS box) AS about
    WHERE geom && box AND edition_id = ANY(%s)
    ORDER BY edition_id, index
"""

_WHOLE = """
    SELECT ST_AsBinary(geom) FROM layers_feature
    WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s) AND edition_id = %s
"""

#: edition id -> its features near the site, those with anything in the box
_Near = Mapping[int, tuple[list[Row], Shapes]]


def definitions(pack_version_id: int | None = None) -> Definitions:
    """Return the checks of a pack version, of the current one by default.

    :raises NoPack: no pack was loaded yet
    """
    return _definitions(pack_version_id if pack_version_id is not None else citypack.current_id())


@lru_cache(maxsize=8)
def _definitions(pack_version_id: int) -> Definitions:
    """Keep the last ones: the document of a version never changes, and it is a long one."""
    return Definitions.from_documents(citypack.document(pack_version_id, "layers"))


def editions(definitions: Definitions) -> tuple[list[EditionRef], list[EditionRef]]:
    """Return the current editions of all layers, and the previous ones of the layers a check compares."""
    current, previous = [], []
    with connection.cursor() as cursor:
        cursor.execute(_EDITIONS, [EditionState.PUBLISHED])
        for layer, pk, name, place in cursor.fetchall():
            if place == 1:
                current.append(EditionRef(layer=layer, name=name, id=pk))
            elif layer in definitions.compared:
                previous.append(EditionRef(layer=layer, name=name, id=pk))
    return current, previous


def ground(plot: Plot, definitions: Definitions, *, only: Iterable[str] | None = None) -> Ground:
    """Return what lies about a site.

    :param only: codes of layers to read; all that have an edition if None
    """
    current, previous = editions(definitions)
    if only is not None:
        wanted = frozenset(only)
        current, previous = ([ref for ref in refs if ref.layer in wanted] for refs in (current, previous))
    near = _near(plot.box, [ref.id for ref in (*current, *previous)])
    nothing: tuple[list[Row], Shapes] = ([], overlay.shapes([]))
    return Ground.lay(
        plot,
        current=[(ref, *near.get(ref.id, nothing)) for ref in current],
        previous=[(ref, *near.get(ref.id, nothing)) for ref in previous],
        reach=_reach,
    )


def _near(box: Box, edition_ids: Sequence[int]) -> _Near:
    with connection.cursor() as cursor:
        cursor.execute(_CLIPPED, [*box, list(edition_ids)])
        found = cursor.fetchall()
    read = shapely.from_wkb([bytes(row[1]) if row[1] is not None else None for row in found])
    filled = ~(shapely.is_missing(read) | shapely.is_empty(read))
    rows = [row for row, kept in zip(found, filled, strict=True) if kept]
    clipped = overlay.weld(read[filled], box)
    near: dict[int, tuple[list[Row], Shapes]] = {}
    begin = 0
    for edition_id, group in groupby(rows, key=itemgetter(0)):
        described = [Row(*row[2:]) for row in group]
        near[edition_id] = (described, clipped[begin : begin + len(described)])
        begin += len(described)
    return near


def _reach(edition: EditionRef, box: Box) -> Shapes:
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, [*box, edition.id])
        found: list[tuple[Any]] = cursor.fetchall()
    return overlay.shapes(shapely.from_wkb([bytes(row[0]) for row in found]))
