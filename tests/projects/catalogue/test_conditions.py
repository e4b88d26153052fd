"""Conditions: three answers, each with its reason in words."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.citypack.checking import check
from projects.catalogue import conditions
from projects.catalogue.compiler import compile_catalogue
from projects.catalogue.definitions import Catalogue, Clause

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"


@cache
def demo() -> Catalogue:
    return compile_catalogue(version_id=1, number=1, documents=check(PACK).documents)


@pytest.mark.parametrize(
    ("condition", "facts", "value", "reason"),
    [
        ("all", {}, True, "所有项目都要办"),
        ("gov", {"fund_source": "gov"}, True, "项目投资来源为政府投资"),
        ("gov", {"fund_source": "social"}, False, "项目投资来源为社会投资"),
        ("gov", {}, None, "尚未填写项目投资来源"),
        ("gov", {"fund_source": " "}, None, "尚未填写项目投资来源"),
        ("newland", {"land_mode": "transfer"}, True, "土地获取方式为出让"),
        ("newland", {"land_mode": "own"}, False, "土地获取方式为自有用地"),
        ("linear", {"is_linear": True}, True, "是否线性工程：是"),
        ("linear", {"is_linear": "false"}, False, "是否线性工程：否"),
        ("energy", {"energy_tce": 1000}, True, "年综合能源消费量 1,000 吨标准煤 ≥ 1,000"),
        ("energy", {"energy_tce": 999.5}, None, "尚未填写年电力消费量"),
        (
            "energy",
            {"energy_tce": "999.5", "power_mwh": "4,999"},
            False,
            "年综合能源消费量 999.5 吨标准煤 < 1,000，年电力消费量 4,999 兆瓦时 < 5,000",
        ),
        ("waste", {"waste_m3": 0}, False, "建筑垃圾量 0 立方米 ≤ 0"),
        ("waste", {"waste_m3": "many"}, None, "建筑垃圾量不是数字"),
        ("fire_special", {"fire_kind": "1"}, True, "特殊建设工程情形为是"),
        ("fire_special", {"fire_kind": False}, False, "特殊建设工程情形为否"),
        ("tree", {"declare.tree": True}, True, "申请人声明：涉及绿地或树木"),
        ("tree", {"declare.tree": "0"}, False, "申请人声明：不属于“涉及绿地或树木”"),
        ("tree", {}, None, "尚未回答是否“涉及绿地或树木”"),
        ("sea", {"map.sea": True}, True, "红线核查：红线与海域相交"),
        ("sea", {"map.sea": False, "declare.sea": True}, False, "红线核查：不属于“红线与海域相交”"),
        ("sea", {"declare.sea": "1"}, True, "申请人声明：红线与海域相交"),
    ],
)
def test_answers_with_a_reason(condition: str, facts: dict[str, Any], value: bool | None, reason: str) -> None:
    verdict = conditions.judge(demo(), condition, facts)

    assert (verdict.value, verdict.reason) == (value, reason)


@pytest.mark.parametrize(
    ("condition", "facts", "unknown"),
    [
        ("gov", {}, ("fund_source",)),
        ("energy", {}, ("energy_tce", "power_mwh")),
        ("energy", {"energy_tce": 1}, ("power_mwh",)),
        ("energy", {"energy_tce": 5000}, ()),
        ("tree", {}, ("declare.tree",)),
        ("sea", {}, ("declare.sea",)),
    ],
)
def test_names_the_facts_that_are_missing(condition: str, facts: dict[str, Any], unknown: tuple[str, ...]) -> None:
    assert conditions.judge(demo(), condition, facts).unknown == unknown


def test_reads_every_comparison() -> None:
    facts = {"floor_area_m2": "10000"}
    found = {
        op: conditions.holds(demo(), Clause("floor_area_m2", op, 10000), facts).value
        for op in ("eq", "ne", "le", "ge", "lt", "gt")
    }

    assert found == {"eq": True, "ne": False, "le": True, "ge": True, "lt": False, "gt": False}


def test_small_project_gets_its_flow_with_all_reasons() -> None:
    facts = {
        "fund_source": "social",
        "floor_area_m2": 7200,
        "plan_height_m": 12,
        "low_risk": True,
        "land_mode": "transfer",
    }

    verdict = conditions.judge(demo(), demo().flows["soc_small"].condition, facts)

    assert verdict.value is True
    assert "建筑面积 7,200 平方米 ≤ 10,000" in verdict.reason
    assert "土地获取方式为出让" in verdict.reason


def test_one_failed_clause_decides_although_others_are_unknown() -> None:
    verdict = conditions.judge(demo(), demo().flows["soc_small"].condition, {"fund_source": "gov"})

    assert verdict.value is False
    assert verdict.unknown == ()


def test_judges_an_item_by_its_condition() -> None:
    assert conditions.judge_item(demo(), "S1-07", {"land_mode": "transfer"}).value is True
    assert conditions.judge_item(demo(), "S1-07", {"land_mode": "own"}).value is False


@pytest.mark.parametrize(
    ("value", "kind", "unit", "words"),
    [
        ("20000.50", "decimal", "平方米", "20,000.5 平方米"),
        ("6,000", "decimal", None, "6,000"),
        (12, "int", "个", "12 个"),
        ("约两公顷", "decimal", "平方米", "约两公顷"),
        ("A-1", "text", None, "A-1"),
    ],
)
def test_values_are_written_with_thousands_and_unit(value: object, kind: str, unit: str | None, words: str) -> None:
    assert conditions.measured(value, kind=kind, unit=unit) == words
