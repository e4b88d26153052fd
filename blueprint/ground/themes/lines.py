"""Control lines: the five lines of the city, clearance and special lines, where building is forbidden or allowed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping
from blueprint.ground.city import City
from blueprint.ground.drawn import Drawn, metres, numbered
from blueprint.ground.themes import plans

BANK, BANK_BEFORE = 30.0, 24.0
"""From a river to its blue line, in metres."""
RINGS = ((0.35, 0.25), (0.6, 0.5), (0.8, 0.75), (1.0, 1.0))
"""The cone around an airfield in steps: part of its reach and of its rise."""
CONE_RISE = 100.0


# --- the five lines ---------------------------------------------------------------------------------------------------


def road_lines(city: City) -> list[Drawn]:
    """Return the red lines of expressways, trunk roads and main streets."""
    return [_renamed(each, "HX") for each in city.surfaces if _is_wide(each)]


def road_lines_before(city: City) -> list[Drawn]:
    """Return the red lines before some roads were widened by a few metres."""
    chance = city.plan.chance("road lines before")
    return [
        Drawn(
            each.shape.buffer(-chance.uniform(1.5, 4.0)) if chance.random() < 0.12 else each.shape, each.fid, each.name
        )
        for each in road_lines(city)
    ]


def green_lines(city: City) -> list[Drawn]:
    """Return parks and protective green."""
    return _plots(city, "LX", "14")


def green_lines_before(city: City) -> list[Drawn]:
    """Return the green lines before some parks were drawn tighter and a few given up."""
    chance = city.plan.chance("green lines before")
    return [
        Drawn(each.shape.buffer(4, join_style="mitre") if chance.random() < 0.06 else each.shape, each.fid, each.name)
        for each in green_lines(city)
        if chance.random() > 0.02
    ]


def blue_lines(city: City) -> list[Drawn]:
    """Return rivers and lakes with their banks."""
    return _banks(city, BANK)


def blue_lines_before(city: City) -> list[Drawn]:
    """Return the blue lines before the banks of the larger rivers were widened."""
    return _banks(city, BANK_BEFORE)


def purple_lines(city: City) -> list[Drawn]:
    """Return old quarters with their care zones."""
    return _heritage(city, "quarter", "ZX", with_care=True)


def yellow_lines(city: City) -> list[Drawn]:
    """Return sites of utilities and stations."""
    return _plots(city, "HUX", "13", "1208")


def orange_lines(city: City) -> list[Drawn]:
    """Return the reach of dangerous works: one in forty plots of heavy industry with a ring of a hundred metres."""
    works = [plot for plot in city.plots if plot.use == "100102" and plot.centrality < 0.3][::40]
    return numbered((plot.shape.buffer(100) for plot in works), "CX", name=city.plan.word("danger"))


# --- clearance and special lines --------------------------------------------------------------------------------------


def clearance(city: City) -> list[Drawn]:
    """Return the surfaces over the airfield: level inside, rising outside, in steps; each with the height allowed."""
    row = city.plan.document.get("airport")
    if not row:
        return []
    runway = shaping.turned(np.array([[-0.5, 0.0], [0.5, 0.0]]) * metres(row["runway"][0]), row["turn"])
    line = LineString(runway + metres(row["at"]))
    reach, cone = row["reach"] * 1000.0, row["cone"] * 1000.0
    level = line.buffer(reach, quad_segs=24)
    drawn = [Drawn(level, "JK01", city.plan.word("level", airport=row["name"]), {"height": float(row["rise"])})]
    inner = level
    for number, (part, rise) in enumerate(RINGS, start=2):
        outer = line.buffer(reach + (cone - reach) * part, quad_segs=24)
        height = round(row["rise"] + CONE_RISE * rise * 0.75)
        name = city.plan.word("cone", airport=row["name"], number=number - 1)
        drawn.append(Drawn(outer.difference(inner), f"JK{number:02d}", name, {"height": float(height)}))
        inner = outer
    return _inside(city, drawn)


def station(city: City) -> list[Drawn]:
    """Return the surroundings of the weather station: nothing high near it."""
    row = city.plan.document.get("station")
    if not row:
        return []
    middle, reach = Point(*metres(row["at"])), row["reach"] * 1000.0
    inner = middle.buffer(reach * 0.4)
    return [
        Drawn(inner, "QX01", row["name"], {"height": 12.0}),
        Drawn(middle.buffer(reach).difference(inner), "QX02", row["name"], {"height": 36.0}),
    ]


def microwave(city: City) -> list[Drawn]:
    """Return the path of a microwave link."""
    row = city.plan.document.get("microwave")
    if not row:
        return []
    path = LineString([metres(row["from"]), metres(row["to"])]).buffer(row["width"] / 2, cap_style="flat")
    return [Drawn(path, "WB01", row["name"], {"height": 110.0})]


def secrecy(city: City) -> list[Drawn]:
    """Return the zone whose outline nobody is shown."""
    row = city.plan.document.get("secrecy")
    if not row:
        return []
    shape = shaping.ellipse(metres(row["at"]), metres(row["radii"]), row["turn"])
    return [Drawn(shape, "AQ01", row["name"])]


def pipelines(city: City) -> list[Drawn]:
    """Return the strips beside long-distance pipelines."""
    return _inside(city, _strips(city, "pipelines", "GX"))


def powerlines(city: City) -> list[Drawn]:
    """Return the corridors of high-voltage lines."""
    return _inside(city, _strips(city, "powerlines", "GY"))


def metro_care(city: City) -> list[Drawn]:
    """Return what lies within fifty metres of the metro."""
    return _strips(city, "metro", "GD", more=100.0)


def metro(city: City) -> list[Drawn]:
    """Return the lines of the metro."""
    return _strips(city, "metro", "GDX")


def dikes(city: City) -> list[Drawn]:
    """Return the dikes on both banks of the large rivers."""
    return [
        Drawn(
            river.shape.buffer(24).difference(river.shape.buffer(2)).simplify(0.5).intersection(city.nature.land),
            f"DF{number:02d}",
            city.plan.word("dike", river=river.name),
        )
        for number, river in enumerate(city.nature.rivers, start=1)
    ]


# --- where one may build ----------------------------------------------------------------------------------------------


def forbidden(city: City) -> list[Drawn]:
    """Return where nothing may be built: within the ecological line."""
    return [_renamed(each, "JZ") for each in plans.ecology(city)]


def restricted(city: City) -> list[Drawn]:
    """Return woods outside the ecological line."""
    core = shaping.whole(each.shape for each in plans.ecology(city))
    shapes = (hill.shape.difference(core) for hill in city.nature.hills)
    return numbered(shapes, "XZ", name=city.plan.word("restricted"), least=20_000)


def allowed(city: City) -> list[Drawn]:
    """Return the built-up areas."""
    return [_renamed(each, "YX") for each in plans.outlines(city)]


def conditional(city: City) -> list[Drawn]:
    """Return what lies between the built-up areas and the growth boundary."""
    edges = (each.shape.difference(city.built_up.buffer(1)) for each in plans.boundary(city) if each.fid != "CZJ0001")
    return numbered(edges, "TJ", name=city.plan.word("conditional"), least=3000)


def heritage_units(city: City) -> list[Drawn]:
    """Return protected monuments."""
    return _heritage(city, "unit", "WW")


def heritage_care(city: City) -> list[Drawn]:
    """Return the zones around monuments where building is controlled."""
    return [
        Drawn(zone.shape.difference(unit.shape), zone.fid, zone.name, {"height": 15.0})
        for unit, zone in zip(_heritage(city, "unit", "WW"), _heritage(city, "unit", "JK", with_care=True), strict=True)
    ]


def buried(city: City) -> list[Drawn]:
    """Return where old things lie in the ground."""
    return _heritage(city, "buried", "DX", with_care=True)


def old_quarters(city: City) -> list[Drawn]:
    """Return the historic quarters."""
    return _heritage(city, "quarter", "JQ")


def old_houses(city: City) -> list[Drawn]:
    """Return historic houses: rows of small ones inside the old quarters."""
    chance = city.plan.chance("old houses")
    drawn: list[Drawn] = []
    for each in old_quarters(city):
        for part in shaping.divide(each.shape.buffer(-12), chance, target=700, gap=9, skew=6, least=180):
            if chance.random() < 0.3:
                drawn.append(Drawn(part, f"LJ{len(drawn) + 1:04d}", each.name, {"height": 7.5}))
    return drawn


# --- tools ------------------------------------------------------------------------------------------------------------


def _is_wide(street: Drawn) -> bool:
    return math.sqrt(street.shape.area) > 160


def _renamed(each: Drawn, prefix: str) -> Drawn:
    return Drawn(each.shape, prefix + each.fid[2:], each.name)


def _plots(city: City, prefix: str, *uses: str) -> list[Drawn]:
    return [
        Drawn(plot.shape, f"{prefix}{plot.fid}", plot.area.row["name"])
        for plot in city.plots
        if plot.use.startswith(uses)
    ]


def _banks(city: City, width: float) -> list[Drawn]:
    return [
        Drawn(water.shape.buffer(width).intersection(city.nature.land), water.fid.replace("H", "LAN"), water.name)
        for water in (*city.nature.rivers, *city.nature.lakes)
    ]


def _strips(city: City, key: str, prefix: str, more: float = 0.0) -> list[Drawn]:
    drawn: list[Drawn] = []
    for number, row in enumerate(city.plan.rows(key), start=1):
        line = LineString(shaping.curve(metres(row["points"])))
        drawn.append(
            Drawn(line.buffer((row["width"] + more) / 2, cap_style="flat"), f"{prefix}{number:02d}", row["name"])
        )
    return drawn


def _inside(city: City, features: Iterable[Drawn]) -> list[Drawn]:
    cut = [Drawn(each.shape.intersection(city.nature.frame), each.fid, each.name, each.facts) for each in features]
    return [each for each in cut if not each.shape.is_empty]


def _heritage(city: City, kind: str, prefix: str, *, with_care: bool = False) -> list[Drawn]:
    drawn: list[Drawn] = []
    for number, row in enumerate(city.plan.rows("heritage"), start=1):
        if row["kind"] == kind:
            shape = _place(city, row).buffer(row["care"] * 1000 if with_care else 0)
            drawn.append(Drawn(shape, f"{prefix}{number:02d}", row["name"]))
    return drawn


def _place(city: City, row: Mapping[str, Any]) -> BaseGeometry:
    chance = city.plan.chance(row["name"])
    return shaping.blob(metres(row["at"]), metres(row["radii"]), chance.uniform(0, 90), chance, wobble=0.08, points=24)


THEMES: Mapping[str, Callable[[City], list[Drawn]]] = {
    "road_lines": road_lines,
    "road_lines_before": road_lines_before,
    "green_lines": green_lines,
    "green_lines_before": green_lines_before,
    "blue_lines": blue_lines,
    "blue_lines_before": blue_lines_before,
    "purple_lines": purple_lines,
    "yellow_lines": yellow_lines,
    "orange_lines": orange_lines,
    "clearance": clearance,
    "station": station,
    "microwave": microwave,
    "secrecy": secrecy,
    "pipelines": pipelines,
    "powerlines": powerlines,
    "metro_care": metro_care,
    "metro": metro,
    "dikes": dikes,
    "forbidden": forbidden,
    "restricted": restricted,
    "allowed": allowed,
    "conditional": conditional,
    "heritage_units": heritage_units,
    "heritage_care": heritage_care,
    "buried": buried,
    "old_quarters": old_quarters,
    "old_houses": old_houses,
}
