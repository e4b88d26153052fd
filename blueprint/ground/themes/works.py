"""What is planned, supplied, permitted, built and laid under the streets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import shapely

from blueprint.ground import shaping
from blueprint.ground.blocks import Plot
from blueprint.ground.city import City
from blueprint.ground.drawn import Drawn
from blueprint.ground.themes import lines

Choice = Callable[[Plot], bool]
FORMER = "{year:02d}{month:02d}-{region}-04-01-{serial:06d}"
"""The code of a project that was approved before the portal."""
OFFSETS = {"water": 9.0, "rain": -4.0, "sewage": 4.0, "power": -9.0, "gas": 13.0, "wires": -13.0}
"""Where a pipe lies in the street, metres from its middle."""


def plots_with(
    prefix: str, *uses: str, built: bool | None = None, every: int = 1, start: int = 0
) -> Callable[[City], list[Drawn]]:
    """Return a theme of the plots with these uses, of those every so manieth."""

    def theme(city: City) -> list[Drawn]:
        chosen = [
            plot for plot in city.plots if plot.use.startswith(uses) and (built is None or plot.is_built == built)
        ]
        return [
            Drawn(plot.shape, f"{prefix}{plot.fid}", plot.area.row["name"], {"use": plot.use})
            for plot in chosen[start::every]
        ]

    return theme


def permits(prefix: str, *uses: str, every: int, start: int = 0) -> Callable[[City], list[Drawn]]:
    """Return a theme of plots given to projects of earlier years, with the codes of those projects."""

    def theme(city: City) -> list[Drawn]:
        chance = city.plan.chance(f"permits {prefix} {start}")
        drawn: list[Drawn] = []
        for each in plots_with(prefix, *uses, built=True, every=every, start=start)(city):
            region = _region(city, each)
            code = FORMER.format(
                year=int(chance.integers(17, 25)),
                month=int(chance.integers(1, 13)),
                region=region,
                serial=int(chance.integers(100_000, 999_999)),
            )
            drawn.append(Drawn(each.shape, each.fid, each.name, {**each.facts, "project_code": code}))
        return drawn

    return theme


def _region(city: City, each: Drawn) -> str:
    return next(str(area.row["region"]) for area in city.network.areas if area.row["name"] == each.name)


def parks_of_industry(city: City) -> list[Drawn]:
    """Return the areas made for industry."""
    return [
        Drawn(area.outline, f"CY{area.number:02d}", city.plan.word("industry", area=area.row["name"]))
        for area in city.network.areas
        if area.row["character"] in {"tech", "industry"}
    ]


def industry_lines(city: City) -> list[Drawn]:
    """Return quarters in which industry has the most land."""
    sizes: dict[tuple[int, int], list[float]] = {}
    for plot in city.plots:
        both = sizes.setdefault((plot.area.number, plot.quarter), [0.0, 0.0])
        both[0] += plot.shape.area
        both[1] += plot.shape.area if plot.use.startswith("10") else 0.0
    drawn: list[Drawn] = []
    for area in city.network.areas:
        for number, quarter in enumerate(area.quarters, start=1):
            total, industry = sizes.get((area.number, number), (1.0, 0.0))
            if industry / total > 0.6:
                drawn.append(Drawn(quarter, f"GYX{area.number:02d}{number:03d}", area.row["name"]))
    return drawn


def assessed(city: City) -> list[Drawn]:
    """Return the units for which a regional assessment is in force: the functional zones' area."""
    regions = {row["region"] for row in city.plan.rows("zones")}
    return [
        Drawn(area.outline, f"QP{area.number:02d}", city.plan.word("assessed", area=area.row["name"]))
        for area in city.network.areas
        if area.row["region"] in regions
    ]


def trunk_roads(city: City) -> list[Drawn]:
    """Return expressways and trunk roads as strips."""
    return [
        Drawn(
            shapely.buffer(street.line, street.width / 2).intersection(city.nature.frame),
            f"DL{number:02d}",
            street.name,
        )
        for number, street in enumerate(city.network.streets, start=1)
        if street.kind in {"expressway", "trunk"}
    ]


