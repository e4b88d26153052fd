"""GeoJSON: what counts as a site, what is left out, and how a broken file is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from blueprint.geometry.reading import read_site
from blueprint.geometry.shapes import FileUnusable, SiteShape
from tests.blueprint.geometry.files import (
    FRAME,
    SITE,
    at,
    box,
    collection,
    feature,
    polygon,
    write_json,
)


def read(folder: Path, content: Any, **options: Any) -> SiteShape:
    return read_site(write_json(folder, content), frame=FRAME, **options)


def codes(shape: SiteShape) -> list[str]:
    return sorted(repair["code"] for repair in shape.repairs)


def refused(folder: Path, content: Any, **options: Any) -> str:
    path = folder / "site.geojson"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME, **options)
    assert str(refusal.value)
    return refusal.value.code


def test_reads_a_rectangle_with_its_attributes(tmp_path: Path) -> None:
    shape = read(tmp_path, collection(feature(polygon(SITE), BSM=7, MC="示范", YDDM="0701", RJL="2.35", ldl=31)))

    assert shape.area_m2 == 60_000
    assert (shape.source_crs, shape.repairs) == ("EPSG:4526", ())
    assert (shape.attributes.fid, shape.attributes.name, shape.attributes.use) == ("7", "示范", "0701")
    assert (shape.attributes.far, shape.attributes.green, shape.attributes.height) == (2.35, 31, None)


def test_reads_a_lone_feature_and_a_lone_geometry(tmp_path: Path) -> None:
    lonely = feature(polygon(SITE))
    lonely["crs"] = {"type": "name", "properties": {"name": "EPSG:4526"}}

    assert read(tmp_path, lonely).area_m2 == 60_000
    assert read(tmp_path, polygon(SITE), crs="EPSG:4526").area_m2 == 60_000


def test_the_crs_may_stand_behind_the_features(tmp_path: Path) -> None:
    first = collection(feature(polygon(SITE)))
    last = {"type": first["type"], "features": first["features"], "crs": first["crs"]}
    long = {"type": "FeatureCollection", "name": "x" * 100_000, **last}

    assert read(tmp_path, last).source_crs == "EPSG:4526"
    assert read(tmp_path, long).source_crs == "EPSG:4526"


def test_holes_are_taken_off_and_parts_added(tmp_path: Path) -> None:
    parts = {
        "type": "MultiPolygon",
        "coordinates": [polygon(SITE, box(10, 10, 20, 20))["coordinates"], [at(box(400, 0, 410, 10))]],
    }

    assert read(tmp_path, collection(feature(parts))).area_m2 == 60_000 - 100 + 100


def test_other_geometry_is_left_out_and_said(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": at(SITE)}
    mixed = {"type": "GeometryCollection", "geometries": [polygon(SITE), line]}

    assert codes(read(tmp_path, collection(feature(mixed)))) == ["other_geometry_ignored"]
    assert codes(read(tmp_path, collection(feature(line), feature(polygon(SITE))))) == ["other_geometry_ignored"]
    assert refused(tmp_path, collection(feature(line))) == "no_polygon"


def test_attributes_are_those_of_the_first_polygon(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [0, 0]}
    shape = read(
        tmp_path,
        collection(
            feature(point, name="point"),
            feature(polygon(SITE), name="first", GLXM="A-1, B-2;C-3 D-4", area_m2=60_000),
            feature(polygon(box(300, 0, 400, 100)), name="second"),
        ),
    )

    assert shape.attributes.name == "first"
    assert shape.attributes.related_codes == ("A-1", "B-2", "C-3", "D-4")
    assert (shape.attributes.declared_m2, shape.area_m2) == (60_000, 70_000)


def test_the_id_of_a_feature_counts_where_it_has_no_other(tmp_path: Path) -> None:
    named = {**feature(polygon(SITE)), "id": 12}
    both = {**feature(polygon(SITE), 编号="B"), "id": 12}

    assert read(tmp_path, collection(named)).attributes.fid == "12"
    assert read(tmp_path, collection(both)).attributes.fid == "B"


def test_coordinates_with_heights_are_read_without_them(tmp_path: Path) -> None:
    ring = [[*point, 5.0] for point in at(SITE)]
    ring[1] = ring[1][:2]

    assert read(tmp_path, collection(feature({"type": "Polygon", "coordinates": [ring]}))).area_m2 == 60_000


def test_parts_over_each_other_are_dissolved_and_said(tmp_path: Path) -> None:
    shape = read(tmp_path, collection(feature(polygon(SITE)), feature(polygon(box(200, 0, 400, 200)))))

    assert shape.area_m2 == 80_000
    assert codes(shape) == ["parts_dissolved"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n", "empty_file"),
        (b'{"type":"FeatureCollection","features":[]}', "empty_file"),
        (b"{}", "unreadable"),
        (b"[1, 2]", "unreadable"),
        (b"null", "unreadable"),
        (b"<kml/>", "unreadable"),
        (b'{"type":"FeatureCollection","features":[', "unreadable"),
        (b'{"type":"FeatureCollection","features":[]} {}', "unreadable"),
        (b'{"type":"Polygon","coordinates":' + b"[" * 100_000, "unreadable"),
        (b'{"type":"Polygon","coordinates":[[[NaN,1],[2,3],[4,5]]]}', "unreadable"),
        (b'{"type":"Polygon","coordinates":[[[1e999,1],[2,3],[4,5],[1,1]]]}', "unreadable"),
        (b'{"type":"Polygon","coordinates":[[["a","b"],[2,3],[4,5],[1,1]]]}', "unreadable"),
        (b'{"type":"Polygon","coordinates":[[[1],[2],[3],[1]]]}', "unreadable"),
        (b'{"type":"Polygon","coordinates":7}', "unreadable"),
        (b'{"type":"Polygon","coordinates":[[[' + b"9" * 5000 + b",1],[2,3],[4,5],[1,1]]]}", "unreadable"),
        (b'{"type":"Polygon","coordinates":[]}', "no_polygon"),
        (b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null}]}', "no_polygon"),
        (b'{"type":"FeatureCollection","features":[7]}', "unreadable"),
        ('{"type":"Point","name":"示范","coordinates":[1,2]}'.encode("gbk"), "unreadable"),
        (
            b'{"type":"Polygon","crs":{"type":"name","properties":{"name":"EPSG:2379"}},"coordinates":[]}',
            "crs_unsupported",
        ),
        (b'{"type":"Polygon","crs":"EPSG:4526","coordinates":[]}', "crs_unsupported"),
    ],
)
def test_refuses_what_is_no_geojson(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content) == code


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = json.dumps(collection(feature(polygon(SITE), name="示范"))).encode()

    assert {refused(tmp_path, whole[:length]) for length in range(1, len(whole), 7)} == {"unreadable"}


def test_a_boundary_of_a_million_vertices_is_read(tmp_path: Path) -> None:
    count = 1_000_000
    lower = [(x * 3000 / count, 0.0) for x in range(count)]

    assert read(tmp_path, collection(feature(polygon([*lower, (3000, 0), (3000, 200), (0, 200)])))).area_m2 == 600_000


def test_a_list_without_end_in_a_list_is_only_an_odd_word(tmp_path: Path) -> None:
    shape = read(tmp_path, collection(feature(polygon(SITE), GLXM="[" * 200_000)))

    assert shape.area_m2 == 60_000
    assert shape.attributes.related_codes == ()
