"""The items of a project: in, out or open, each with its reason."""

import dataclasses

import pytest

from projects.catalogue.definitions import PARALLEL_STAGE, Unit
from projects.planning import checklist
from projects.registry import flows
from tests.factories.projects import GENERAL, GOV_BUILDING, SMALL


@pytest.fixture
def build(catalogue):
    def run(flow, facts):
        return {item.id: item for item in checklist.build(catalogue, flow, facts)}

    return run


def test_lists_every_item_of_the_flow_once(catalogue, build):
    items = build("soc_small", SMALL)

    flow = catalogue.flows["soc_small"]
    assert list(items) == list(dict.fromkeys(flow.items))
    assert {item.stage for item in items.values()} == {*flow.stages, PARALLEL_STAGE}
    assert all(item.reason for item in items.values())


def test_says_why_an_item_is_in_or_out(build):
    items = build("gov_building", {**GOV_BUILDING, "earthwork_m3": 10, "eia_class": "t"})

    assert (items["S1-01"].applies, items["S1-01"].reason) == (True, "项目投资来源为政府投资")
    assert (items["S1-15"].applies, items["S1-15"].reason) == (True, "用地面积 42,000 平方米 ≥ 5,000")
    assert (items["S1-11"].applies, items["S1-11"].reason) == (False, "环评类别为报告表")
    assert items["S1-12"].applies is True


def test_says_what_is_missing_for_an_answer(build):
    tree = build("soc_small", SMALL).get("S2-08") or build("soc_general", GENERAL)["S2-08"]

    assert tree.applies is None
    assert tree.is_undetermined
    assert "尚未回答" in tree.reason
    assert tree.unknown == ("declare.tree",)


def test_an_answer_settles_it(build):
    assert build("soc_general", {**GENERAL, "declare.tree": True})["S2-08"].applies is True
    assert build("soc_general", {**GENERAL, "declare.tree": False})["S2-08"].applies is False
    mapped = build("soc_general", {**GENERAL, "map.forest": False, "declare.forest": True})["S1-09"]
    assert mapped.applies is False, "the map knows better than the declaration"


def test_only_prerequisites_that_apply_count(build):
    facts = {**GENERAL, "with_scheme": True}

    without_scheme, with_scheme = build("soc_general", GENERAL)["S2-02"], build("soc_general", facts)["S2-02"]

    assert without_scheme.prerequisites == ("S1-07", "S2-01")
    assert with_scheme.prerequisites == ("S1-07",)
    small = build("soc_small", SMALL)["S2-02"]
    assert small.waits_for == ("S1-07",), "an item outside the flow is no prerequisite"


def test_waits_also_for_what_may_turn_out_to_apply(build):
    permit = build("soc_general", GENERAL)["S3-03"]
    settled = build("soc_general", {**GENERAL, "declare.draw_review": False, "fire_kind": "0"})["S3-03"]

    assert permit.prerequisites == ("S2-02",)
    assert set(permit.waits_for) == {"S2-02", "S3-01", "S3-02"}
    assert settled.waits_for == ("S2-02",)


def test_limits_are_those_of_the_flow_and_at_least_a_day(catalogue, build):
    small, general = build("soc_small", SMALL), build("soc_general", GENERAL)

    assert small["S1-07"].limit_days == 2
    assert general["S1-07"].limit_days == 5
    assert small["S1-04"].limit_days == small["S1-04"].statutory_days == 1
    assert build("gov_building", GOV_BUILDING)["S1-11"].unit == Unit.CALENDAR
    assert checklist.stage_limits(catalogue, "soc_general", {**GENERAL, "project_basis": "2"})["S1"] == 25
    assert checklist.stage_limits(catalogue, "soc_small", SMALL) == {"S0": 0, "S1": 2, "S2": 5, "S3": 5, "S4": 8}


def test_parallel_items_say_by_when_they_must_be_done(build):
    items = build("soc_general", GENERAL)

    assert items["S2-12"].is_parallel
    assert items["S2-12"].latest_stage == "S2"
    assert not items["S2-02"].is_parallel
    assert items["S2-02"].latest_stage == "S2"


def test_a_package_takes_items_out_where_the_city_has_packages(catalogue):
    facts = {**GOV_BUILDING, "build_nature": "extend", "land_mode": "own"}
    packaged = dataclasses.replace(catalogue, profile=flows.PACKAGES_PROFILE)

    plain = {item.id: item for item in checklist.build(catalogue, "gov_building", GOV_BUILDING)}
    found = {item.id: item for item in checklist.build(packaged, "gov_building", {**facts, "land_mode": "alloc"})}

    assert plain["S1-05"].applies is True
    assert (found["S1-05"].applies, found["S1-05"].reason) == (False, "政府投资·改扩建类")
    assert "S1-05" not in found["S1-06"].waits_for
    assert set(found) == set(plain), "what was taken out stays visible"
