"""A million polygons by COPY: 275 layers that cover the whole city, so that every site hits every layer.

265 layers are full partitions into 62 x 61 cells with wiggled borders, mean 108 vertices; ten are partitions into 4 x 4
with thousands. Neighbours share their edges exactly, coordinates are steps of 0.01 m, as an import leaves them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg2
import shapely
from django.db import connection

from blueprint.layers import frames
from blueprint.layers.models import Edition, Feature, Layer
from blueprint.layers.states import EditionState
from portal.core import clock
from tests.bench import city, data

Floats = npt.NDArray[np.float64]

EAST, NORTH = 38_400_000.0, 2_440_000.0
CELL_M = 645.0
USES = ("0701", "070102", "0804", "0901", "1001", "1207", "1401", "0101", "0301", "")
_COLUMNS = (
    "(edition_id, index, fid, name, use, far, density, green, height, project_code, related_codes, area_m2, geom)"
)
CHUNK = 2_000
_TABLE = Feature._meta.db_table
#: of what is made; another one makes it anew
VERSION = 2
_COUNT = f"""
    UPDATE {Edition._meta.db_table} e SET feature_count = f.n
    FROM (SELECT edition_id, count(*) AS n FROM {_TABLE} GROUP BY edition_id) f WHERE f.edition_id = e.id
"""
_GIST = "SELECT indexdef FROM pg_indexes WHERE indexdef LIKE '%% USING gist %%' AND tablename = %s"


@dataclass(frozen=True)
class Size:
    """How large the city is; sites hit as much in a small one."""

    columns: int
    rows: int

    @property
    def width(self) -> float:
        return self.columns * CELL_M

    @property
    def height(self) -> float:
        return self.rows * CELL_M


WHOLE, QUICK = Size(62, 61), Size(14, 14)


@dataclass(frozen=True)
class Plan:
    """One edition to be made."""

    edition_id: int
    seed: int
    columns: int
    rows: int
    #: vertices of an edge between two corners
    steps: int
    moved: float = 0.0
    """Metres by which corners differ from those of the same seed."""


def partition(plan: Plan, size: Size) -> npt.NDArray[np.object_]:
    """Return the polygons of a partition of the city, row by row."""
    random = np.random.default_rng(plan.seed)
    across, up = size.width / plan.columns, size.height / plan.rows
    shift = random.uniform(-0.5, 0.0, 2)
    ys, xs = np.mgrid[0 : plan.rows + 1, 0 : plan.columns + 1].astype(float)
    xs = EAST + (xs + shift[0]) * across * (1 + 1 / plan.columns) + random.uniform(-0.18, 0.18, xs.shape) * across
    ys = NORTH + (ys + shift[1]) * up * (1 + 1 / plan.rows) + random.uniform(-0.18, 0.18, ys.shape) * up
    if plan.moved:
        again = np.random.default_rng(plan.seed + 1)
        chosen = again.random(xs.shape) < 0.1
        xs = xs + chosen * again.uniform(-plan.moved, plan.moved, xs.shape)
    corners = np.stack([xs, ys], axis=-1)
    horizontal = _wiggled(corners[:, :-1], corners[:, 1:], plan.steps, random)
    vertical = _wiggled(corners[:-1, :], corners[1:, :], plan.steps, random)
    sides = (horizontal[:-1], vertical[:, 1:], horizontal[1:, :, ::-1], vertical[:, :-1, ::-1])
    rings = np.concatenate([side[:, :, :-1] for side in sides], axis=2)
    rings = rings.reshape(plan.rows * plan.columns, 4 * plan.steps, 2)
    polygons: npt.NDArray[np.object_] = shapely.polygons(shapely.linearrings(rings))
    return polygons


def _wiggled(begin: Floats, end: Floats, steps: int, random: np.random.Generator) -> Floats:
    """Return edges as bent lines from corner to corner in so many steps, snapped to 0.01 m."""
    t = np.linspace(0.0, 1.0, steps + 1)
    along = begin[..., None, :] + (end - begin)[..., None, :] * t[:, None]
    across = np.stack([-(end - begin)[..., 1], (end - begin)[..., 0]], axis=-1)
    phase = random.uniform(0, 2 * np.pi, begin.shape[:-1])
    bend = 0.05 * np.sin(np.pi * t) * np.sin(3 * np.pi * t + phase[..., None])
    # a little roughness, small against the distance of two points, so that no edge crosses itself
    bend = bend + np.where((t > 0) & (t < 1), random.uniform(-0.15, 0.15, bend.shape) / steps, 0.0)
    rough = along + across[..., None, :] * bend[..., None]
    return np.floor(rough * 100 + 0.5) / 100


def fill(plan: Plan, size: Size, parameters: dict[str, Any]) -> None:
    """Make an edition's features and COPY them."""
    polygons = partition(plan, size)
    geoms = shapely.multipolygons(polygons, indices=np.arange(len(polygons)))
    areas = shapely.area(polygons)
    random = np.random.default_rng(plan.seed + 2)
    uses = random.choice(USES, len(polygons))
    figures = np.round(random.uniform([0.8, 15, 20, 12], [3.5, 45, 40, 100], (len(polygons), 4)), 1)
    session = psycopg2.connect(**parameters)
    with session, session.cursor() as cursor:
        for begin in range(0, len(polygons), CHUNK):
            end = min(begin + CHUNK, len(polygons))
            lines = _lines(plan.edition_id, begin, shapely.to_wkb(geoms[begin:end], hex=True), uses, figures, areas)
            cursor.copy_expert(f"COPY {_TABLE} {_COLUMNS} FROM STDIN", io.StringIO("".join(lines)))
    session.close()


