"""Shapes as flat arrays: into bytes and back, read from bytes of every kind, and judged without GEOS."""

import random

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from blueprint.geometry import validity
from blueprint.geometry.ahead import each
from blueprint.geometry.formats import wkb
from blueprint.geometry.outlines import Outlines

SQUARE = shapely.box(0, 0, 10, 10)
HOLED = SQUARE.difference(shapely.box(2, 2, 4, 4)).difference(shapely.box(6, 6, 8, 8))
PARTS = shapely.MultiPolygon([HOLED, shapely.box(20, 0, 30, 10), shapely.box(40, 0, 50, 10)])
MANY_HOLES = shapely.Polygon(
    shapely.box(0, 0, 100, 10).exterior, [shapely.box(x, 2, x + 1, 4).exterior for x in range(1, 90, 3)]
)


def every(*shapes: shapely.Geometry) -> Outlines:
    return Outlines.of(np.array([shapely.multipolygons(shapely.get_parts(shape)) for shape in shapes], object))


def test_what_is_written_is_what_geos_writes() -> None:
    outlines = every(SQUARE, HOLED, PARTS, MANY_HOLES, SQUARE)

    assert [bytes(each) for each in outlines.wkb()] == shapely.to_wkb(outlines.shapes()).tolist()
    assert Outlines.of(np.empty(0, object)).wkb() == []


@pytest.mark.parametrize("seed", range(5))
def test_geometries_of_every_kind_are_read_side_by_side(seed: int) -> None:
    chance = random.Random(seed)
    line = shapely.LineString([(0, 0), (1, 1)])
    kinds = [
        SQUARE,
        HOLED,
        PARTS,
        MANY_HOLES,
        shapely.multipolygons([SQUARE]),
        shapely.force_3d(HOLED, 7.0),
        shapely.GeometryCollection([line, HOLED, shapely.Point(1, 1), PARTS]),
        line,
        shapely.Polygon(),
        shapely.MultiPolygon(),
    ]
    shapes = [chance.choice(kinds) for _ in range(60)]
    contents = [
        b"head" + shapely.to_wkb(shape, byte_order=chance.choice([0, 1]), flavor=chance.choice(["iso", "extended"]))
        for shape in shapes
    ]

    found = wkb.read([*contents, b"head", b""], [4] * len(shapes) + [-1, 4])

    for place, shape in enumerate(shapes):
        parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
        first, last = found.feature_at[place : place + 2]
        read = []
        for polygon in range(first, last):
            rings = range(*found.polygon_at[polygon : polygon + 2])
            shell, *holes = [found.xy[found.ring_at[ring] : found.ring_at[ring + 1]] for ring in rings]
            read.append(shapely.Polygon(shell, holes))
        whole = [shapely.force_2d(part) for part in parts if not part.is_empty]
        assert [shapely.to_wkb(part) for part in read] == [shapely.to_wkb(part) for part in whole]
        assert found.other[place] == (shape.geom_type in ("LineString", "GeometryCollection"))
    assert found.broken.tolist() == [False] * 61 + [True]


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_bytes_that_end_early_are_broken_and_touch_no_other(cut: int) -> None:
    content = shapely.to_wkb(HOLED)

    found = wkb.read([content, content[:cut], content], [0, 0, 0])

    assert found.broken.tolist() == [False, True, False]
    assert np.diff(found.feature_at).tolist() == [1, 0, 1]
    assert (found.xy == np.concatenate([shapely.get_coordinates(HOLED)] * 2)).all()


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=9))
def test_a_ring_is_seen_whole_only_if_it_is_valid(vertices: list[tuple[int, int]]) -> None:
    shape = np.array([shapely.MultiPolygon([shapely.Polygon(vertices)])], object)
    outlines = Outlines.of(shape)

    assert validity.seen_whole(outlines)[0] <= shapely.is_valid(shape[0])
    assert validity.are_valid(outlines, shape)[0] == shapely.is_valid(shape[0])


def test_most_parcels_are_seen_whole_and_the_doubtful_are_asked() -> None:
    star = shapely.Polygon([(5, 0), (1, 1), (0, 5), (-1, 1), (-5, 0), (-1, -1), (0, -5), (1, -1)])
    twice = shapely.Polygon([(5, 0), (0, 5), (-5, 0), (0, -5), (4, 0), (0, 4), (-4, 0), (0, -4)])
    horseshoe = shapely.Polygon([(0, 0), (9, 0), (9, 9), (6, 9), (6, 1), (3, 1), (3, 9), (0, 9)])
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    outlines = every(SQUARE, star, star.reverse(), twice, horseshoe, bow, HOLED, PARTS)

    assert validity.seen_whole(outlines).tolist() == [True] * 3 + [False] * 5
    assert validity.are_valid(outlines, outlines.shapes()).tolist() == [True] * 3 + [False, True, False, True, True]


def test_far_from_the_origin_a_ring_of_centimetres_is_not_judged_by_rounding() -> None:
    steps = np.array([(0, 0), (2, 1), (4, 2), (5, 3), (1, 1)]) + np.array([3_844_000_000, 246_500_000])
    outlines = every(shapely.Polygon(steps / 100))

    assert validity.are_valid(outlines, outlines.shapes()).tolist() == shapely.is_valid(outlines.shapes()).tolist()


def test_work_in_threads_keeps_the_order_and_says_what_went_wrong() -> None:
    assert list(each(lambda number: number * 2, iter(range(50)))) == list(range(0, 100, 2))
    with pytest.raises(ZeroDivisionError):
        list(each(lambda number: 1 // number, iter([2, 1, 0, 1])))
    some = each(lambda number: number, iter(range(50)))
    assert next(some) == 0
    some.close()
