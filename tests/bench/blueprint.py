"""A site against 275 layers and a million polygons, two plans, the whole city, tiles.

The floor of a site is the best raw SQL known for it: one statement that clips every feature to the site's box and
intersects the rest, with or without a short cut for what fills the box, whichever is faster here; fetched, and nothing
else done. It is measured in turns with ours, site by site, since no machine is ever quite still; the note gives the
processor time of both processes. `--quick` makes a city of a twentieth of the ground, in which a site hits as much.
"""

from __future__ import annotations

import json
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import connection
from django.test import RequestFactory
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from blueprint.checks import citywide, engine, instant, loading, views
from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Plot
from blueprint.checks.results import EditionRef, Outcome
from blueprint.checks.rules import RULES
from blueprint.geometry import degrees
from blueprint.geometry.shapes import Attributes
from blueprint.layers import frames, tiles
from blueprint.layers.models import Edition
from portal.core.actor import Actor
from tests.bench import city, terrain
from tests.bench.measure import Measurement, statements

SITES, VERTICES, AREA_M2 = 60, 100, 50_000.0
BATCH, TILES, CITY_RUNS = 100, 60, 3
ZOOM = 14
DECLARED = Attributes(use="0701", far=2.0, density=30.0, green=35.0, height=60.0, declared_m2=AREA_M2)

_NEAR = """
    SELECT edition_id, fid, {area} FROM (
        SELECT edition_id, fid, ST_ClipByBox2D(f.geom, box) AS near, site.geom AS site, box, area
        FROM layers_feature f, (
            SELECT geom, ST_Envelope(geom) AS box, ST_Area(geom) AS area
            FROM (SELECT ST_GeomFromWKB(%s) AS geom) AS given
        ) AS site
        WHERE f.geom && box AND edition_id = ANY(%s)
    ) AS clipped
"""
FLOORS = (
    _NEAR.format(area="ST_Area(ST_Intersection(near, site))"),
    _NEAR.format(area="CASE WHEN ST_Covers(near, box) THEN area ELSE ST_Area(ST_Intersection(near, site)) END"),
)
#: the patches of a site as the check wants them: of the current editions, united by use, land without a use, split,
#: without slivers
FLOOR_CONFLICT = """
    WITH site AS (SELECT geom, ST_Expand(geom, 1) AS box FROM (SELECT ST_GeomFromWKB(%s) AS geom) AS given),
    current AS (
        SELECT DISTINCT ON (layer_id) layer_id, id FROM layers_edition
        WHERE state = 'published' AND layer_id = ANY(%s) ORDER BY layer_id, name COLLATE "C" DESC
    ),
    near AS (
        SELECT layer_id, use, ST_Union(ST_ClipByBox2D(f.geom, box)) AS geom
        FROM current JOIN layers_feature f ON f.edition_id = current.id, site
        WHERE f.geom && box GROUP BY layer_id, use
    ),
    land AS (
        SELECT * FROM near WHERE use <> ''
        UNION ALL
        SELECT layer_id, '', ST_Difference(box, coalesce(
            (SELECT ST_Union(geom) FROM near WHERE near.layer_id = current.layer_id AND use <> ''),
            ST_GeomFromText('POLYGON EMPTY')))
        FROM site, current
    )
    SELECT a.use, b.use, ST_Area(part.geom), ST_AsBinary(part.geom)
    FROM site, land a JOIN land b ON a.layer_id = %s AND b.layer_id = %s
        AND (left(a.use, 2) = ANY(%s) OR left(b.use, 2) = ANY(%s)) AND left(a.use, 2) <> left(b.use, 2),
        LATERAL ST_Dump(ST_CollectionExtract(ST_Intersection(ST_Intersection(a.geom, b.geom), site.geom), 3)) AS part
    WHERE ST_Area(part.geom) >= 5 AND ST_Area(part.geom) > 0.2 * ST_Perimeter(part.geom)
"""
FLOOR_CITY = """
    SELECT count(*), sum(ST_Area(ST_Intersection(a.geom, b.geom)))
    FROM layers_feature a JOIN layers_feature b ON a.geom && b.geom AND left(a.use, 2) <> left(b.use, 2)
    WHERE a.edition_id = %s AND b.edition_id = %s AND ST_Intersects(a.geom, b.geom)
"""


@dataclass
class Clock:
    """What repetitions of one thing took, in ms: on the wall, and of the processors of both processes."""

    backend: int
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], object]) -> None:
        """Do it once."""
        wall, own, theirs = time.perf_counter(), time.process_time(), _processor_ms(self.backend)
        work()
        self.walls.append((time.perf_counter() - wall) * 1000)
        self.cpus.append((time.process_time() - own) * 1000 + _processor_ms(self.backend) - theirs)

    @property
    def median(self) -> float:
        return statistics.median(self.walls)

    @property
    def p95(self) -> float:
        return float(np.percentile(self.walls, 95))

    @property
    def cpu(self) -> float:
        return statistics.median(self.cpus)


