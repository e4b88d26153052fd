"""Which edition counts, and that features keep their metres."""

import pytest

from blueprint.layers.models import Edition, Feature
from blueprint.layers.states import EditionState
from tests.factories import blueprint

pytestmark = pytest.mark.django_db


def test_the_greatest_published_name_is_current(pack):
    box = blueprint.feature(blueprint.a_box(0, 0, 10, 10))
    blueprint.an_edition("L04.01.02", [box], name="2023")
    current = blueprint.an_edition("L04.01.02", [box], name="2026")
    blueprint.an_edition("L04.01.02", [box], name="2027", state=EditionState.DRAFT)
    assert list(Edition.objects.filter(layer="L04.01.02").current()) == [current]


def test_names_are_compared_by_code_points(pack):
    blueprint.an_edition("L04.01.02", name="a")
    upper = blueprint.an_edition("L04.01.03", name="B")
    lower = blueprint.an_edition("L04.01.03", name="a")
    assert upper.name < lower.name
    assert set(Edition.objects.current().values_list("layer", "name")) == {("L04.01.02", "a"), ("L04.01.03", "a")}


def test_features_keep_their_place_and_size(pack):
    ring = blueprint.a_shape((0, 0), (300, 0), (300, 200), (0, 200), holes=[[(20, 20), (60, 20), (60, 70), (20, 70)]])
    edition = blueprint.an_edition("L06.01.01", [blueprint.feature(ring, "R1", name="滨江路")])
    stored = Feature.objects.get(edition=edition)
    assert stored.geom.area == pytest.approx(58_000)
    assert stored.geom.extent == (38_440_000, 2_465_000, 38_440_300, 2_465_200)
    assert (stored.fid, stored.name, stored.geom.srid) == ("R1", "滨江路", None)


def test_the_small_city_has_two_editions_of_its_lines(pack):
    city = blueprint.a_small_city()
    assert Edition.objects.filter(layer="L04.01.02").count() == 2
    assert set(Edition.objects.current()) == set(city.values())
