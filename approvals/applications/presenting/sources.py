"""What fields, slots and answers share: the square of a source, a boundary and a cell of a table in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.ui import fields as ui
from portal.ui import words
from projects.catalogue.definitions import Catalogue, ColumnDef
from projects.registry.states import FactSource

SOURCES: Mapping[str, ui.Source] = {
    FactSource.REGISTRY: ui.Source.REGISTRY,
    FactSource.E_CERT: ui.Source.CERTIFICATE,
    FactSource.PRIOR_RESULT: ui.Source.PRIOR,
    FactSource.MAP: ui.Source.MAP,
    FactSource.SYSTEM: ui.Source.SYSTEM,
}


def column_words(catalogue: Catalogue, column: ColumnDef, value: Any) -> str:
    """Write one cell of a table as people read it: the word of its code, a number with its unit."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    word = catalogue.options(column.codes).get(str(value))
    if word is not None:
        return str(word)
    return f"{value} {column.unit}" if column.unit else str(value)


def boundary(value: Any) -> str:
    """Say a boundary in words: how many areas and points."""
    coordinates = value.get("coordinates") if isinstance(value, Mapping) else None
    if not coordinates:
        return words.NONE
    areas = coordinates if value.get("type") == "MultiPolygon" else [coordinates]
    points = sum(len(ring) for area in areas for ring in area) if value.get("type", "").endswith("Polygon") else 0
    if not points:
        return str(value.get("type", ""))
    return _("%(areas)d 个地块，%(points)d 个界址点") % {"areas": len(areas), "points": points}
