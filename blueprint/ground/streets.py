"""Areas that are built up, the ways that join them, and the quarters between their streets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping
from blueprint.ground.drawn import Drawn, Plan, metres
from blueprint.ground.water import Nature

WIDE, NARROW = 40.0, 26.0
"""Streets of a quarter's edge, in metres."""
BRIDGE = 290.0
"""Half of the widest river that a wide street crosses."""
BELT = 130.0
"""Between two areas something stays green."""


@dataclass(frozen=True, slots=True)
class Street:
    """A way with its middle line and width."""

    name: str
    kind: str
    """expressway, trunk, main or side."""
    line: BaseGeometry
    width: float


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city that is or will be built up."""

    number: int
    row: Mapping[str, Any]
    outline: BaseGeometry
    quarters: list[BaseGeometry] = field(default_factory=list)
    """What lies between the main streets."""

    def centrality(self, x: float, y: float) -> float:
        """Return 1 in the middle and 0 at the edge."""
        east, north = shaping.turned(np.array([[x, y]]) - metres(self.row["at"]), -self.row["turn"])[0] / metres(
            self.row["radii"]
        )
        return float(max(0.0, 1 - np.hypot(east, north)))


@dataclass(frozen=True, slots=True)
class Network:
    """All of it."""

    areas: list[Area]
    streets: list[Street]
    rail: BaseGeometry
    surface: BaseGeometry
    """Of expressways and trunk roads."""


def draw(plan: Plan, nature: Nature) -> Network:
    """Lay the long roads, then the grid of every area, and find the quarters between them."""
    ways = [Street(each["name"], each["kind"], _line(plan, each), float(each["width"])) for each in plan.rows("roads")]
    railway = plan.document.get("railway")
    rail = shapely.buffer(_line(plan, railway), railway["width"] / 2) if railway else shapely.Polygon()
    surface = shaping.whole(shapely.buffer(way.line, way.width / 2) for way in ways)
    hills = shaping.whole(each.shape for each in nature.hills)
    dry = nature.land.buffer(-45).difference(shaping.whole([nature.water.buffer(28), hills.buffer(10)]))
    wet = nature.water.buffer(20)
    streets, areas, taken = list(ways), [], shapely.Polygon()
    for number, row in enumerate(plan.rows("areas"), start=1):
        chance = plan.chance(row["name"])
        outline = shaping.blob(metres(row["at"]), metres(row["radii"]), row["turn"], chance, wobble=0.13)
        outline = shaping.polygonal(outline.intersection(dry).difference(taken))
        taken = taken.union(outline.buffer(BELT))
        own = list(_streets(plan, row, outline, wet, chance))
        streets += own
        tracks = shaping.whole(
            [surface, rail.buffer(18), *(shapely.buffer(street.line, street.width / 2) for street in own)]
        )
        quarters = shaping.polygons(shapely.make_valid(outline.difference(tracks)), 2500)
        areas.append(Area(number, row, outline, list(quarters)))
    return Network(areas=areas, streets=streets, rail=rail.intersection(nature.land), surface=surface)


def surfaces(network: Network, nature: Nature) -> list[Drawn]:
    """Return the area of every street without what a wider one has already."""
    ranks = {"expressway": 0, "trunk": 1, "main": 2, "side": 3}
    ordered = sorted(network.streets, key=lambda street: ranks[street.kind])
    shapes = [shapely.buffer(street.line, street.width / 2, cap_style="flat") for street in ordered]
    tree = shapely.STRtree(shapes)
    drawn: list[Drawn] = []
    for place, (street, shape) in enumerate(zip(ordered, shapes, strict=True)):
        wider = [shapes[other] for other in tree.query(shape, predicate="intersects") if other < place]
        rest = shape.difference(shapely.union_all(wider)) if wider else shape
        parts = shaping.polygonal(rest.intersection(nature.frame))
        if parts.area > 200:
            drawn.append(Drawn(parts, f"DL{place + 1:04d}", street.name, {"use": _use(street.kind)}))
    return drawn


def _use(kind: str) -> str:
    return "1202" if kind == "expressway" else "1207"


def _line(plan: Plan, row: Mapping[str, Any]) -> LineString:
    chance = plan.chance(row["name"])
    points = metres(row["points"])
    points[1:-1] += chance.normal(0, 90, points[1:-1].shape)
    return LineString(shaping.curve(points))


def _streets(
    plan: Plan, row: Mapping[str, Any], outline: BaseGeometry, wet: BaseGeometry, chance: shaping.Chance
) -> Iterator[Street]:
    """Yield the streets of an area; the wide ones cross its rivers, the others end there."""
    reach = float(max(metres(row["radii"]))) * 1.5
    names = [*row["streets"]]
    stems = list(chance.permutation(plan.document["street_names"]))
    middle = Point(*metres(row["at"]))
    bridged = outline.buffer(BRIDGE).buffer(30 - BRIDGE)
    shore = outline.buffer(10).difference(wet)
    lines = shaping.grid(metres(row["at"]), row["turn"], reach, row["spacing"], chance)
    # the names people know belong to streets near the middle
    for line, is_wide in sorted(lines, key=lambda entry: (not entry[1], entry[0].distance(middle))):
        inside = line.intersection(bridged if is_wide else shore)
        parts = [part for part in _pieces(inside) if part.length > 220 and part.intersects(outline)]
        if not parts:
            continue
        name = (
            names.pop(0)
            if names
            else plan.word("road" if is_wide else "street", stem=stems.pop())
            if stems
            else row["name"]
        )
        yield Street(name, "main" if is_wide else "side", shapely.MultiLineString(parts), WIDE if is_wide else NARROW)


def _pieces(shape: BaseGeometry) -> list[LineString]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, LineString)]
