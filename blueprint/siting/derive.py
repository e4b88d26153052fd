"""What a red line says of its project: fields of the form, answers to conditions, the regions it lies in. Pure.

Which layer feeds which field or condition is data of the pack. A layer without a current edition says nothing: what
depends on it stays undetermined, so that missing data never excuses a project from an item.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from blueprint.geometry.overlap import Overlap, Tolerance, outside, overlap
from blueprint.layers import visibility
from projects.catalogue.definitions import MAP_PREFIX, Catalogue, ConditionKind, FromMap, MapGives

#: a region layer answers when one region holds at least this share of the site
MOST_OF_IT = 0.5
#: decimals of square metres, and of the degrees of the point
AREA_DIGITS = 2
POINT_DIGITS = 6
#: shares of a region below this are not worth a word
LEAST_SHARE = 0.001

ToDegrees = Callable[[BaseGeometry], BaseGeometry]


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of layers.yaml that derivation reads."""

    layers: tuple[str, ...]
    """All layers there are, in order."""
    names: Mapping[str, str]
    tolerances: Mapping[str, Tolerance]
    """Layer -> the tolerance of the check that reads it."""
    standard: Tolerance
    """For layers that no check reads."""
    districts: tuple[str, ...]
    """Layers that tell the region, the first that holds most of the site wins."""
    area_rel: float
    """Share of the computed area by which a declared one may be wrong."""
    masked: frozenset[str] = frozenset()
    """Layers whose shapes nobody may see: what they answer is told only of a line that is used, never of a trial."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Rules:
        """Read the rules from layers.yaml."""
        rows = [row for topic in document["topics"] for sub in topic["subtopics"] for row in sub["layers"]]
        codes = tuple(row["id"] for row in rows)
        checks = {check["id"]: check for check in document["checks"]}
        tolerances = {
            layer: Tolerance.of_check(checks[check])
            for check in ("chk_red", "chk_control", "chk_3lines")
            if check in checks
            for name in checks[check]["inputs"]
            for layer in expand(codes, name)
        }
        return cls(
            layers=codes,
            names={row["id"]: row["name"] for row in rows},
            tolerances=tolerances,
            standard=Tolerance.of_check(checks["chk_control"]) if "chk_control" in checks else Tolerance(),
            districts=tuple((document.get("siting") or {}).get("districts") or ()),
            area_rel=float(checks["chk_topo"]["tolerance"]["area_rel"]) if "chk_topo" in checks else 0.001,
            masked=frozenset(layer for layer, show in visibility.of_layers(document).items() if show.is_masked),
        )

    def tolerance(self, layer: str) -> Tolerance:
        """Give the tolerance of the check that reads a layer, else that of control lines."""
        return self.tolerances.get(layer, self.standard)

    def all_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """List the layers that layers, subtopics and topics stand for, each once."""
        return tuple(dict.fromkeys(layer for name in names for layer in expand(self.layers, name)))


@dataclass(frozen=True, slots=True)
class GroundFeature:
    """A feature of a layer near the site."""

    fid: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class EditionUsed:
    """The current edition of a layer."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies around a site: current editions by layer, and their features that touch it."""

    editions: Mapping[str, EditionUsed]
    features: Mapping[str, Sequence[GroundFeature]] = field(default_factory=dict)

    def shapes(self, layers: Iterable[str]) -> list[BaseGeometry]:
        return [found.shape for layer in layers for found in self.features.get(layer, ())]

    def has_all(self, layers: Iterable[str]) -> bool:
        return all(layer in self.editions for layer in layers)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing the line says; None: some layer it depends on has no edition."""

    field: str
    value: Any
    layers: tuple[str, ...] = ()
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class RegionShare:
    """A region the site lies in, with its share of the site."""

    code: str
    name: str
    share: float

    @property
    def percent(self) -> str:
        return f"{self.share:.1%}"


@dataclass(frozen=True, slots=True)
class Derived:
    """Everything a line says, and the editions it was read from."""

    told: tuple[Told, ...]
    regions: tuple[RegionShare, ...]
    editions: Mapping[str, EditionUsed]

    @property
    def region(self) -> RegionShare | None:
        """Return the region that holds most of the site."""
        return self.regions[0] if self.regions else None

    @property
    def values(self) -> dict[str, Any]:
        """Return field -> value."""
        return {told.field: told.value for told in self.told}


def expand(layers: Iterable[str], name: str) -> list[str]:
    """List the layers a layer, subtopic or topic stands for."""
    return [layer for layer in layers if layer == name or layer.startswith(f"{name}.")]


def layers_read(catalogue: Catalogue, rules: Rules) -> tuple[str, ...]:
    """List every layer that anything about a site of this catalogue is read from."""
    names = [name for definition in catalogue.fields.values() if definition.from_map for name in _layers_of(definition)]
    names += [name for condition in _map_conditions(catalogue) for name in condition.intersects]
    return rules.all_of([*names, *rules.districts])


def derive(
    shape: MultiPolygon, *, catalogue: Catalogue, rules: Rules, ground: Ground, to_degrees: ToDegrees
) -> Derived:
    """Read everything off a line, in metres of the work CRS.

    :param to_degrees: turns a shape of the work CRS into degrees of CGCS2000
    """
    told = [
        _field(shape, definition.id, definition.from_map, rules, ground, to_degrees)
        for definition in catalogue.fields.values()
        if definition.from_map
    ]
    told += [
        _hit(shape, f"{MAP_PREFIX}{condition.id}", rules.all_of(condition.intersects), rules, ground)
        for condition in _map_conditions(catalogue)
    ]
    used = {layer: ground.editions[layer] for layer in layers_read(catalogue, rules) if layer in ground.editions}
    return Derived(tuple(told), _regions(shape, catalogue, rules, ground), used)


def _layers_of(definition: Any) -> tuple[str, ...]:
    return definition.from_map.layers if definition.from_map else ()


def _map_conditions(catalogue: Catalogue) -> list[Any]:
    return [condition for condition in catalogue.conditions.values() if condition.kind == ConditionKind.MAP]


def _field(
    shape: MultiPolygon, key: str, plotted: FromMap | None, rules: Rules, ground: Ground, to_degrees: ToDegrees
) -> Told:
    assert plotted is not None
    layers = rules.all_of(plotted.layers)
    if plotted.gives == MapGives.BOUNDARY:
        return Told(key, geojson(to_degrees(shape)))
    if plotted.gives == MapGives.POINT:
        point = to_degrees(shape.representative_point())
        return Told(key, [round(point.x, POINT_DIGITS), round(point.y, POINT_DIGITS)])
    if plotted.gives == MapGives.AREA:
        return Told(key, round(shape.area, AREA_DIGITS))
    if plotted.gives == MapGives.HIT:
        return _hit(shape, key, layers, rules, ground)
    masked = not rules.masked.isdisjoint(layers)
    if not ground.has_all(layers):
        return Told(key, None, layers, masked)
    measure = overlap if plotted.gives == MapGives.INSIDE else outside
    found = measure(shape, ground.shapes(layers), rules.tolerance(layers[0]))
    return Told(key, _square_metres(found), layers, masked)


def _hit(shape: MultiPolygon, key: str, layers: tuple[str, ...], rules: Rules, ground: Ground) -> Told:
    """Answer whether the site overlaps any of these layers; no is only said when all of them have an edition."""
    masked = not rules.masked.isdisjoint(layers)
    for layer in layers:
        if overlap(shape, ground.shapes([layer]), rules.tolerance(layer)).is_hit:
            return Told(key, True, layers, masked)
    return Told(key, False if ground.has_all(layers) else None, layers, masked)


def _square_metres(found: Overlap) -> float:
    return round(found.total_m2, AREA_DIGITS) if found.is_hit else 0.0


def _regions(shape: MultiPolygon, catalogue: Catalogue, rules: Rules, ground: Ground) -> tuple[RegionShare, ...]:
    by_name = {name: code for code, name in catalogue.regions.items()}
    for layer in rules.districts:
        areas: dict[str, float] = {}
        for found in ground.features.get(layer, ()):
            code = found.fid if found.fid in catalogue.regions else by_name.get(found.name, "")
            if code:
                areas[code] = areas.get(code, 0.0) + shapely.intersection(shape, found.shape).area
        shares = sorted(((area / shape.area, code) for code, area in areas.items()), reverse=True)
        if shares and shares[0][0] >= MOST_OF_IT:
            return tuple(
                RegionShare(code, catalogue.regions[code], round(share, 4))
                for share, code in shares
                if share >= LEAST_SHARE
            )
    return ()


def geojson(shape: BaseGeometry) -> dict[str, Any]:
    """Write a shape in degrees as GeoJSON."""
    plain: dict[str, Any] = json.loads(shapely.to_geojson(shape))
    return plain
