"""Lots have the size that was wished, lie where they should, and each piece of ground is given once."""

import itertools

import pytest
from shapely.geometry import MultiPolygon, Polygon

from blueprint.ground import drawing as drawings
from blueprint.ground.lots import Lie, Lot, Surveyor, Wish

AVOID = ("L04.01.01", "L04.01.02", "L06.01", "L09.01", "L10.01", "L13.03")


def shape(lot: Lot) -> MultiPolygon:
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in lot.polygons])


def overlap(drawing: drawings.Drawing, lot: Lot, theme: str) -> float:
    return sum(drawing.placed(each.shape).intersection(shape(lot)).area for each in drawing.features(theme))


@pytest.fixture(scope="module")
def lots(drawing):
    wishes = [
        Wish("a", "449902", "1001", 9000.0),
        Wish("b", "449902", "1001", 160_000.0),
        Wish("c", "449902", "0701", 6000.0),
        Wish("edge", "449902", "1001", 8000.0, Lie.FARMLAND),
        Wish("twice", "449902", "1101", 8000.0, Lie.SUPPLIED),
        Wish("old", "449902", "0701", 4000.0, Lie.HERITAGE),
        Wish("odd", "449902", "0701", 5000.0, Lie.MISMATCH),
        Wish("西港大道改造", "449902", "1207", 30_000.0, Lie.ROAD),
        Wish("nowhere", "449902", "1001", 9e9),
    ]
    return dict(Surveyor(drawing, AVOID).lots(wishes))


def test_each_has_its_size(lots):
    wanted = {
        "a": 9000,
        "b": 160_000,
        "c": 6000,
        "edge": 8000,
        "twice": 8000,
        "old": 4000,
        "odd": 5000,
        "西港大道改造": 30_000,
    }
    assert {key: lot.area_m2 for key, lot in lots.items()} == pytest.approx(wanted, rel=1e-3)


def test_clean_ones_touch_nothing(drawing, lots):
    care = list(drawings.part_of(drawing, AVOID))
    for key in ("a", "b", "c"):
        assert sum(drawing.placed(each.shape).intersection(shape(lots[key])).area for each in care) < 1


def test_the_plan_wants_what_they_are_for_or_does_not(drawing, lots):
    uses = {
        key: {
            each.facts["use"][:2]
            for each in drawing.features("plots")
            if drawing.placed(each.shape).intersection(shape(lots[key])).area > 50
        }
        for key in ("a", "b", "c", "odd")
    }
    assert (uses["a"], uses["b"], uses["c"]) == ({"10"}, {"10"}, {"07"})
    assert "07" not in uses["odd"]


def test_a_strip_of_farmland_and_a_strip_of_earlier_supply(drawing, lots):
    assert 100 < overlap(drawing, lots["edge"], "farmland") < 4000
    assert 20 < overlap(drawing, lots["twice"], "contracts") < 4000


def test_a_monument_is_near(drawing, lots):
    assert overlap(drawing, lots["old"], "heritage_care") > 1


def test_a_road_lies_in_the_street_it_is_called_after(drawing, lots):
    lot = lots["西港大道改造"]
    assert lot.place == "西港大道"
    assert overlap(drawing, lot, "surfaces") == pytest.approx(30_000, rel=0.01)


def test_nothing_is_given_twice(lots):
    on_plots = [shape(lots[key]) for key in ("a", "b", "c", "odd")]
    assert all(one.intersection(other).area < 0.1 for one, other in itertools.combinations(on_plots, 2))


def test_degrees_are_where_the_metres_are(lots):
    longitude, latitude = lots["a"].degrees[0][0][0]
    assert 113 < longitude < 114
    assert 22 < latitude < 23