def _processor_ms(pid: int) -> float:
    """Return the processor time of another process; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0


def _backend() -> int:
    """Return the process that serves this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _fetch(sql: str, parameters: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[Any] = cursor.fetchall()
        return found


def sites(size: terrain.Size, *, n: int) -> list[BaseGeometry]:
    """Return sites of 5 ha with 100 vertices, spread over the city."""
    random = np.random.default_rng(7)
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    found = []
    for _ in range(n):
        radius = 1 + 0.25 * np.sin(3 * angles + random.uniform(0, 6)) + random.uniform(-0.03, 0.03, VERTICES)
        ring = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
        ring *= math.sqrt(AREA_M2 / Polygon(ring).area)
        ring += _somewhere(size, random)
        found.append(Polygon(np.floor(ring * 100 + 0.5) / 100))
    return found


def _somewhere(size: terrain.Size, random: np.random.Generator) -> Any:
    """Return a point of the city, not at its edge."""
    return np.add(random.uniform([600, 600], [size.width - 600, size.height - 600]), [terrain.EAST, terrain.NORTH])


def run(*, quick: bool = False) -> Iterator[Measurement]:
    """Make the ground, unless it is there from the last time, and measure."""
    city.load_pack()
    definitions = loading.definitions()
    size = terrain.QUICK if quick else terrain.WHOLE
    control = definitions.checks["chk_control"].layers("consult")
    coarse = frozenset((*definitions.checks["chk_3lines"].layers("forbid", "contain"), *control[1:8]))
    made = terrain.make(size, coarse=coarse, compared=definitions.compared)
    about = f"{made.editions} editions, {made.polygons:,} polygons, mean {made.vertices / made.polygons:.0f} vertices"
    current = {ref.layer: ref for ref in loading.editions(definitions)[0]}
    places = sites(size, n=SITES)
    yield from _site(places, definitions, current, about)
    yield from _conflict(places, definitions)
    yield from _city(definitions, current, made)
    yield from _batch(sites(size, n=BATCH), definitions)
    yield from _tiles(current, size)


def check(place: BaseGeometry, definitions: Definitions) -> Any:
    """Check a site as the command does."""
    return engine.examine(loading.ground(Plot(place, DECLARED), definitions), definitions)


def _site(
    places: Sequence[BaseGeometry], definitions: Definitions, current: dict[str, EditionRef], about: str
) -> Iterator[Measurement]:
    ids = [ref.id for ref in current.values()]
    backend = _backend()
    ours, http, *floors = (Clock(backend) for _ in range(2 + len(FLOORS)))
    hits = []
    requests = [_request(place) for place in places]
    for turn, (place, request) in enumerate(zip((places[0], *places), (requests[0], *requests), strict=True)):
        if turn == 1:  # the first one warmed up
            ours, http, *floors = (Clock(backend) for _ in range(2 + len(FLOORS)))
        for clock, sql in zip(floors, FLOORS, strict=True):
            clock.take(lambda sql=sql, place=place: hits.append(len(_fetch(sql, [shapely.to_wkb(place), ids]))))  # type: ignore[misc]
        ours.take(lambda place=place: check(place, definitions))  # type: ignore[misc]
        http.take(lambda request=request: views.look(request))  # type: ignore[misc]
    with statements() as seen:
        check(places[0], definitions)
    floor = min(floors, key=lambda clock: clock.median)
    note = f"{about}, median {statistics.median(hits):.0f} hits; processors {ours.cpu:.1f} ms, floor {floor.cpu:.1f} ms"
    yield Measurement("blueprint", "site_ms_p50", ours.median, "ms", len(places), floor.median, len(seen), note)
    yield Measurement("blueprint", "site_ms_p95", ours.p95, "ms", len(places), floor.p95, len(seen))
    note = f"reads the boundary, checks it and answers; floor is site_ms; processors {http.cpu:.1f} ms"
    yield Measurement("blueprint", "site_http_ms", http.median, "ms", len(places), ours.median, note=note)


def _request(place: BaseGeometry) -> Any:
    """Return the request of somebody who has a boundary checked while he draws it."""
    body = json.dumps(degrees.geojson(place, frames.frame().work_crs))
    request = RequestFactory().post("/checks/look/", body, content_type="application/geo+json")
    request.actor = Actor.system("bench")  # type: ignore[attr-defined]
    return request


def _conflict(places: Sequence[BaseGeometry], definitions: Definitions) -> Iterator[Measurement]:
    rule = definitions.checks["chk_two_plan"]
    plans = [rule.layer("plan_a"), rule.layer("plan_b")]
    backend = _backend()
    ours, floor = Clock(backend), Clock(backend)

    def compare(place: BaseGeometry) -> Outcome:
        ground = loading.ground(Plot(place, DECLARED), definitions, only=plans)
        return RULES["chk_two_plan"].judge(rule, ground, definitions)

    def plain(place: BaseGeometry) -> list[Any]:
        construction = sorted(rule.construction)
        return _fetch(FLOOR_CONFLICT, [shapely.to_wkb(place), plans, *plans, construction, construction])

    for place in places[:10]:
        one, other = (sorted(round(area, 1) for area in areas) for areas in _both(compare(place), plain(place)))
        if one != other:
            raise RuntimeError(f"the floor finds other patches: {one} and {other}")
    for place in places:
        floor.take(lambda place=place: plain(place))  # type: ignore[misc]
        ours.take(lambda place=place: compare(place))  # type: ignore[misc]
    note = f"processors {ours.cpu:.2f} ms, floor {floor.cpu:.2f} ms"
    yield Measurement("blueprint", "conflict_ms", ours.median, "ms", len(places), floor.median, note=note)


def _both(ours: Outcome, floor: list[Any]) -> tuple[list[float], list[float]]:
    """Return the areas of the patches of both."""
    return [patch.area for patch in ours.patches], [row[2] for row in floor]


def _city(definitions: Definitions, current: dict[str, EditionRef], made: terrain.Made) -> Iterator[Measurement]:
    rule = definitions.checks["chk_two_plan"]
    plans = [current[rule.layer("plan_a")], current[rule.layer("plan_b")]]
    backend = _backend()
    ours, floor, lines = Clock(backend), Clock(backend), Clock(backend)
    patches: list[Any] = []

    def conflicts() -> None:
        patches[:] = citywide.conflicts(rule, loading.whole(plans[0]), loading.whole(plans[1]), definitions)

    for _ in range(CITY_RUNS):
        floor.take(lambda: _fetch(FLOOR_CITY, [ref.id for ref in plans]))
        ours.take(conflicts)
    polygons = sum(Edition.objects.filter(pk__in=[ref.id for ref in plans]).values_list("feature_count", flat=True))
    note = f"{polygons:,} polygons of two plans, {len(patches):,} patches; processors {ours.cpu / 1000:.2f} s"
    yield Measurement(
        "blueprint", "city_difference_s", ours.median / 1000, "s", CITY_RUNS, floor.median / 1000, note=note
    )
    line = definitions.checks["chk_line_diff"]
    previous = {ref.layer: ref for ref in loading.editions(definitions)[1]}
    layer = max(previous, key=lambda code: Edition.objects.get(pk=previous[code].id).feature_count)
    for _ in range(CITY_RUNS):
        lines.take(
            lambda: citywide.difference(
                line, loading.whole(current[layer]), loading.whole(previous[layer]), definitions
            )
        )
    note = "two editions of a line, a tenth of the corners moved"
    yield Measurement("blueprint", "city_line_difference_s", lines.median / 1000, "s", CITY_RUNS, note=note)


def _batch(places: Sequence[BaseGeometry], definitions: Definitions) -> Iterator[Measurement]:
    frame = frames.frame()
    with tempfile.TemporaryDirectory() as room:
        paths = []
        for number, place in enumerate(places):
            path = Path(room) / f"{number:03d}.geojson"
            path.write_text(json.dumps(degrees.geojson(place, frame.work_crs)), "utf-8")
            paths.append(path)
        begin = time.perf_counter()
        answers = instant.answers(paths, frame=frame, definitions=definitions)
        took = time.perf_counter() - begin
    refused = [answer for answer in answers if "error" in answer]
    if refused:
        raise RuntimeError(f"a site of the bench was refused: {refused[0]}")
    note = "files read, checked and answered, two at a time"
    yield Measurement("blueprint", "sites_per_s", len(paths) / took, "1/s", len(paths), note=note)


def _tiles(current: dict[str, EditionRef], size: terrain.Size) -> Iterator[Measurement]:
    frame = frames.frame()
    random = np.random.default_rng(11)
    editions = Edition.objects.in_bulk([ref.id for ref in current.values()])
    backend = _backend()
    fresh, kept = Clock(backend), Clock(backend)
    for number, edition in zip(range(TILES), editions.values(), strict=False):
        lon, lat = degrees.to_degrees(shapely.Point(_somewhere(size, random)), frame.work_crs).coords[0]
        x, y = _tile_of(lon, lat)
        if number == 0:
            tiles.cut(edition, ZOOM, x, y)
        fresh.take(lambda: tiles.cut(edition, ZOOM, x, y))  # noqa: B023 - done at once
        tiles.tile(edition, ZOOM, x, y)
        kept.take(lambda: tiles.tile(edition, ZOOM, x, y))  # noqa: B023 - done at once
    note = f"zoom {ZOOM}, one edition each; processors {fresh.cpu:.1f} ms"
    yield Measurement("blueprint", "tile_ms_uncached", fresh.median, "ms", TILES, note=note)
    yield Measurement("blueprint", "tile_ms_cached", kept.median, "ms", TILES)


def _tile_of(lon: float, lat: float) -> tuple[int, int]:
    across = 2**ZOOM
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across
    return int((lon + 180) / 360 * across), int(y)
