"""In which CRS coordinates are read, and where they must lie."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyproj import CRS, Transformer

from blueprint.geometry import systems
from blueprint.geometry.reading import read_site
from blueprint.geometry.shapes import FileUnusable
from tests.blueprint.geometry.files import (
    EAST,
    FRAME,
    NORTH,
    SITE,
    at,
    collection,
    feature,
    write_dxf,
    write_json,
)

DEGREES = Transformer.from_crs(4526, 4490, always_xy=True)


def in_degrees(*, swapped: bool = False) -> list[list[float]]:
    points = [DEGREES.transform(*point) for point in at(SITE)]
    return [[lat, lon] if swapped else [lon, lat] for lon, lat in points]


def site(folder: Path, ring: Any, crs: str | None) -> Path:
    return write_json(folder, collection(feature({"type": "Polygon", "coordinates": [ring]}), crs=crs))


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME, **options)
    return refusal.value.code


@pytest.mark.parametrize(
    "crs",
    [None, "EPSG:4490", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326",
     "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "http://www.opengis.net/def/crs/EPSG/0/4490"],
)  # fmt: skip
def test_degrees_are_longitude_first(tmp_path: Path, crs: str | None) -> None:
    shape = read_site(site(tmp_path, in_degrees(), crs), frame=FRAME)

    assert (shape.source_crs, shape.repairs) == ("EPSG:4490", ())
    assert shape.area_m2 == pytest.approx(60_000, abs=0.05)


@pytest.mark.parametrize("code", [4513, 4525, 4527, 4533, 4534, 4547, 4546, 4548, 4554])
def test_every_zone_is_projected_into_the_work_crs(tmp_path: Path, code: int) -> None:
    there = Transformer.from_crs(4526, code, always_xy=True)
    ring = [list(there.transform(*point)) for point in at(SITE)]
    if abs(systems.zone_of(code) - FRAME.zone) > 1:
        # so far from its meridian the projection only says that it is somewhere else
        assert systems.accepted(code) == code
        return
    shape = read_site(site(tmp_path, ring, f"EPSG:{code}"), frame=FRAME)

    assert shape.source_crs == f"EPSG:{code}"
    assert shape.area_m2 == pytest.approx(60_000, abs=0.05)
    assert shape.geometry.bounds[:2] == pytest.approx((EAST, NORTH), abs=0.011)


def test_within_the_zone_only_the_prefix_is_added(tmp_path: Path) -> None:
    ring = [[point[0] - 38_000_000 + 0.125, point[1]] for point in at(SITE)]

    shape = read_site(site(tmp_path, ring, "EPSG:4547"), frame=FRAME)

    assert shape.geometry.bounds == (EAST + 0.13, NORTH, EAST + 300.13, NORTH + 200)


@pytest.mark.parametrize("code", [2379, 3857, 4214, 4508, 4512, 4555, 32650])
def test_others_are_not_supported(tmp_path: Path, code: int) -> None:
    assert refused(site(tmp_path, at(SITE), f"EPSG:{code}")) == "crs_unsupported"
    assert refused(site(tmp_path, at(SITE), None), crs=code) == "crs_unsupported"


def test_what_is_given_outweighs_what_the_file_says(tmp_path: Path) -> None:
    assert read_site(site(tmp_path, at(SITE), "EPSG:2379"), frame=FRAME, crs="EPSG:4526").source_crs == "EPSG:4526"


def test_exchanged_columns_are_said_and_never_mended(tmp_path: Path) -> None:
    north_east = [[y, x] for x, y in at(SITE)]

    assert refused(site(tmp_path, in_degrees(swapped=True), None)) == "axes_swapped"
    assert refused(site(tmp_path, north_east, "EPSG:4526")) == "axes_swapped"
    assert refused(site(tmp_path, [[y, x - 38e6] for x, y in at(SITE)], "EPSG:4547")) == "axes_swapped"


@pytest.mark.parametrize(
    "ring",
    [
        at(SITE, east=39_440_000),
        at(SITE, north=3_465_000),
        [*at(SITE)[:2], [0, 0], *at(SITE)[2:]],
        [[0, 0], [1, 0], [1, 1], [0, 0]],
        [[1e300, 0], [1, 0], [1, 1], [1e300, 0]],
    ],
)
def test_coordinates_outside_the_city_are_refused(tmp_path: Path, ring: Any) -> None:
    assert refused(site(tmp_path, ring, "EPSG:4526")) == "crs_outside"


def test_metres_without_a_crs_in_geojson_are_outside(tmp_path: Path) -> None:
    assert refused(site(tmp_path, at(SITE), None)) == "crs_outside"


@pytest.mark.parametrize(("offset", "code"), [(0, 4526), (38_000_000, 4547)])
def test_a_drawing_is_read_in_the_first_crs_that_fits(tmp_path: Path, offset: float, code: int) -> None:
    path = write_dxf(tmp_path / "site.dxf", {"points": [(x - offset, y) for x, y in SITE]})

    shape = read_site(path, frame=FRAME)

    assert (shape.source_crs, [repair["code"] for repair in shape.repairs]) == (f"EPSG:{code}", ["crs_assumed"])
    assert shape.area_m2 == pytest.approx(60_000, abs=1e-6)


def test_a_drawing_that_fits_nowhere_is_refused(tmp_path: Path) -> None:
    here = write_dxf(tmp_path / "a.dxf", {"points": [(x - EAST, y) for x, y in SITE]})
    swapped = write_dxf(tmp_path / "b.dxf", {"points": [(NORTH + y - EAST, EAST + x - NORTH) for x, y in SITE]})

    assert refused(here) == "crs_outside"
    assert refused(swapped) == "axes_swapped"


@pytest.mark.parametrize("version", ["WKT1_ESRI", "WKT1_GDAL", "WKT2_2019"])
@pytest.mark.parametrize("code", [4490, 4326, 4525, 4526, 4547, 4554])
def test_systems_are_known_by_their_figures(version: str, code: int) -> None:
    words = CRS.from_epsg(code).to_wkt(version)

    assert systems.from_wkt(words) == (4490 if code == 4326 else code)


@pytest.mark.parametrize("code", [2379, 4498, 4610, 32650, 3857])
def test_foreign_systems_are_refused(code: int) -> None:
    with pytest.raises(FileUnusable) as refusal:
        systems.from_wkt(CRS.from_epsg(code).to_wkt("WKT1_GDAL"))
    assert refusal.value.code == "crs_unsupported"


def test_there_and_back_is_the_same_place() -> None:
    xy = np.array(at(SITE))

    for code in (4490, 4525, 4527, 4547):
        away = systems.transform(xy, FRAME.work_crs, code)
        assert systems.transform(away, code, FRAME.work_crs) == pytest.approx(xy, abs=1e-6)