def pipes(kind: str, prefix: str) -> Callable[[City], list[Drawn]]:
    """Return a theme of pipes, or cables, in the wide streets: strips of the trench's width."""

    def theme(city: City) -> list[Drawn]:
        drawn: list[Drawn] = []
        for street in city.network.streets:
            if street.kind not in {"trunk", "main"}:
                continue
            aside = shapely.offset_curve(shapely.simplify(street.line, 4), OFFSETS[kind])
            strip = shaping.polygonal(shapely.buffer(aside, 0.75, cap_style="flat").intersection(city.built_up))
            if strip.area > 60:
                drawn.append(Drawn(strip, f"{prefix}{len(drawn) + 1:04d}", street.name))
        return drawn

    return theme


def galleries(city: City) -> list[Drawn]:
    """Return utility tunnels under the trunk roads of the built-up areas."""
    drawn: list[Drawn] = []
    for street in city.network.streets:
        if street.kind == "trunk":
            strip = shaping.polygonal(shapely.buffer(street.line, 3.5).intersection(city.built_up))
            if strip.area > 4000:
                drawn.append(Drawn(strip, f"GL{len(drawn) + 1:02d}", street.name))
    return drawn


def tunnels(city: City) -> list[Drawn]:
    """Return the tunnels of the metro."""
    return [Drawn(each.shape.buffer(-5), each.fid.replace("GDX", "QJ"), each.name) for each in lines.metro(city)]


THEMES: Mapping[str, Callable[[City], list[Drawn]]] = {
    "schools_planned": plots_with("JY", "0804"),
    "clinics_planned": plots_with("YL", "0806"),
    "culture_planned": plots_with("WH", "0803"),
    "sports_planned": plots_with("TY", "0805"),
    "community_planned": plots_with("SQ", "0702"),
    "stations_planned": plots_with("CZ", "1208"),
    "harbour_planned": plots_with("GK", "1204"),
    "sewage_planned": plots_with("WS", "1302"),
    "power_planned": plots_with("DL", "1303"),
    "shelters": plots_with("BN", "1401", "1403", "080403", every=3),
    "warehouses": plots_with("WL", "1101"),
    "labs": plots_with("CX", "0802"),
    "schools": plots_with("XX", "0804", built=True),
    "clinics": plots_with("YY", "0806", built=True),
    "parks": plots_with("GY", "1401", built=True),
    "parking": plots_with("TC", "1208", built=True),
    "land_bank": plots_with("CB", "07", "09", "10", built=False, every=5),
    "supply_plan": plots_with("GY", "07", "09", "10", built=False, every=17, start=3),
    "auctions": plots_with("PM", "07", "09", "10", built=False, every=29, start=11),
    "idle": plots_with("XZ", "07", "10", built=False, every=41, start=7),
    "low_yield": plots_with("DX", "1001", "11", built=True, every=37),
    "renewal": plots_with("JG", "0701", built=True, every=61, start=5),
    "permits_of_land": permits("YD", "07", "09", "10", "11", every=13, start=2),
    "allocations": permits("HB", "08", "14", every=7, start=1),
    "contracts": permits("CR", "07", "09", "10", "11", every=11, start=4),
    "conversions": permits("NZ", "10", "11", every=23, start=9),
    "prechecks": permits("YS", "08", "13", every=9, start=3),
    "permits_of_works": permits("GC", "07", "09", "10", every=19, start=6),
    "building_sites": permits("SG", "07", "09", "10", every=47, start=8),
    "registered": permits("BDC", "07", "09", every=31, start=12),
    "standard_land": plots_with("BZD", "100101", built=False, every=3),
    "parks_of_industry": parks_of_industry,
    "industry_lines": industry_lines,
    "assessed": assessed,
    "trunk_roads": trunk_roads,
    "galleries": galleries,
    "tunnels": tunnels,
    **{
        f"pipes_{kind}": pipes(kind, prefix)
        for kind, prefix in (
            ("water", "JS"),
            ("rain", "YS"),
            ("sewage", "WS"),
            ("power", "DL"),
            ("gas", "RQ"),
            ("wires", "TX"),
        )
    },
}
