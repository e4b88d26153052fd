"""Choosing a flow: pure, from definitions and facts."""

import dataclasses
from types import MappingProxyType

import pytest

from projects.catalogue import queries as catalogue_queries
from projects.registry import flows
from tests.factories.projects import GENERAL, GOV_BUILDING, SMALL


@pytest.fixture
def catalogue(pack):
    return catalogue_queries.catalogue(pack.pk)


@pytest.fixture
def packaged(catalogue):
    return dataclasses.replace(catalogue, profile=flows.PACKAGES_PROFILE)


def test_tells_what_was_considered_in_the_order_of_priority(catalogue):
    choice = flows.choose(catalogue, GENERAL)

    assert choice.flow.id == "soc_general"
    priorities = [considered.flow.priority for considered in choice.considered]
    assert priorities == sorted(priorities, reverse=True)
    small = next(considered for considered in choice.considered if considered.flow.id == "soc_small")
    assert small.verdict.value is False
    assert "158,000 平方米 > 10,000" in small.verdict.reason


def test_stays_open_while_a_better_flow_may_still_fit(catalogue):
    choice = flows.choose(catalogue, {key: value for key, value in SMALL.items() if key != "plan_height_m"})

    assert choice.flow is None
    assert choice.missing == ("plan_height_m",)
    assert flows.sentence(choice) == ""


def test_finds_no_flow_where_none_fits(catalogue):
    nothing = dataclasses.replace(catalogue, flows=MappingProxyType({"gov_linear": catalogue.flows["gov_linear"]}))

    choice = flows.choose(nothing, SMALL)

    assert (choice.flow, choice.missing) == (None, ())


def test_a_variant_replaces_the_limit_of_a_stage(catalogue):
    assert flows.stage_limit(catalogue, "soc_general", "S1", {**GENERAL, "project_basis": "2"}) == 25
    assert flows.stage_limit(catalogue, "soc_general", "S1", GENERAL) == 8
    assert flows.stage_limit(catalogue, "soc_general", "S1", {}) == 8
    assert flows.stage_limit(catalogue, "soc_general", "S2", {**GENERAL, "project_basis": "2"}) == 15
    assert flows.stage_limit(catalogue, "soc_general", "P", GENERAL) == 0


def test_packages_only_where_the_city_has_them(catalogue, packaged):
    facts = {**GOV_BUILDING, "build_nature": "new"}

    assert flows.package(catalogue, "gov_building", facts) is None
    assert flows.package(packaged, "gov_building", facts).id == "gp_gov_general"
    assert flows.package(packaged, "gov_building", {**facts, "low_risk": True, "floor_area_m2": 900}).id == (
        "gp_gov_lowrisk"
    )
    assert flows.package(packaged, "soc_scheme", facts) is None
