"""Woods, water and sea, environment, geology and minerals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import shapely
from shapely.geometry import LineString, box

from blueprint.ground import shaping
from blueprint.ground.city import City
from blueprint.ground.drawn import Drawn, metres, numbered
from blueprint.ground.themes import base


def woods(city: City) -> list[Drawn]:
    """Return the woods in compartments."""
    return city.country.woods


def public_woods(city: City) -> list[Drawn]:
    """Return woods kept for everybody's sake."""
    return [
        Drawn(each.shape, each.fid.replace("LB", "GY"), each.name)
        for each in city.country.woods
        if each.facts["use"] == "0301"
    ][::3]


def old_trees(city: City) -> list[Drawn]:
    """Return old trees with the ground their roots need: one or two in every other village."""
    chance = city.plan.chance("old trees")
    drawn: list[Drawn] = []
    for village in city.country.villages[::2]:
        middle = village.shape.representative_point()
        for _tree in range(int(chance.integers(1, 3))):
            spot = shapely.Point(middle.x + chance.uniform(-60, 60), middle.y + chance.uniform(-60, 60))
            drawn.append(
                Drawn(spot.buffer(chance.uniform(6, 11), quad_segs=6), f"GS{len(drawn) + 1:03d}", village.name)
            )
    return drawn


def forest_parks(city: City) -> list[Drawn]:
    """Return the cores of the second and fourth hill as parks."""
    return [
        Drawn(shaping.polygonal(hill.shape.buffer(-420)), f"GYX{number:02d}", city.plan.word("park", hill=hill.name))
        for number, hill in enumerate(city.nature.hills[1:4:2], start=1)
    ]


def scenic(city: City) -> list[Drawn]:
    """Return the first lake inside the city and the hills beside it."""
    lakes = [lake for lake in city.nature.lakes if lake.facts["use"] == "1702"]
    return [
        Drawn(lake.shape.buffer(70), f"FJ{number:02d}", city.plan.word("scenic", lake=lake.name))
        for number, lake in enumerate(lakes[:1], start=1)
    ]


def regreened(city: City) -> list[Drawn]:
    """Return old mines that are planted again."""
    return [Drawn(each.shape.buffer(-120), each.fid.replace("CK", "FL"), each.name) for each in mines(city)]


def river_care(city: City) -> list[Drawn]:
    """Return the land along rivers that the water authority manages."""
    return [
        Drawn(river.shape.buffer(45).intersection(city.nature.land), f"HD{number:02d}", river.name)
        for number, river in enumerate(city.nature.rivers, start=1)
    ]


def reservoir_care(city: City) -> list[Drawn]:
    """Return the land around reservoirs."""
    return _around(city, 150, "SK")


def sources(city: City) -> list[Drawn]:
    """Return the zones that protect drinking water."""
    return _around(city, 650, "SY")


def flood_storage(city: City) -> list[Drawn]:
    """Return low land beside the second large river that may be flooded."""
    chance = city.plan.chance("flood storage")
    chosen = [river for river in city.nature.rivers if river.shape.area > 1.5e6]
    built, drawn = city.built_up.buffer(120), []
    for number, river in enumerate(chosen, start=1):
        middle = river.shape.representative_point()
        low = shaping.blob((middle.x + 300, middle.y - 200), (1300, 700), chance.uniform(0, 180), chance)
        low = low.difference(river.shape).difference(built).intersection(city.nature.land)
        if low.area > 50_000:
            drawn.append(Drawn(shaping.polygonal(low), f"XH{number:02d}", river.name))
    return drawn


def flood_risk(city: City) -> list[Drawn]:
    """Return low land along rivers, outside the built-up areas and their dikes, that a great flood reaches."""
    built = city.built_up.buffer(20)
    return [
        Drawn(
            shaping.polygonal(
                river.shape.buffer(320).difference(river.shape).difference(built).intersection(city.nature.land)
            ),
            f"FX{number:02d}",
            river.name,
        )
        for number, river in enumerate(city.nature.rivers, start=1)
    ]


