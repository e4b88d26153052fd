"""The drawing of a city: editions of layers as files, and plots for projects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.geometry.frame import Frame
from blueprint.ground import city as cities
from blueprint.ground import shaping
from blueprint.ground.drawn import Drawn, Plan
from blueprint.ground.themes import THEMES

DOCUMENT = "ground"
LEAST_M2 = 0.5
"""What is smaller was left over by a cut and would be refused as collapsed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One edition of a layer, not drawn yet."""

    layer: str
    edition: str
    source: str
    theme: str


@dataclass(slots=True)
class Drawing:
    """A city from its plan; themes are drawn when asked for, and once."""

    plan: Plan
    frame: Frame
    _city: cities.City | None = None
    _themes: dict[str, list[Drawn]] = field(default_factory=dict)

    @property
    def city(self) -> cities.City:
        """Return the city the themes are taken from."""
        if self._city is None:
            self._city = cities.draw(self.plan)
        return self._city

    def sheets(self) -> list[Sheet]:
        """List what there is to draw, in the order of the plan, older editions first."""
        return [
            Sheet(row["layer"], edition, row["source"], theme)
            for row in self.plan.rows("layers")
            for edition, theme in sorted(row["editions"].items())
        ]

    def features(self, theme: str) -> list[Drawn]:
        """Return the features of a theme, in metres from the corner."""
        if theme not in self._themes:
            drawn = THEMES[theme](self.city)
            self._themes[theme] = [each for each in drawn if each.shape.area >= LEAST_M2]
        return self._themes[theme]

    def geojson(self, theme: str) -> bytes:
        """Return a theme as a GeoJSON file in the work CRS."""
        features = self.features(theme)
        shapes = shapely.to_geojson([self.placed(each.shape) for each in features])
        lines = (
            f'{{"type":"Feature","properties":{_properties(each)},"geometry":{shape}}}'
            for each, shape in zip(features, shapes, strict=True)
        )
        crs = json.dumps({"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{self.frame.work_crs}"}})
        return f'{{"type":"FeatureCollection","crs":{crs},"features":[{",".join(lines)}]}}'.encode()

    def placed(self, shape: BaseGeometry) -> BaseGeometry:
        """Move a shape from the plan to where it lies, to the centimetre and without crossing itself there."""
        corner = np.asarray(self.plan.document["corner"], dtype=float)
        there = shapely.transform(shape, lambda points: np.round(points + corner, 2))
        if there.is_valid:
            return there
        return shapely.transform(shaping.polygonal(shapely.make_valid(there)), lambda points: np.round(points, 2))


def of(documents: Mapping[str, Mapping[str, Any]]) -> Drawing | None:
    """Return the drawing a checked pack asks for; None: the pack has no ground, its city imports its own layers."""
    document = documents[DOCUMENT]
    if not document.get("layers"):
        return None
    return Drawing(Plan(document), Frame.from_city(documents["city"]))


def part_of(drawing: Drawing, prefixes: Sequence[str]) -> Iterator[Drawn]:
    """Return the features of the current editions of all layers whose codes begin with one of these."""
    current: dict[str, str] = {}
    for sheet in drawing.sheets():
        if any(sheet.layer == prefix or sheet.layer.startswith(f"{prefix}.") for prefix in prefixes):
            current[sheet.layer] = sheet.theme
    for theme in dict.fromkeys(current.values()):
        yield from drawing.features(theme)


def _properties(each: Drawn) -> str:
    given = {"fid": each.fid, "name": each.name, **each.facts}
    return json.dumps({key: value for key, value in given.items() if value not in ("", None)}, ensure_ascii=False)
