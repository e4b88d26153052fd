"""What is there: land, water, ways, houses, who governs, who owns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from blueprint.ground import blocks, shaping
from blueprint.ground.city import City
from blueprint.ground.drawn import Drawn, metres, numbered

HOUSES = 13_000
"""As many as a demonstration needs; those nearest to the middles are drawn."""
SQUARE = 5000.0


def squares(city: City) -> list[Drawn]:
    """Return the squares of the map grid."""
    width, height = city.plan.size
    return [
        Drawn(box(x, y, x + SQUARE, y + SQUARE), f"{int(x // SQUARE):02d}-{int(y // SQUARE):02d}")
        for x in np.arange(0, width, SQUARE)
        for y in np.arange(0, height, SQUARE)
    ]


def whole_city(city: City) -> list[Drawn]:
    """Return land with islands."""
    return [Drawn(shaping.polygonal(city.nature.land), "S01", "")]


def districts(city: City) -> list[Drawn]:
    """Cut the city, sea included, along its borders; the number of a district is the code of its region."""
    borders = [
        LineString(shaping.meander(metres(line), city.plan.chance(f"border {number}"), rough=0.06, step=300))
        for number, line in enumerate(city.plan.rows("borders"))
    ]
    width, height = city.plan.size
    frame = box(-900, -900, width + 900, height + 900)
    pieces = list(polygonize(shapely.union_all([*borders, frame.exterior])))
    drawn: list[Drawn] = []
    for row in city.plan.rows("districts"):
        seat = Point(*metres(row["seat"]))
        found = [piece for piece in pieces if piece.contains(seat)]
        drawn.append(Drawn(found[0].intersection(city.nature.frame), row["region"]))
    return drawn


def zones(city: City) -> list[Drawn]:
    """Return the functional zones; the number is the code of the region."""
    return [
        Drawn(
            shaping.roughened(
                shapely.Polygon(metres(row["outline"])), city.plan.chance(row["region"]), rough=0.03, step=400
            ).intersection(city.nature.land),
            row["region"],
        )
        for row in city.plan.rows("zones")
    ]


def towns(city: City) -> list[Drawn]:
    """Give every town the villages and areas around its middle."""
    names = list(city.plan.document["towns"])
    areas = {area.row["name"]: Point(*metres(area.row["at"])) for area in city.network.areas}
    middles: list[Point] = []
    chance = city.plan.chance("towns")
    spots = [village.shape.centroid for village in city.country.villages]
    for name in names:
        known = next((areas[area] for area in areas if name.startswith(area)), None)
        if known is None or any(known.distance(other) < 500 for other in middles):
            known = max(
                (spots[place] for place in chance.permutation(len(spots))[:12]),
                key=lambda spot: min([spot.distance(other) for other in middles], default=0),
            )
        middles.append(known)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(middles), extend_to=city.nature.frame))
    tree = shapely.STRtree(cells)
    return [
        Drawn(
            shaping.polygonal(cells[tree.query(middle, predicate="within")[0]].intersection(city.nature.land)),
            f"ZJ{number:02d}",
            name,
        )
        for number, (name, middle) in enumerate(zip(names, middles, strict=True), start=1)
    ]


def coast(city: City) -> list[Drawn]:
    """Return the coast as a strip of ten metres, parted so that each piece can be called by its number."""
    shore = city.nature.sea.boundary.intersection(city.nature.frame.buffer(-10))
    strip = shore.buffer(5, cap_style="flat", join_style="mitre")
    return numbered([strip], "HAX", name=city.plan.word("coast"))


def bridges(city: City) -> list[Drawn]:
    """Return the parts of streets that cross rivers."""
    rivers = shaping.whole(river.shape for river in city.nature.rivers)
    shapely.prepare(rivers)
    crossing = [street for street in city.surfaces if rivers.intersects(street.shape)]
    drawn: list[Drawn] = []
    for street in crossing:
        for part in shaping.polygons(street.shape.intersection(rivers.buffer(12)), 600):
            drawn.append(Drawn(part, f"QL{len(drawn) + 1:03d}", city.plan.word("bridge", street=street.name)))
    return drawn


def houses(city: City) -> list[Drawn]:
    """Return the houses with their heights."""
    return blocks.houses(city.plan, city.blocks, HOUSES)


def survey(city: City) -> list[Drawn]:
    """Return the land as it lies: fields, woods, villages, what is built, ways and water."""
    return _renumbered(
        [
            *city.country.fields,
            *city.country.woods,
            *city.country.villages,
            *(plot.drawn for plot in city.plots if plot.is_built),
            *(Drawn(plot.shape, "", "", {"use": "2301"}) for plot in city.plots if not plot.is_built),
            *city.surfaces,
            *city.nature.rivers,
            *city.nature.lakes,
        ],
        "TB",
    )


def parcels(city: City) -> list[Drawn]:
    """Return the parcels in use, as the cadastre has them."""
    return [
        Drawn(plot.shape, f"GB{number:05d}", "", {"use": plot.use, "area_m2": round(plot.shape.area, 2)})
        for number, plot in enumerate((plot for plot in city.plots if plot.is_built), start=1)
    ]


def settlements(city: City) -> list[Drawn]:
    """Return towns and villages as one area each."""
    return [
        *(Drawn(area.outline, f"CX{area.number:02d}", area.row["name"], {"use": "07"}) for area in city.network.areas),
        *city.country.villages,
    ]


def fields_of(*uses: str) -> Callable[[City], list[Drawn]]:
    """Return a theme of the fields with these uses."""

    def theme(city: City) -> list[Drawn]:
        return [each for each in city.country.fields if each.facts["use"].startswith(uses)]

    return theme


def wetland(city: City) -> list[Drawn]:
    """Return tidal flats along the coast, in pieces."""
    flats = city.nature.sea.intersection(city.nature.land.simplify(30).buffer(170)).buffer(-45).buffer(45)
    flats = flats.difference(city.built_up.buffer(500)).difference(city.nature.airfield.buffer(600))
    chance = city.plan.chance("flats")
    pieces = shaping.divide(flats.simplify(3), chance, target=400_000, skew=12, least=20_000)
    return [
        Drawn(part, f"SD{number:03d}", city.plan.word("flat"), {"use": "0505"})
        for number, part in enumerate(pieces, start=1)
    ]


def mangroves(city: City) -> list[Drawn]:
    """Return every third tidal flat, narrowed: mangroves."""
    kept = [flat.shape.buffer(-25) for place, flat in enumerate(wetland(city)) if place % 3 == 0]
    return numbered(kept, "HS", name=city.plan.word("mangrove"), use="0507", least=5000)


def rivers(city: City) -> list[Drawn]:
    """Return the rivers."""
    return city.nature.rivers


def lakes(city: City) -> list[Drawn]:
    """Return lakes and reservoirs."""
    return city.nature.lakes


def islands(city: City) -> list[Drawn]:
    """Return the islands nobody lives on."""
    return [island for island in city.nature.islands if not island.shape.is_empty]


def railway(city: City) -> list[Drawn]:
    """Return the track."""
    row = city.plan.document.get("railway") or {}
    return numbered([city.network.rail], "TL", name=row.get("name", ""), use="1201")


def surfaces(city: City) -> list[Drawn]:
    """Return the area of every street."""
    return city.surfaces


def village_lands(city: City) -> list[Drawn]:
    """Return the land of every village."""
    return city.country.lands


def _renumbered(features: list[Drawn], prefix: str) -> list[Drawn]:
    return [
        Drawn(each.shape, f"{prefix}{number:06d}", each.name, {"use": each.facts.get("use")})
        for number, each in enumerate(features, start=1)
    ]


def ring(shape: BaseGeometry, reach: float) -> BaseGeometry:
    """Return the strip of so many metres around a shape."""
    return shape.buffer(reach).difference(shape)


THEMES: Mapping[str, Callable[[City], list[Drawn]]] = {
    "squares": squares,
    "whole_city": whole_city,
    "districts": districts,
    "zones": zones,
    "towns": towns,
    "village_lands": village_lands,
    "rivers": rivers,
    "lakes": lakes,
    "coast": coast,
    "islands": islands,
    "surfaces": surfaces,
    "railway": railway,
    "bridges": bridges,
    "houses": houses,
    "survey": survey,
    "parcels": parcels,
    "settlements": settlements,
    "arable": fields_of("01"),
    "paddies": fields_of("0101"),
    "orchards": fields_of("02"),
    "ponds": fields_of("1704"),
    "wetland": wetland,
    "mangroves": mangroves,
}
