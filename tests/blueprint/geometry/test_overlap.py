"""The overlap rule, on the worked example of the contract (6.2) and at its edges."""

import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, Polygon, box

from blueprint.geometry.overlap import Tolerance, outside, overlap, polygons, without_slivers

SITE = box(0, 0, 300, 200)
THREE_LINES = Tolerance(area_m2=1.0, share=0.0005)


def test_counts_what_lies_in_the_farmland():
    found = overlap(SITE, [box(288, -50, 400, 250)], THREE_LINES)
    assert (found.total_m2, found.limit_m2, found.is_hit) == (2400.0, 30.0, True)


def test_a_shared_edge_is_no_overlap():
    found = overlap(SITE, [box(0, 200, 300, 260)], THREE_LINES)
    assert (found.parts, found.total_m2, found.is_hit) == ((), 0.0, False)


def test_drops_a_strip_of_thirty_centimetres():
    found = overlap(SITE, [box(20, -80, 120, 0.3)], Tolerance(area_m2=1.0))
    assert (found.total_m2, found.is_hit) == (0.0, False)


def test_keeps_a_strip_a_little_wider_than_forty_centimetres():
    found = overlap(SITE, [box(20, -80, 120, 0.41)], Tolerance(area_m2=1.0))
    assert found.total_m2 == pytest.approx(41.0)


def test_a_thread_between_two_cuts_of_one_edge_does_not_make_a_sliver():
    """The part of case 10 m² beside a slanting edge of 22 m, which only one of two layers cuts where the part ends."""
    east, north = 38_440_000, 2_465_000
    edge = Polygon([(east, north), (east + 2, north), (east + 2.01, north + 24.34), (east + 0.01, north + 24.34)])
    part = Polygon([(east, north), (east + 5.74, north), (east + 7.4, north + 2.19), (east + 1.66, north + 2.19)])

    found = shapely.difference(shapely.union_all([edge, part]), edge)

    assert found.length > 50
    assert [round(kept.area, 2) for kept in without_slivers(found, sliver_m=0.2)] == [10.01]
    assert [round(kept.length, 2) for kept in without_slivers(found, sliver_m=0.2)] == [14.08]


def test_needs_more_than_the_limit():
    corner = box(295, 194, 310, 210)
    assert not overlap(SITE, [corner], THREE_LINES).is_hit
    assert overlap(SITE, [corner], THREE_LINES).total_m2 == 30.0
    assert overlap(SITE, [corner], Tolerance(area_m2=1.0)).is_hit


def test_counts_ground_under_two_features_once():
    assert overlap(SITE, [box(0, 0, 20, 20), box(10, 0, 30, 20)], THREE_LINES).total_m2 == pytest.approx(600.0)


def test_measures_what_lies_outside_of_a_boundary():
    found = outside(SITE, [box(-100, 0, 290, 500)], THREE_LINES)
    assert (found.total_m2, found.is_hit) == (2000.0, True)


def test_everything_is_outside_of_an_empty_layer():
    assert outside(SITE, [], THREE_LINES).total_m2 == 60_000.0


def test_takes_the_polygons_out_of_a_mixed_collection():
    mixed = GeometryCollection([LineString([(0, 0), (1, 1)]), GeometryCollection([box(0, 0, 1, 1)])])
    assert [part.area for part in polygons(mixed)] == [1.0]


def test_reads_its_numbers_from_a_check_of_the_pack():
    read = Tolerance.of_check({"tolerance": {"area_abs_m2": 1.0, "area_rel": 0.0005, "sliver_width_m": 0.2}})
    assert read == THREE_LINES
    assert Tolerance.of_check({"tolerance": {"area_abs_m2": 2, "height_m": 0.5}}) == Tolerance(area_m2=2.0)
