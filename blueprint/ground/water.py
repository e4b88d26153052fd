"""Coast, islands, rivers, lakes and hills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping
from blueprint.ground.drawn import Drawn, Plan, metres

STEP = 70.0
"""Coasts and rivers turn at least every so many metres."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What was there before people."""

    frame: Polygon
    land: BaseGeometry
    """With islands, without rivers and lakes taken out."""
    sea: BaseGeometry
    islands: list[Drawn]
    rivers: list[Drawn]
    lakes: list[Drawn]
    hills: list[Drawn]
    airfield: BaseGeometry

    @property
    def water(self) -> BaseGeometry:
        """Return rivers and lakes."""
        return shaping.whole(each.shape for each in (*self.rivers, *self.lakes))


def draw(plan: Plan) -> Nature:
    """Draw coast, islands, rivers, lakes, hills, and the island on which the airport was built."""
    width, height = plan.size
    frame = box(0, 0, width, height)
    mainland = _mainland(plan, width, height)
    islands = [Drawn(_rough(plan, each), "") for each in plan.rows("islands")]
    airfield = _airfield(plan)
    rivers = _rivers(plan)
    flowing = shaping.whole(each.shape for each in rivers)
    land = shaping.whole([mainland, airfield, *(each.shape for each in islands)]).intersection(frame)
    names = plan.rows("islands")
    shores = [
        Drawn(each.shape.intersection(frame).difference(mainland), f"HD{number:02d}", row["name"], {"use": "24"})
        for number, (each, row) in enumerate(zip(islands, names, strict=True), start=1)
    ]
    lakes = _lakes(plan, land)
    standing = shaping.whole(each.shape for each in lakes)
    hills = [
        Drawn(
            _rough(plan, each).intersection(land).difference(shapely.buffer(flowing, 60)).difference(standing),
            f"SL{number:02d}",
            each["name"],
            {"use": "0301"},
        )
        for number, each in enumerate(plan.rows("hills"), start=1)
    ]
    open_sea = frame.difference(mainland).buffer(-40)
    return Nature(
        frame=frame,
        land=land,
        sea=frame.difference(land).difference(flowing),
        islands=shores,
        rivers=[
            Drawn(each.shape.intersection(frame).difference(open_sea), each.fid, each.name, each.facts)
            for each in rivers
        ],
        lakes=lakes,
        hills=hills,
        airfield=airfield,
    )


def _mainland(plan: Plan, width: float, height: float) -> BaseGeometry:
    coast = shaping.meander(metres(plan.document["coast"]), plan.chance("coast"), rough=0.085, step=STEP)
    beyond = 2000.0
    ring = np.vstack([coast, [[width + beyond, height + beyond], [-beyond, height + beyond]]])
    return shaping.polygonal(shapely.make_valid(Polygon(ring)))


def _rough(plan: Plan, row: Mapping[str, Any]) -> BaseGeometry:
    chance = plan.chance(row["name"])
    shape = shaping.blob(metres(row["at"]), metres(row["radii"]), row["turn"], chance, wobble=0.17)
    return shaping.roughened(shape, chance, rough=0.11, step=float(min(metres(row["radii"]))) / 9)


def _airfield(plan: Plan) -> BaseGeometry:
    airport = plan.document.get("airport")
    if not airport:
        return Polygon()
    length, _width = metres(airport["runway"])
    way = shaping.turned(np.array([[-length / 2, 0.0], [length / 2, 0.0]]), airport["turn"]) + metres(airport["at"])
    return shapely.buffer(shapely.linestrings(way), 420, cap_style="square")


def _rivers(plan: Plan) -> list[Drawn]:
    drawn: list[Drawn] = []
    for number, each in enumerate(plan.rows("rivers"), start=1):
        chance = plan.chance(each["name"])
        line = shaping.meander(shaping.curve(metres(each["points"]), 900.0), chance, rough=0.1, step=STEP * 2)
        shape = shaping.ribbon(shaping.curve(line, STEP), (each["widths"][0], each["widths"][1]))
        drawn.append(Drawn(shape, f"HL{number:02d}", each["name"], {"use": "1701"}))
    return drawn


def _lakes(plan: Plan, land: BaseGeometry) -> list[Drawn]:
    use = {"lake": "1702", "reservoir": "1703"}
    return [
        Drawn(
            shaping.blob(
                metres(each["at"]), metres(each["radii"]), each["turn"], plan.chance(each["name"]), wobble=0.2
            ).intersection(land),
            f"HK{number:02d}",
            each["name"],
            {"use": use[each["kind"]]},
        )
        for number, each in enumerate(plan.rows("lakes"), start=1)
    ]
