"""GeoPackage: the first layer, its CRS, and files that are damaged."""

import contextlib
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import shapely

from blueprint.geometry.reading import read_layer, read_site
from blueprint.geometry.shapes import FileUnusable
from tests.blueprint.geometry.files import EAST, FRAME, NORTH, SITE, at, box, write_ogr


def gpkg(folder: Path, *shapes: Any, crs: str | None = "EPSG:4526", **options: Any) -> Path:
    return write_ogr(folder / "site.gpkg", shapes or [shapely.Polygon(at(SITE))], crs=crs, **options)


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME, **options)
    return refusal.value.code


def test_reads_what_gdal_wrote(tmp_path: Path) -> None:
    fields = {"MC": ["示范", "二"], "RJL": [2.5, 1.0]}
    second = shapely.MultiPolygon(
        [shapely.Polygon(at(box(300, 0, 400, 100))), shapely.Polygon(at(box(500, 0, 510, 10)))]
    )
    path = gpkg(tmp_path, shapely.Polygon(at(SITE)), second, fields=fields)

    found = read_site(path, frame=FRAME)

    assert found.area_m2 == 60_000 + 10_000 + 100
    assert (found.source_crs, found.repairs) == ("EPSG:4526", ())
    # the number of a row is no fid, though GDAL calls its column so
    assert (found.attributes.fid, found.attributes.name, found.attributes.far) == (None, "示范", 2.5)


def test_a_column_of_ones_own_is_the_fid(tmp_path: Path) -> None:
    assert read_site(gpkg(tmp_path, fields={"BSM": ["A1"]}), frame=FRAME).attributes.fid == "A1"


def test_an_undefined_system_is_assumed(tmp_path: Path) -> None:
    found = read_site(gpkg(tmp_path, crs=None), frame=FRAME)

    assert (found.source_crs, [repair["code"] for repair in found.repairs]) == ("EPSG:4526", ["crs_assumed"])


@pytest.mark.parametrize(("crs", "code"), [("EPSG:2362", "crs_unsupported"), ("EPSG:32650", "crs_unsupported")])
def test_foreign_systems_are_refused(tmp_path: Path, crs: str, code: str) -> None:
    assert refused(gpkg(tmp_path, crs=crs)) == code


def test_heights_are_dropped_and_lines_are_no_polygons(tmp_path: Path) -> None:
    high = shapely.force_3d(shapely.Polygon(at(SITE)), 7.0)
    mixed = shapely.GeometryCollection([shapely.LineString(at(SITE)), shapely.Point(EAST, NORTH), high])
    line = shapely.LineString(at(SITE))

    with read_layer(gpkg(tmp_path, high, mixed, line, None, shapely.Polygon()), frame=FRAME) as reading:
        areas = [float(area) for batch in reading.batches() for area in batch.area]

    assert areas == [60_000, 60_000]
    assert [(row.index, row.reason) for row in reading.rejected] == [(index, "no_polygon") for index in (2, 3, 4)]


def test_not_a_number_rejects_the_feature(tmp_path: Path) -> None:
    nan = shapely.Polygon([(EAST, NORTH), (EAST + 10, NORTH), (EAST, float("nan")), (EAST, NORTH)])
    path = gpkg(tmp_path, shapely.Polygon(at(SITE)), nan)

    with read_layer(path, frame=FRAME) as reading:
        stored = sum(map(len, reading.batches()))

    assert (stored, [(row.index, row.reason) for row in reading.rejected]) == (1, [(1, "unreadable")])
    assert refused(path) == "unreadable"


def test_files_without_features_are_empty(tmp_path: Path) -> None:
    path = gpkg(tmp_path)
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER IF EXISTS rtree_site_geom_delete")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("DELETE FROM site")
    database.close()
    nothing, words = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    nothing.write_bytes(b"")
    words.write_bytes(b"SQLite format 3\0 and nothing more")

    assert [refused(each) for each in (path, nothing, words)] == ["empty_file", "empty_file", "unreadable"]


@pytest.mark.parametrize("seed", range(30))
def test_damage_never_breaks_the_reader(tmp_path: Path, seed: int) -> None:
    path = gpkg(tmp_path, *[shapely.Polygon(at(box(x, 0, x + 9, 9))) for x in range(0, 1000, 10)])
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _byte in range(chance.randint(1, 200)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(bytes(content[: chance.randint(len(content) // 2, len(content))]))

    with contextlib.suppress(FileUnusable):
        assert read_site(path, frame=FRAME).area_m2 > 0
