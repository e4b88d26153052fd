# ruff: noqa: N999 - named as it is asked for: bin/bench import
"""Importing a layer by `import_layer` from GeoPackage and GeoJSON, beside ogr2ogr on the same files; its memory."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio.raw
import shapely
from django.conf import settings
from django.db import connection

from blueprint.layers import frames
from blueprint.layers.models import Edition, Feature, Layer
from portal.citypack import operations as citypack
from portal.core import clock
from portal.core.actor import Actor
from tests.bench import data
from tests.bench.measure import Measurement

FEATURES, VERTICES = 100_000, 108
#: for the memory: many, and small ones, so that what is kept for each would show
MANY, FEW_VERTICES = 1_000_000, 12
CHUNK = 50_000
BLOCK = 90_000
USES = ("0701", "0901", "1001")
FLOOR_TABLE = "bench_ogr2ogr"


@dataclass(frozen=True)
class Run:
    """What a program took."""

    seconds: float
    cpu: float
    peak_mb: float


def run() -> Iterator[Measurement]:
    """Measure the speed from both formats, then the memory for a million features."""
    logging.getLogger("pyogrio").setLevel(logging.WARNING)
    citypack.load(directory=settings.CITY_PACK, actor=Actor.system("bench"), at=clock.now())
    layer = Layer.objects.listed().in_order()[0].code
    with tempfile.TemporaryDirectory(prefix="bench-import-") as room:
        file = Path(room) / "layer.gpkg"
        write(file, FEATURES, VERTICES)
        for path in (file, converted(file)):
            yield speed(path, layer)
        many = Path(room) / "many.gpkg"
        write(many, MANY, FEW_VERTICES)
        yield memory(many, layer)
    empty()


def speed(path: Path, layer: str) -> Measurement:
    """Import a file and give it to ogr2ogr, in turns; the quicker of two runs each counts."""
    ours, theirs = [], []
    for _turn in range(2):
        empty()
        ours.append(imported(path, layer))
        theirs.append(by_ogr2ogr(path))
    best = min(ours, key=lambda taken: taken.seconds)
    floor = min((taken.seconds for taken in theirs if taken), default=None)
    return Measurement(
        "import",
        "import_features_per_s" if path.suffix == ".gpkg" else "import_geojson_features_per_s",
        FEATURES / best.seconds,
        "1/s",
        2,
        floor=FEATURES / floor if floor else None,
        note=f"{FEATURES} polygons of {VERTICES} vertices from {path.suffix}, the whole command; "
        f"{best.cpu:.1f} s CPU of it, {best.peak_mb:.0f} MB at most",
    )


def memory(path: Path, layer: str) -> Measurement:
    """Import a million features and tell the most memory the command had."""
    empty()
    taken = imported(path, layer)
    return Measurement(
        "import",
        f"peak_mb_at_{MANY}",
        taken.peak_mb,
        "MB",
        1,
        note=f"{MANY} polygons of {FEW_VERTICES} vertices in {taken.seconds:.0f} s, {taken.cpu:.0f} s CPU",
    )


def imported(path: Path, layer: str) -> Run:
    """Run the command as anybody runs it."""
    manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "import_layer"]
    taken, printed = timed([*manage, str(path), "--layer", layer, "--edition", "bench"])
    stored = json.loads(printed)["features"]
    if stored != Feature.objects.count():
        raise RuntimeError(f"{stored} features were told, {Feature.objects.count()} are there")
    return taken


def by_ogr2ogr(path: Path) -> Run | None:
    """Let GDAL's own program load the file into a table with a spatial index; None where it is not installed."""
    if shutil.which("ogr2ogr") is None:
        return None
    parameters = connection.get_connection_params()
    target = f"PG:dbname={parameters['dbname']} host={parameters.get('host', '')} user={parameters.get('user', '')}"
    options = ["-nln", FLOOR_TABLE, "-overwrite", "-lco", "GEOMETRY_NAME=geom", "--config", "PG_USE_COPY", "YES"]
    taken, _printed = timed(["ogr2ogr", "-f", "PostgreSQL", target, str(path), *options])
    return taken


def timed(command: Sequence[str]) -> tuple[Run, bytes]:
    """Run a program and return what it took and printed.

    :raises RuntimeError: it failed
    """
    begin = time.perf_counter()
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        done = 0
        while not done:
            # the kernel's own record for a child begins with what its parent had when it was forked
            peak = max(peak, _peak_mb(child.pid))
            time.sleep(0.05)
            done, status, used = os.wait4(child.pid, os.WNOHANG)
        child.returncode = os.waitstatus_to_exitcode(status)
        printed = child.stdout.read() if child.stdout else b""
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}: {printed.decode()[:500]}")
    return Run(time.perf_counter() - begin, used.ru_utime + used.ru_stime, peak), printed


def _peak_mb(pid: int) -> float:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def empty() -> None:
    """Take all editions away."""
    data.empty(Feature, Edition)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FLOOR_TABLE}")


def write(path: Path, features: int, vertices: int) -> None:
    """Write polygons on a grid, each a star around its cell's middle, as a GeoPackage."""
    chance = np.random.default_rng(1)
    side = math.ceil(features**0.5)
    step = BLOCK / side
    corner = np.array([frames.frame().zone * 1_000_000 + 410_000, 2_440_000])
    turns = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    rays = np.column_stack([np.cos(turns), np.sin(turns)])
    for begin in range(0, features, CHUNK):
        number = np.arange(begin, min(begin + CHUNK, features))
        middle = corner + np.column_stack([number % side, number // side]) * step
        radii = step * 0.45 * (0.8 + 0.2 * chance.random((len(number), vertices, 1)))
        xy = ((middle[:, None] + radii * rays) * 100).round() / 100
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapely.polygons(np.concatenate([xy, xy[:, :1]], axis=1))),
            [
                np.array([f"B{each}" for each in number], object),
                np.array([USES[each % len(USES)] for each in number], object),
                chance.random(len(number)).round(2) * 4,
            ],
            ["BSM", "YDDM", "RJL"],
            geometry_type="Polygon",
            crs=f"EPSG:{frames.frame().work_crs}",
            append=begin > 0,
        )


def converted(path: Path) -> Path:
    """Write the same features as GeoJSON, to the centimetre."""
    target = path.with_suffix(".geojson")
    meta, _fids, geometry, columns = pyogrio.raw.read(path)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    said = [dict(zip(meta["fields"], row, strict=True)) for row in rows]
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{frames.frame().work_crs}"}}
    with target.open("w") as file:
        file.write(f'{{"type":"FeatureCollection","crs":{json.dumps(crs)},"features":[')
        for number, (shape, properties) in enumerate(zip(shapely.from_wkb(geometry), said, strict=True)):
            told = f'"properties":{json.dumps(properties)},"geometry":{shapely.to_geojson(shape)}'
            file.write(f'{"," if number else ""}\n{{"type":"Feature",{told}}}')
        file.write("\n]}")
    return target
