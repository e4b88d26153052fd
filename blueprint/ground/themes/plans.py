"""What plans say: the three lines in two editions, land use by the older and the newer plan, units, design."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping
from blueprint.ground.blocks import Block
from blueprint.ground.city import City
from blueprint.ground.drawn import Drawn, metres, numbered

CONVERTED = ("0701", "0901", "1001", "1101", "0801", "1401")
"""What the older plan may have wanted where the newer one wants something else."""


# --- the three lines --------------------------------------------------------------------------------------------------


def ecology(city: City) -> list[Drawn]:
    """Return the cores of hills, the reservoirs and the mangroves' shore."""
    built = city.built_up.buffer(250)
    cores = [(hill.name, hill.shape.buffer(-260).buffer(140).difference(built)) for hill in city.nature.hills]
    waters = [
        (lake.name, lake.shape.buffer(220).difference(built))
        for lake in city.nature.lakes
        if lake.facts["use"] == "1703"
    ]
    return _parts([*cores, *waters], "ST", 200_000)


def ecology_before(city: City) -> list[Drawn]:
    """Return the line before its last revision: some edges moved by metres, one part was not in it yet."""
    chance = city.plan.chance("ecology before")
    return [
        Drawn(_moved(each.shape, chance, 0.4), each.fid, each.name, each.facts)
        for number, each in enumerate(ecology(city))
        if number % 7 != 3
    ]


def farmland(city: City) -> list[Drawn]:
    """Return the paddies that must stay: those in the open country, in clusters."""
    near = city.built_up.buffer(60)
    shapely.prepare(near)
    cluster = shaping.bend(city.plan.chance("farmland"), reach=1.0, waves=6500.0)
    kept = []
    for each in city.country.fields:
        middle = np.array([[each.shape.centroid.x, each.shape.centroid.y]])
        inner = float((cluster(middle) - middle).sum()) > -0.25
        if each.facts["use"] in {"0101", "0103"} and inner and not near.intersects(each.shape):
            kept.append(Drawn(each.shape, each.fid.replace("DK", "JN"), each.name, {"use": each.facts["use"]}))
    return kept


def farmland_before(city: City) -> list[Drawn]:
    """Return the earlier line: most of it the same, some fields measured anew, some since given up near the city."""
    chance = city.plan.chance("farmland before")
    same = [
        Drawn(_moved(each.shape, chance, 0.05), each.fid, each.name, each.facts)
        for each in farmland(city)
        if chance.random() > 0.012
    ]
    ring = city.built_up.buffer(420)
    shapely.prepare(ring)
    known = {each.fid for each in same}
    given_up = [
        Drawn(each.shape, each.fid.replace("DK", "JN"), each.name, {"use": each.facts["use"]})
        for each in city.country.fields
        if each.facts["use"] == "0101" and ring.contains(each.shape) and chance.random() < 0.16
    ]
    return [*same, *(each for each in given_up if each.fid not in known)]


def boundary(city: City) -> list[Drawn]:
    """Return where the city may grow: each area with a margin, and the airport."""
    water = city.nature.sea
    drawn = [
        Drawn(
            shaping.polygonal(area.outline.buffer(190).buffer(-110).simplify(4).difference(water)),
            f"CZ{area.number:02d}",
            city.plan.word("core", area=area.row["name"]),
        )
        for area in city.network.areas
    ]
    return [*drawn, *numbered([city.nature.airfield], "CZJ", name=city.plan.word("airport"))]


def boundary_before(city: City) -> list[Drawn]:
    """Return the boundary before its last change: two areas wider, three tighter, some edges moved by metres."""
    chance = city.plan.chance("boundary before")
    drawn: list[Drawn] = []
    for number, each in enumerate(boundary(city)):
        shape = each.shape
        if number % 5 == 1:
            shape = shape.difference(_bite(shape, chance))
        elif number % 5 == 3:
            shape = shape.union(_bite(shape, chance).difference(city.nature.sea))
        elif number % 5 == 4:
            shape = shape.buffer(-7, join_style="mitre")
        drawn.append(Drawn(shaping.polygonal(shape), each.fid, each.name, each.facts))
    return drawn


