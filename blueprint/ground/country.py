"""What lies outside the built-up areas: woods, villages, fields."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping
from blueprint.ground.drawn import Drawn, Plan
from blueprint.ground.streets import Network
from blueprint.ground.water import Nature

HECTARE = 10_000.0
APART = 1150.0
"""Between two villages, in metres."""


@dataclass(frozen=True, slots=True)
class Country:
    """Woods in compartments, villages with their land, fields."""

    woods: list[Drawn]
    villages: list[Drawn]
    lands: list[Drawn]
    """All that belongs to a village."""
    fields: list[Drawn]


def draw(plan: Plan, nature: Nature, network: Network) -> Country:
    """Draw what people did not build over."""
    built = shaping.whole(area.outline.buffer(34) for area in network.areas)
    ways = shaping.whole([network.surface, network.rail.buffer(12)])
    water = nature.water
    woods = _woods(plan, nature, built.union(ways))
    hills = shaping.whole(hill.shape for hill in nature.hills)
    taken = shaping.whole([built, ways.buffer(6), water.buffer(14), hills.buffer(12), nature.airfield])
    plain = nature.land.buffer(-25).difference(taken)
    villages = _villages(plan, plain)
    lands = _lands(villages, nature)
    houses = shaping.whole(village.shape.buffer(12) for village in villages)
    plain = plain.difference(houses)
    return Country(woods=woods, villages=villages, lands=lands, fields=_fields(plan, plain, lands, hills, nature))


def _woods(plan: Plan, nature: Nature, taken: BaseGeometry) -> list[Drawn]:
    chance = plan.chance("woods")
    drawn: list[Drawn] = []
    for hill in nature.hills:
        for part in shaping.divide(hill.shape.difference(taken), chance, target=60 * HECTARE, skew=16, least=4000):
            use = str(chance.choice(["0301", "0303", "0302"], p=[0.74, 0.18, 0.08]))
            drawn.append(Drawn(part, f"LB{len(drawn) + 1:05d}", hill.name, {"use": use}))
    return drawn


def _villages(plan: Plan, plain: BaseGeometry) -> list[Drawn]:
    chance = plan.chance("villages")
    words = plan.document["villages"]
    shapely.prepare(plain)
    width, height = plan.size
    names = [first + second for first in words["first"] for second in words["second"]]
    names = [names[place] for place in chance.permutation(len(names))]
    places: list[tuple[float, float]] = []
    for x, y in chance.uniform((0, 0), (width, height), (12_000, 2)):
        if len(places) == min(words["count"], len(names)):
            break
        near = places and min((x - east) ** 2 + (y - north) ** 2 for east, north in places) < APART**2
        if not near and plain.contains(Point(x, y)):
            places.append((float(x), float(y)))
    drawn: list[Drawn] = []
    for number, place in enumerate(places):
        radius = chance.uniform(95, 230)
        shape = shaping.blob(
            place, (radius, radius * chance.uniform(0.5, 0.9)), chance.uniform(0, 180), chance, wobble=0.2, points=40
        ).intersection(plain)
        parts = shaping.polygons(shape, 3000)
        if parts:
            largest = max(parts, key=lambda part: float(part.area))
            name = names[number] + words["last"]
            drawn.append(Drawn(largest, f"CZ{number + 1:03d}", name, {"use": "0703"}))
    return drawn


def _lands(villages: list[Drawn], nature: Nature) -> list[Drawn]:
    """Give every village the land that is nearer to it than to others."""
    if len(villages) < 3:
        return [Drawn(nature.land, village.fid, village.name) for village in villages]
    middles = [village.shape.centroid for village in villages]
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(middles), extend_to=nature.frame))
    tree = shapely.STRtree(cells)
    drawn: list[Drawn] = []
    for village, middle in zip(villages, middles, strict=True):
        cell = cells[tree.query(middle, predicate="within")[0]]
        drawn.append(Drawn(shaping.polygonal(cell.intersection(nature.land)), village.fid, village.name))
    return drawn


def _fields(plan: Plan, plain: BaseGeometry, lands: list[Drawn], hills: BaseGeometry, nature: Nature) -> list[Drawn]:
    chance = plan.chance("fields")
    slope, shore = hills.buffer(420), nature.sea.buffer(900)
    shapely.prepare(slope)
    shapely.prepare(shore)
    drawn: list[Drawn] = []
    for land in lands:
        ground = land.shape.intersection(plain)
        for part in shaping.divide(ground, chance, target=11 * HECTARE, gap=7, skew=7, least=2500):
            part = part.simplify(1.5)
            if not isinstance(part, Polygon) or not part.is_valid:
                continue
            middle = part.centroid
            kinds = {"0101": 0.7, "0103": 0.23, "0201": 0.045, "1704": 0.025}
            if slope.contains(middle):
                kinds = {"0103": 0.3, "0202": 0.28, "0201": 0.28, "0101": 0.14}
            elif shore.contains(middle):
                kinds = {"1704": 0.42, "0101": 0.38, "0201": 0.05, "0103": 0.15}
            use = str(chance.choice(list(kinds), p=np.array(list(kinds.values()))))
            drawn.append(Drawn(part, f"DK{len(drawn) + 1:05d}", land.name, {"use": use}))
    return drawn
