"""Read what lies about a site from the database: one query for the editions, one for all features of all of them.

Features come clipped to the box around the site, so that a shore of ten thousand vertices costs as much as a block;
what is inside the box is untouched. Where the greatest distance to an edition is asked, its features come whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import shapely
from django.db import connection

from blueprint.checks import overlay
from blueprint.checks.citywide import Whole
from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Ground, Near, Plot
from blueprint.checks.overlay import Box, Shapes
from blueprint.checks.results import EditionRef
from blueprint.layers.states import EditionState
from portal.citypack import queries as citypack

# The greatest name is current, the one before it previous, by code points (blueprint contract, 1).
_EDITIONS = """
    SELECT layer_id, id, name, place FROM (
        SELECT layer_id, id, name, row_number() OVER (PARTITION BY layer_id ORDER BY name COLLATE "C" DESC) AS place
        FROM layers_edition WHERE state = %s AND (%s OR layer_id = ANY(%s))
    ) AS ranked WHERE place <= 2 ORDER BY layer_id, place
"""

_CLIPPED = """
    SELECT fid, name, use, far, density, green, height, project_code,
        edition_id, ST_AsBinary(ST_ClipByBox2D(geom, box))
    FROM layers_feature, (SELECT ST_MakeEnvelope(%s, %s, %s, %s) AS box) AS about
    WHERE geom && box AND edition_id = ANY(%s)
    ORDER BY edition_id, index
"""

_ALL = "SELECT use, ST_AsBinary(geom) FROM layers_feature WHERE edition_id = %s ORDER BY index"

_WHOLE = """
    SELECT ST_AsBinary(geom) FROM layers_feature
    WHERE geom && ST_MakeEnvelope(%s, %s, %s, %s) AND edition_id = %s
"""


def definitions(pack_version_id: int | None = None) -> Definitions:
    """Return the checks of a pack version, of the current one by default.

    :raises NoPack: no pack was loaded yet
    """
    return _definitions(pack_version_id if pack_version_id is not None else citypack.current_id())


@lru_cache(maxsize=8)
def _definitions(pack_version_id: int) -> Definitions:
    """Keep the last ones: the document of a version never changes, and it is a long one."""
    return Definitions.from_documents(citypack.document(pack_version_id, "layers"))


def editions(
    definitions: Definitions, *, only: Iterable[str] | None = None
) -> tuple[list[EditionRef], list[EditionRef]]:
    """Return the current editions of all layers, and the previous ones of the layers a check compares.

    :param only: codes of the layers that are asked for; all if None
    """
    current, previous = [], []
    with connection.cursor() as cursor:
        cursor.execute(_EDITIONS, [EditionState.PUBLISHED, only is None, list(only or ())])
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
    current, previous = editions(definitions, only=only)
    refs = (*current, *previous)
    near = _near(plot.box, [ref.id for ref in refs], [ref.id for ref in refs if ref.layer in definitions.used])
    return Ground(plot, current=current, previous=previous, near=near, reach=_reach)


def whole(edition: EditionRef) -> Whole:
    """Return all features of an edition."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [edition.id])
        found = cursor.fetchall()
    return Whole(edition, overlay.shapes(shapely.from_wkb([bytes(row[1]) for row in found])), [row[0] for row in found])


def _near(box: Box, edition_ids: Sequence[int], united: Collection[int]) -> Near:
    """Return the features of editions, clipped to the box.

    :param united: editions whose features are united, so that neighbours must lie edge on edge
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLIPPED, [*box, list(edition_ids)])
        found = cursor.fetchall()
    read = shapely.from_wkb([row[-1] if row[-1] is None else bytes(row[-1]) for row in found])
    filled = shapely.area(read) > 0
    if not filled.all():
        read = read[filled]
        found = [row for row, kept in zip(found, filled, strict=True) if kept]
    spans: dict[int, tuple[int, int]] = {}
    begin = 0
    for edition, rows in groupby(found, key=itemgetter(-2)):
        end = begin + sum(1 for _row in rows)
        spans[edition] = (begin, end)
        begin = end
    welded = np.zeros(len(read), dtype=bool)
    for edition in united:
        welded[slice(*spans.get(edition, (0, 0)))] = True
    read[welded] = overlay.weld(read[welded], box)
    return Near(said=found, shapes=read, spans=spans)


def _reach(edition: EditionRef, box: Box) -> Shapes:
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE, [*box, edition.id])
        found: list[tuple[Any]] = cursor.fetchall()
    return overlay.shapes(shapely.from_wkb([bytes(row[0]) for row in found]))