def _bite(shape: BaseGeometry, chance: shaping.Chance) -> Polygon:
    """Return a piece at the edge of an area."""
    outline = shapely.get_parts(shape)[0].exterior
    at = outline.interpolate(chance.uniform(0, outline.length))
    radius = chance.uniform(180, 420)
    return shaping.blob((at.x, at.y), (radius, radius * 0.7), chance.uniform(0, 180), chance, points=40)


def _moved(shape: BaseGeometry, chance: shaping.Chance, share: float) -> BaseGeometry:
    """Move an area by some metres, so often as `share` says."""
    if chance.random() >= share:
        return shape
    return affinity.translate(shape, chance.uniform(-9, 9), chance.uniform(-9, 9))


# --- land use ---------------------------------------------------------------------------------------------------------


def plots(city: City) -> list[Drawn]:
    """Return the detailed plan: plots, and the streets between them."""
    return [*(plot.drawn for plot in city.plots), *_lanes(city), *city.surfaces]


def land_use(city: City) -> list[Drawn]:
    """Return the older plan: whole blocks by four digits, some of another use, some not to be built on yet."""
    chance = city.plan.chance("land use")
    built = [_older(block, chance) for block in city.blocks]
    edge = city.built_up.buffer(380)
    shapely.prepare(edge)
    open_country = []
    for each in city.country.fields:
        use = each.facts["use"]
        if chance.random() < 0.05 and edge.intersects(each.shape):
            use = str(chance.choice(["0701", "1001", "0901", "1207"]))
        open_country.append(Drawn(each.shape, "", each.name, {"use": use}))
    rest = [
        *(Drawn(wood.shape, "", wood.name, {"use": "03"}) for wood in city.country.woods),
        *city.country.villages,
        *city.nature.rivers,
        *city.nature.lakes,
        *city.surfaces,
        *_lanes(city),
    ]
    return [
        Drawn(each.shape, f"TG{number:06d}", each.name, {"use": each.facts["use"]})
        for number, each in enumerate([*built, *open_country, *rest], start=1)
    ]


def _older(block: Block, chance: shaping.Chance) -> Drawn:
    use, shape = block.use[:4], block.shape
    fringe = block.plots[0].centrality < 0.3
    if fringe and not all(plot.is_built for plot in block.plots) and chance.random() < 0.24:
        use = str(chance.choice(["0101", "0103", "0201", "1704"], p=[0.6, 0.2, 0.1, 0.1]))
    elif chance.random() < 0.075:
        use = str(chance.choice([code for code in CONVERTED if code[:2] != use[:2]]))
    if chance.random() < 0.06:
        narrower = shaping.polygons(shape.buffer(-chance.uniform(3, 14), join_style="mitre"), 500)
        shape = narrower[0] if narrower else shape
    return Drawn(shape, "", "", {"use": use})


def _lanes(city: City) -> list[Drawn]:
    """Return the streets inside the quarters, one feature a quarter."""
    shapes: dict[tuple[int, int], list[BaseGeometry]] = {}
    for block in city.blocks:
        shapes.setdefault((block.area.number, block.plots[0].quarter), []).append(block.shape)
    drawn: list[Drawn] = []
    for area in city.network.areas:
        for number, quarter in enumerate(area.quarters, start=1):
            inner = shapes.get((area.number, number))
            lanes = shaping.polygonal(_opened(quarter.difference(shapely.union_all(inner)))) if inner else None
            if lanes is not None and lanes.area > 500:
                fid = f"{area.number:02d}-{number:03d}-ZL"
                drawn.append(Drawn(lanes, fid, city.plan.word("lane", area=area.row["name"]), {"use": "1207"}))
    return drawn


def _opened(shape: BaseGeometry) -> BaseGeometry:
    """Leave out what is thinner than a hand: crumbs of the cuts."""
    return shape.buffer(-0.06, join_style="mitre").buffer(0.06, join_style="mitre")


def reserve(city: City) -> list[Drawn]:
    """Return land whose use is left open: a few large blocks at the edges that nobody has built on."""
    chosen = [
        block.shape
        for block in city.blocks
        if block.plots[0].centrality < 0.22 and not any(plot.is_built for plot in block.plots)
    ]
    return numbered(chosen[::4], "LB", name=city.plan.word("reserve"), use="16")