def _lines(
    edition_id: int, begin: int, hexed: npt.NDArray[np.object_], uses: Any, figures: Floats, areas: Floats
) -> Iterator[str]:
    for index, wkb in enumerate(hexed, begin):
        far, density, green, height = figures[index]
        yield (
            f"{edition_id}\t{index}\tF{index}\t\t{uses[index]}\t{far}\t{density}\t{green}\t{height}\t\t{{}}"
            f"\t{areas[index]}\t{wkb}\n"
        )


@dataclass(frozen=True)
class Made:
    """What there is in the database."""

    editions: int
    polygons: int
    vertices: int


def make(size: Size, *, coarse: frozenset[str], compared: frozenset[str]) -> Made:
    """Cover the city with every layer of the pack, some by few large polygons, some in two editions.

    What an earlier run made of the same size stays: it takes minutes.
    """
    stamp = f"bench {VERSION}: {size.columns} x {size.rows}"
    if Edition.objects.filter(source=stamp).exists() and not Edition.objects.exclude(source=stamp).exists():
        return _made()
    data.empty(Edition)
    city.load_pack()
    at = clock.now()
    plans: list[Plan] = []
    for number, layer in enumerate(Layer.objects.listed().in_order()):
        for name in ("2023", "2026") if layer.code in compared else ("2026",):
            edition = Edition.objects.create(
                layer=layer,
                name=name,
                state=EditionState.PUBLISHED,
                source="bench, being made",
                work_crs=frames.frame().work_crs,
                sha256=f"{number:064d}",
                imported_at=at,
                published_at=at,
            )
            fine = (size.columns, size.rows, 18 + number % 19)
            shape = (4, 4, 300 + 170 * (number % 10)) if layer.code in coarse else fine
            plans.append(Plan(edition.pk, 1_000 + number, *shape, moved=3.0 if name == "2023" else 0.0))
    with connection.cursor() as cursor:
        cursor.execute(_GIST, [_TABLE])
        indexes = [row[0] for row in cursor.fetchall()]
        for index in indexes:
            cursor.execute(f'DROP INDEX "{index.split()[2]}"')
    parameters = connection.get_connection_params()
    connection.close()
    with ProcessPoolExecutor(max_workers=2) as pool:
        list(pool.map(fill, plans, [size] * len(plans), [parameters] * len(plans)))
    # Published editions are final, also for a bench that counts their features when all are there.
    with connection.cursor() as cursor, data.unchecked():
        for index in indexes:
            cursor.execute(index)
        cursor.execute(_COUNT)
        Edition.objects.update(source=stamp)
    data.settle_statistics(Feature, Edition)
    return _made()


def _made() -> Made:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), sum(ST_NPoints(geom)) FROM {_TABLE}")
        polygons, vertices = cursor.fetchone()
    return Made(Edition.objects.count(), polygons, int(vertices))