def sea_use(city: City) -> list[Drawn]:
    """Return sea given to somebody: fish farms, and the basins in front of the harbour's quays."""
    quays = [plot.shape for plot in city.plots if plot.use == "1204"]
    near = shaping.whole(quays).buffer(420) if quays else shapely.Polygon()
    basins = near.intersection(city.nature.sea)
    harbour = numbered([basins], "GK", name=city.plan.word("basin"), least=8000, use="2001")
    farms = [Drawn(each.shape, each.fid.replace("YZ", "HY"), each.name, each.facts) for each in fish_farms(city)]
    return [*harbour, *farms]


def fish_farms(city: City) -> list[Drawn]:
    """Return fields of rafts in quiet water."""
    chance = city.plan.chance("fish farms")
    quiet = city.nature.sea.buffer(-500).intersection(city.nature.land.buffer(1700))
    quiet = quiet.difference(city.nature.airfield.buffer(2500))
    pieces = shaping.divide(quiet, chance, target=2.2e6, gap=260, skew=9, least=300_000)
    kept = [piece.buffer(-90, join_style="mitre") for place, piece in enumerate(pieces) if place % 5 < 2]
    return numbered(kept, "YZ", name=city.plan.word("farm"), least=60_000, use="1802")


def marine_ecology(city: City) -> list[Drawn]:
    """Return the sea around islands and mangroves that stays as it is."""
    islands = [(island.name, island.shape.buffer(520)) for island in city.nature.islands]
    flats = [(flat.name, flat.shape.buffer(160)) for flat in base.mangroves(city)]
    parts = [
        (name, part)
        for name, shape in (*islands, *flats)
        for part in shaping.polygons(shape.intersection(city.nature.sea), 20_000)
    ]
    return [Drawn(part, f"HST{number:03d}", name) for number, (name, part) in enumerate(parts, start=1)]


def marine_zones(city: City) -> list[Drawn]:
    """Part the sea by use."""
    chance = city.plan.chance("marine zones")
    uses = ("18", "20", "21", "24", "19")
    return [
        Drawn(part, f"HY{number:02d}", "", {"use": uses[number % len(uses)]})
        for number, part in enumerate(shaping.divide(city.nature.sea, chance, target=7e7, skew=14), start=1)
    ]


def shore_kinds(city: City) -> list[Drawn]:
    """Return the coast as a strip: built on, sandy, muddy."""
    built = city.built_up.buffer(400)
    strip = base.coast(city)
    drawn: list[Drawn] = []
    for each in strip:
        for kind, shape in (("built", each.shape.intersection(built)), ("natural", each.shape.difference(built))):
            for part in shaping.polygons(shape, 500):
                drawn.append(Drawn(part, f"AX{len(drawn) + 1:04d}", city.plan.word(f"shore_{kind}")))
    return drawn


def air_zones(city: City) -> list[Drawn]:
    """Return hills as first class, the rest as second."""
    first = city.hills.buffer(-60)
    return [
        *numbered([first], "KQ1", name=city.plan.word("air_first"), least=1e6),
        Drawn(shaping.polygonal(city.nature.land.difference(first)), "KQ2", city.plan.word("air_second")),
    ]


def sound_zones(city: City) -> list[Drawn]:
    """Return the class of every quarter by what lies in it: quiet, mixed, industry."""
    drawn: list[Drawn] = []
    kinds = {"centre": "2", "housing": "1", "tech": "3", "industry": "3", "port": "3", "town": "2"}
    for area in city.network.areas:
        for number, quarter in enumerate(area.quarters, start=1):
            name = city.plan.word("sound", number=kinds[area.row["character"]])
            drawn.append(Drawn(quarter, f"SH{area.number:02d}{number:03d}", name))
    return drawn


def control_units(city: City) -> list[Drawn]:
    """Part every town into a unit to protect, one to watch and one for the rest (三线一单)."""
    hills, built = city.hills, city.built_up
    drawn: list[Drawn] = []
    for town in base.towns(city):
        protected = town.shape.intersection(hills)
        watched = town.shape.intersection(built)
        rest = town.shape.difference(hills).difference(built)
        for kind, shape in (("protect", protected), ("watch", watched), ("rest", rest)):
            shape = shaping.polygonal(shape)
            if shape.area > 100_000:
                drawn.append(Drawn(shape, f"GK{len(drawn) + 1:03d}", town.name + city.plan.word(f"unit_{kind}")))
    return drawn