# --- units ------------------------------------------------------------------------------------------------------------


def units(city: City) -> list[Drawn]:
    """Return planning units of some hundred hectares."""
    chance = city.plan.chance("units")
    drawn: list[Drawn] = []
    for area in city.network.areas:
        for number, part in enumerate(shaping.divide(area.outline, chance, target=3.2e6, least=50_000), start=1):
            drawn.append(
                Drawn(
                    part,
                    f"DY{area.number:02d}{number:02d}",
                    city.plan.word("unit", area=area.row["name"], number=number),
                )
            )
    return drawn


def outlines(city: City) -> list[Drawn]:
    """Return every area as a whole."""
    return [
        Drawn(area.outline, f"BZ{area.number:02d}", city.plan.word("outline", area=area.row["name"]))
        for area in city.network.areas
    ]


def quarters(city: City) -> list[Drawn]:
    """Return what lies between the main streets."""
    return [
        Drawn(
            quarter, f"GL{area.number:02d}{number:03d}", city.plan.word("quarter", area=area.row["name"], number=number)
        )
        for area in city.network.areas
        for number, quarter in enumerate(area.quarters, start=1)
    ]


def key_places(city: City) -> list[Drawn]:
    """Return the middles of the larger areas, where a design guide applies."""
    chance = city.plan.chance("key places")
    return [
        Drawn(
            shaping.blob(metres(area.row["at"]), metres(area.row["radii"]) * 0.24, area.row["turn"], chance),
            f"ZD{area.number:02d}",
            city.plan.word("middle", area=area.row["name"]),
        )
        for area in city.network.areas
        if area.row["character"] in {"centre", "tech", "housing"}
    ]


def views(city: City) -> list[Drawn]:
    """Return corridors from the middles to the nearest hill or lake that must stay in sight."""
    goals = [each for each in (*city.nature.hills, *city.nature.lakes) if not each.shape.is_empty]
    drawn: list[Drawn] = []
    for area in city.network.areas[:5]:
        middle = shapely.Point(*metres(area.row["at"]))
        goal = min(goals, key=lambda each: float(each.shape.distance(middle)))
        corridor = LineString([middle, goal.shape.centroid]).buffer(45, cap_style="flat")
        drawn.append(
            Drawn(
                corridor,
                f"SL{area.number:02d}",
                city.plan.word("view", area=area.row["name"], goal=goal.name),
                {"height": 36.0},
            )
        )
    return drawn


def village_use(city: City) -> list[Drawn]:
    """Return what villages plan: houses, a square, a shed for the harvest."""
    chance = city.plan.chance("village use")
    drawn: list[Drawn] = []
    for village in city.country.villages:
        for part in shaping.divide(village.shape, chance, target=14_000, gap=5, skew=8, least=600):
            use = str(chance.choice(["070301", "0704", "1401", "060201"], p=[0.78, 0.08, 0.06, 0.08]))
            drawn.append(Drawn(part, f"CG{len(drawn) + 1:05d}", village.name, {"use": use}))
    return drawn


def village_limits(city: City) -> list[Drawn]:
    """Return how far villages may grow."""
    return [
        Drawn(village.shape.buffer(18, join_style="mitre").simplify(3), village.fid.replace("CZ", "CJ"), village.name)
        for village in city.country.villages
    ]


def _parts(named: list[tuple[str, BaseGeometry]], prefix: str, least: float) -> list[Drawn]:
    parts = [(name, part) for name, shape in named for part in shaping.polygons(shape, least)]
    return [
        Drawn(part.simplify(2), f"{prefix}{number:03d}", name) for number, (name, part) in enumerate(parts, start=1)
    ]


THEMES: Mapping[str, Callable[[City], list[Drawn]]] = {
    "ecology": ecology,
    "ecology_before": ecology_before,
    "farmland": farmland,
    "farmland_before": farmland_before,
    "boundary": boundary,
    "boundary_before": boundary_before,
    "plots": plots,
    "land_use": land_use,
    "reserve": reserve,
    "units": units,
    "outlines": outlines,
    "quarters": quarters,
    "key_places": key_places,
    "views": views,
    "village_use": village_use,
    "village_limits": village_limits,
}
