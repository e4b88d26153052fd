"""The ground is the same for the same seed, valid everywhere, and shows what the pack's conditions and checks ask."""

import json
import re

import pytest
import shapely

from blueprint.geometry.frame import Frame
from blueprint.ground import drawing as drawings
from blueprint.ground.drawing import Drawing
from blueprint.ground.themes import THEMES
from tests.blueprint.ground.conftest import document, west

ELSEWHERE = {
    *("assessed", "buried", "clearance", "clinics", "clinics_planned", "culture_planned", "forest_parks"),
    *("islands", "key_places", "labs", "parking", "scenic", "sports_planned", "stations_planned"),
}
"""What only the other parts of the city have."""


def test_the_same_seed_draws_the_same(drawing):
    again = west()
    assert all(again.geojson(theme) == drawing.geojson(theme) for theme in ("coast", "plots", "farmland", "houses"))
    other = west(seed=1)
    assert other.geojson("coast") != drawing.geojson("coast")


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_theme_is_clean(drawing, theme):
    features = drawing.features(theme)
    shapes = [drawing.placed(each.shape) for each in features]
    assert features or theme in ELSEWHERE
    assert len({each.fid for each in features}) == len(features)
    assert [shape.geom_type for shape in shapes if shape.geom_type not in {"Polygon", "MultiPolygon"}] == []
    assert [shape for shape in shapes if not shape.is_valid or shape.is_empty] == []


def test_plots_and_streets_lie_side_by_side(drawing):
    shapes = [each.shape for each in drawing.features("plots")]
    assert sum(shape.area for shape in shapes) == pytest.approx(shapely.union_all(shapes).area, rel=2e-3)
    assert shapely.union_all(shapes).intersection(drawing.city.nature.sea).area < 100


def test_editions_differ_a_little(drawing):
    for theme in ("ecology", "farmland", "boundary", "road_lines", "green_lines", "blue_lines"):
        now = shapely.union_all([each.shape for each in drawing.features(theme)])
        before = shapely.union_all([each.shape for each in drawing.features(f"{theme}_before")])
        assert 0 < now.symmetric_difference(before).area < 0.35 * now.area, theme


def test_the_older_plan_differs_in_a_part_of_the_blocks(drawing):
    older = {each.shape.wkb: each.facts["use"] for each in drawing.features("land_use")}
    blocks = drawing.city.blocks
    same = [block for block in blocks if older.get(block.shape.wkb, "")[:2] == block.use[:2]]
    assert 0.6 < len(same) / len(blocks) < 0.97


def test_a_theme_becomes_a_file_in_the_work_crs(drawing):
    content = json.loads(drawing.geojson("metro_care"))
    assert content["crs"]["properties"]["name"] == "urn:ogc:def:crs:EPSG::4526"
    feature = content["features"][0]
    assert {"fid", "name"} <= feature["properties"].keys()
    east, north = shapely.from_geojson(json.dumps(feature["geometry"])).centroid.coords[0]
    assert 38_430_000 < east < 38_480_000
    assert 2_450_000 < north < 2_495_000


def test_a_city_without_a_plan_draws_nothing():
    city = document("city")
    assert drawings.of({"ground": {"version": 1}, "city": city}) is None
    assert isinstance(drawings.of({"ground": document("ground"), "city": city}), Drawing)
    assert Frame.from_city(city).work_crs == 4526


def test_the_plan_covers_what_conditions_and_checks_ask():
    plan, items, layers = document("ground"), document("items"), document("layers")
    drawn = {row["layer"] for row in plan["layers"]}
    asked = {code for condition in items["conditions"].values() for code in condition.get("intersects", ())}
    asked |= {
        code
        for check in layers["checks"]
        for code in check["inputs"]
        if re.fullmatch(r"L\d\d\.\d\d(\.\d\d)?", code) and not code.startswith("L05.02")
    }
    assert {code for code in asked if not any(layer.startswith(code) for layer in drawn)} == set()
    assert len(drawn) >= 40
    topics = {layer[:3] for layer in drawn}
    assert {topic["id"] for topic in layers["topics"]} - topics == {"L02"}, "pictures are no polygons"
    for row in plan["layers"]:
        if row["layer"] in {"L04.01.01", "L04.01.02", "L04.01.03", "L06.01.01", "L06.01.02", "L06.01.03"}:
            assert len(row["editions"]) == 2