def landslides(city: City) -> list[Drawn]:
    """Return the slopes of hills outside the built-up areas."""
    built = city.built_up.buffer(25)
    shapes = [
        (hill.name, hill.shape.buffer(70).difference(hill.shape.buffer(-330)).difference(built))
        for hill in city.nature.hills
    ]
    parts = [
        (name, part)
        for name, shape in shapes
        for part in shaping.polygons(shape.intersection(city.nature.land), 60_000)
    ]
    return [Drawn(part.simplify(2), f"DZ{number:03d}", name) for number, (name, part) in enumerate(parts, start=1)]


def danger_spots(city: City) -> list[Drawn]:
    """Return slopes above villages."""
    slopes = city.hills.buffer(120)
    shapely.prepare(slopes)
    near = [village for village in city.country.villages if slopes.intersects(village.shape)]
    return [
        Drawn(village.shape.centroid.buffer(45), f"YH{number:03d}", village.name)
        for number, village in enumerate(near, start=1)
    ]


def faults(city: City) -> list[Drawn]:
    """Return two faults as strips."""
    width, height = city.plan.size
    lines = [((0, height * 0.82), (width, height * 0.55)), ((width * 0.18, 0), (width * 0.42, height))]
    drawn: list[Drawn] = []
    for number, ends in enumerate(lines, start=1):
        line = shaping.meander(ends, city.plan.chance(f"fault {number}"), rough=0.05, step=900)
        strip = LineString(line).buffer(60).intersection(city.nature.land)
        drawn.append(Drawn(strip, f"DL{number:02d}", city.plan.word("fault", number=number)))
    return drawn


def deposits(city: City) -> list[Drawn]:
    """Return where minerals lie."""
    return _minerals(city, ("mine", "field"), "KC", 220)


def mines(city: City) -> list[Drawn]:
    """Return where mining is licensed."""
    return _minerals(city, ("mine",), "CK", 0)


def covered_deposits(city: City) -> list[Drawn]:
    """Return important deposits that must not be built over."""
    return _minerals(city, ("field",), "YF", 0)


def _minerals(city: City, kinds: tuple[str, ...], prefix: str, margin: float) -> list[Drawn]:
    return [
        Drawn(
            shaping.blob(metres(row["at"]), metres(row["radii"]), 25, city.plan.chance(row["name"]), points=36).buffer(
                margin
            ),
            f"{prefix}{number:02d}",
            row["name"],
        )
        for number, row in enumerate(city.plan.rows("minerals"), start=1)
        if row["kind"] in kinds
    ]


def _around(city: City, reach: float, prefix: str) -> list[Drawn]:
    reservoirs = [lake for lake in city.nature.lakes if lake.facts["use"] == "1703"]
    return [
        Drawn(lake.shape.buffer(reach).intersection(city.nature.land), f"{prefix}{number:02d}", lake.name)
        for number, lake in enumerate(reservoirs, start=1)
    ]


def population(city: City) -> list[Drawn]:
    """Return squares of a kilometre that touch land."""
    width, height = city.plan.size
    squares = [box(x, y, x + 1000, y + 1000) for x in range(0, int(width), 1000) for y in range(0, int(height), 1000)]
    land = city.nature.land
    shapely.prepare(land)
    return [
        Drawn(each, f"RK{int(each.bounds[0] // 1000):02d}{int(each.bounds[1] // 1000):02d}")
        for each in squares
        if land.intersects(each)
    ]


THEMES: Mapping[str, Callable[[City], list[Drawn]]] = {
    "woods": woods,
    "public_woods": public_woods,
    "old_trees": old_trees,
    "forest_parks": forest_parks,
    "scenic": scenic,
    "regreened": regreened,
    "river_care": river_care,
    "reservoir_care": reservoir_care,
    "sources": sources,
    "flood_storage": flood_storage,
    "flood_risk": flood_risk,
    "sea_use": sea_use,
    "fish_farms": fish_farms,
    "marine_ecology": marine_ecology,
    "marine_zones": marine_zones,
    "shore_kinds": shore_kinds,
    "air_zones": air_zones,
    "sound_zones": sound_zones,
    "control_units": control_units,
    "landslides": landslides,
    "danger_spots": danger_spots,
    "faults": faults,
    "deposits": deposits,
    "mines": mines,
    "covered_deposits": covered_deposits,
    "population": population,
}
