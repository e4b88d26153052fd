"""The districts of the city: which one a patch lies in. Read from the layer the pack names, by code or name."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from django.contrib.gis.db.models.functions import AsWKB
from shapely.geometry.base import BaseGeometry

from blueprint.layers.models import Edition, Feature
from portal.citypack import queries as citypack


@dataclass(frozen=True)
class Districts:
    """Codes of districts with their shapes."""

    codes: tuple[str, ...]
    tree: shapely.STRtree | None

    def of(self, geometry: BaseGeometry) -> str:
        """Return the district in which the middle of an area lies; empty where there is none."""
        if self.tree is None:
            return ""
        found = self.tree.query(geometry.representative_point(), predicate="intersects")
        return self.codes[int(found.min())] if len(found) else ""

    def shape(self, code: str) -> BaseGeometry | None:
        """Return the land of a district; None where nothing is known of it."""
        if self.tree is None or code not in self.codes:
            return None
        parts = [shape for each, shape in zip(self.codes, self.tree.geometries, strict=True) if each == code]
        return shapely.union_all(parts)


def names() -> dict[str, str]:
    """Return code -> name of the city's districts."""
    regions = citypack.current().documents["city"]["regions"]
    return {row["code"]: row["name"] for row in regions if row["kind"] != "city"}


def read() -> Districts:
    """Read the districts from their layer's current edition; without one, patches have no district."""
    documents = citypack.current().documents
    layer = documents["layers"].get("districts")
    edition = Edition.objects.current().filter(layer_id=layer).first() if layer else None
    if edition is None:
        return Districts((), None)
    known = names()
    by_name = {name: code for code, name in known.items()}
    codes, shapes = [], []
    rows = Feature.objects.of_editions([edition.pk]).annotate(wkb=AsWKB("geom")).order_by("index")
    for fid, name, wkb in rows.values_list("fid", "name", "wkb"):
        code = fid if fid in known else by_name.get(name, "")
        if code:
            codes.append(code)
            shapes.append(shapely.from_wkb(bytes(wkb)))
    return Districts(tuple(codes), shapely.STRtree(shapes) if shapes else None)
