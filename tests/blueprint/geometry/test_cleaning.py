"""Snapping, cleaning, validity: the figures of the contract, and its worked example of a crossing ring."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blueprint.geometry import cleaning
from blueprint.geometry.reading import read_site
from blueprint.geometry.shapes import FileUnusable, SiteShape
from tests.blueprint.geometry.files import (
    EAST,
    FRAME,
    NORTH,
    SITE,
    Points,
    box,
    collection,
    feature,
    polygon,
    write_json,
)


def read(folder: Path, *rings: Points) -> SiteShape:
    return read_site(write_json(folder, collection(feature(polygon(*rings)))), frame=FRAME)


def refused(folder: Path, *geometries: Any) -> str:
    path = write_json(folder, collection(*[feature(geometry) for geometry in geometries]))
    with pytest.raises(FileUnusable) as refusal:
        read_site(path, frame=FRAME)
    return refusal.value.code


def codes(shape: SiteShape) -> list[str]:
    return [repair["code"] for repair in shape.repairs]


def crossing(height: float, west: float, east: float) -> Points:
    """Example 5: a ring whose lower edge crosses itself in two small triangles."""
    return ((0, 0), (west, 0), (east, -height), (west, -height), (east, 0), (300, 0), (300, 200), (0, 200))


def test_coordinates_snap_to_whole_centimetres_upward_from_the_half() -> None:
    snapped = cleaning.snap(np.array([0.004, 0.005, 0.0149, -0.005, -0.0051, 38_440_000.125]))

    assert snapped.tolist() == [0.0, 0.01, 0.01, 0.0, -0.01, 38_440_000.13]


def test_a_small_crossing_is_made_valid(tmp_path: Path) -> None:
    shape = read(tmp_path, crossing(4, 146, 154))

    assert codes(shape) == ["make_valid"]
    assert shape.area_m2 == pytest.approx(60_016.00, abs=0.005)


def test_a_large_crossing_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, polygon(crossing(12, 138, 162))) == "self_intersection"


def test_a_bow_tie_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, polygon(((0, 0), (100, 100), (100, 0), (0, 100)))) == "self_intersection"


def test_repeated_vertices_are_dropped_and_said(tmp_path: Path) -> None:
    shape = read(tmp_path, ((0, 0), (300, 0), (300, 0.004), (300, 200), (0, 200), (0, 200)))

    assert codes(shape) == ["duplicate_vertices"]
    assert len(shape.geometry.geoms[0].exterior.coords) == 5


def test_an_open_ring_is_closed_and_a_closing_point_is_no_repeat(tmp_path: Path) -> None:
    geometry = polygon(SITE)
    geometry["coordinates"][0].pop()

    shape = read_site(write_json(tmp_path, collection(feature(geometry))), frame=FRAME)

    assert (shape.area_m2, shape.repairs) == (60_000, ())
    assert read(tmp_path, SITE).repairs == ()


def test_a_closing_point_given_twice_is_a_repeat(tmp_path: Path) -> None:
    geometry = polygon(SITE)
    geometry["coordinates"][0].append(geometry["coordinates"][0][0])

    shape = read_site(write_json(tmp_path, collection(feature(geometry))), frame=FRAME)

    assert (shape.area_m2, codes(shape)) == (60_000, ["duplicate_vertices"])


@pytest.mark.parametrize("turned", [False, True])
def test_direction_is_free(tmp_path: Path, turned: bool) -> None:
    outer, hole = SITE, box(10, 10, 20, 20)
    rings = (outer[::-1], hole[::-1]) if turned else (outer, hole)

    shape = read(tmp_path, *rings)

    assert (shape.area_m2, shape.repairs) == (59_900, ())


def test_a_hole_without_area_is_dropped(tmp_path: Path) -> None:
    shape = read(tmp_path, SITE, ((10, 10), (20, 10)), ((50, 50), (50, 50.001), (50.001, 50)))

    assert shape.area_m2 == 60_000
    assert len(shape.geometry.geoms[0].interiors) == 0


@pytest.mark.parametrize(
    "ring",
    [
        ((0, 0), (100, 0)),
        ((0, 0), (100, 0), (0, 0), (100, 0)),
        ((0, 0), (0, 0), (0, 0)),
        ((0, 0), (100, 0), (200, 0)),
        box(0, 0, 0.09, 0.1),
        box(0, 0, 0.004, 0.004),
    ],
)
def test_what_has_no_area_is_collapsed(tmp_path: Path, ring: Points) -> None:
    assert refused(tmp_path, polygon(ring)) == "collapsed"
    assert refused(tmp_path, polygon(SITE), polygon(ring)) == "collapsed"


def test_a_hole_outside_its_ring_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, polygon(SITE, box(400, 0, 500, 100))) == "self_intersection"


def test_a_sliver_feature_of_exactly_the_least_area_stays(tmp_path: Path) -> None:
    assert read(tmp_path, box(0, 0, 0.1, 0.1)).area_m2 == pytest.approx(0.01, abs=1e-9)


def test_the_place_is_kept_to_the_centimetre(tmp_path: Path) -> None:
    assert read(tmp_path, SITE).geometry.bounds == (EAST, NORTH, EAST + 300, NORTH + 200)
