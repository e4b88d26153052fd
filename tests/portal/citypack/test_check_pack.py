"""Checking a pack: every fault is named by file, key and reason, and the demo pack has none."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from portal.citypack.checking import check
from portal.citypack.faults import Fault

PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"

Edit = Callable[[Any], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the demo pack to break."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


@cache
def original(name: str) -> str:
    document = yaml.load((PACK / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return json.dumps(document)


def edit(directory: Path, name: str, change: Edit) -> None:
    document = json.loads(original(name))
    change(document)
    # JSON with one entry to a line is YAML, too.
    text = json.dumps(document, ensure_ascii=False, indent=1)
    (directory / f"{name}.yaml").write_text(text, encoding="utf-8")


def faults_of(directory: Path) -> tuple[Fault, ...]:
    return check(directory).faults


def by_id(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    return next(row for row in rows if row.get("id", row.get("item")) == key)


def item(document: Any, key: str) -> dict[str, Any]:
    return by_id(document["items"], key)


def test_demo_pack_has_no_fault() -> None:
    assert faults_of(PACK) == ()


def _set(collection: str, key: str, **values: Any) -> Edit:
    return lambda document: by_id(document[collection], key).update(values)


def _field(key: str, **values: Any) -> Edit:
    def change(document: Any) -> None:
        fields = [field for form in document["forms"] for field in form["fields"]]
        by_id(fields, key).update(values)

    return change


def _drop(collection: str, key: str, name: str) -> Edit:
    return lambda document: by_id(document[collection], key).pop(name)


def _circle(document: Any) -> None:
    item(document, "S2-01")["prereq"] = ["S2-02"]


CASES: list[tuple[str, str, Edit, str, str]] = [
    # file, what, change, key, part of the reason
    ("items", "unknown department", _set("items", "S1-07", dept="nobody"), "items[S1-07].dept", "没有“nobody”这个部门"),
    ("items", "unknown prerequisite", _set("items", "S1-02", prereq=["S9-99"]), "items[S1-02].prereq[1]", "S9-99"),
    (
        "items",
        "unknown material",
        _set("items", "S1-08", materials=["m_topo", "m_gone"]),
        "items[S1-08].materials[2]",
        "m_gone",
    ),
    (
        "items",
        "unknown condition",
        _set("items", "S1-08", applies_when="sometimes"),
        "items[S1-08].applies_when",
        "sometimes",
    ),
    (
        "items",
        "unknown procedure",
        _set("items", "S1-08", special_procedures=["oracle"]),
        "items[S1-08].special_procedures[1]",
        "oracle",
    ),
    (
        "items",
        "promise too long",
        _set("items", "S1-07", promised_days=21),
        "items[S1-07].promised_days",
        "超过法定 20 天",
    ),
    (
        "items",
        "limit out of range",
        _set("items", "S1-07", statutory_days=400),
        "items[S1-07].statutory_days",
        "最大 365",
    ),
    ("items", "negative limit", _set("items", "S1-07", promised_days=-1), "items[S1-07].promised_days", "最小 0"),
    ("items", "instant and slow", _set("items", "S3-07", promised_days=4), "items[S3-07].promised_days", "即办"),
    (
        "items",
        "word for a number",
        _set("items", "S1-07", promised_days="five"),
        "items[S1-07].promised_days",
        "应为数字",
    ),
    ("items", "fraction of a day", _set("items", "S1-07", promised_days=2.5), "items[S1-07].promised_days", "应为整数"),
    ("items", "yes for a flag", _set("items", "S1-07", milestone="yes"), "items[S1-07].milestone", "true 或 false"),
    ("items", "unknown key", _set("items", "S1-07", promissed_days=5), "items[S1-07].promissed_days", "不认识这个键"),
    ("items", "missing key", _drop("items", "S1-07", "dept"), "items[S1-07].dept", "缺少这个键"),
    ("items", "unknown category", _set("items", "S1-07", category="随便"), "items[S1-07].category", "可选值"),
    ("items", "circle", _circle, "items[S2-02].prereq", "S2-01 → S2-02 → S2-01"),
    ("items", "itself", _set("items", "S1-01", prereq=["S1-01"]), "items[S1-01].prereq[1]", "自己"),
    ("items", "prerequisite later", _set("items", "S1-08", prereq=["S2-04"]), "items[S1-08].prereq[1]", "在本事项之后"),
    ("items", "result of no prerequisite", _set("items", "S1-28", prereq=[]), "items[S1-28].materials", "不在前置"),
    ("items", "twice", lambda d: d["items"].append(dict(item(d, "S1-07"))), "items[S1-07]", "重复"),
    (
        "items",
        "tolerable but not asked",
        _set("items", "S1-08", tolerable_materials=["m_fund"]),
        "items[S1-08].tolerable_materials[1]",
        "不在本事项的材料里",
    ),
    ("items", "parallel milestone", _set("items", "S1-14", milestone=True), "items[S1-14].milestone", "里程碑"),
    (
        "items",
        "unknown field",
        lambda d: d["conditions"]["gov"]["all"][0].update(field="gold"),
        "conditions.gov.all[gold].field",
        "gold",
    ),
    (
        "items",
        "unknown option",
        lambda d: d["conditions"]["gov"]["all"][0].update(value="lottery"),
        "conditions.gov.all[fund_source].value",
        "lottery",
    ),
    (
        "items",
        "unknown operation",
        lambda d: d["conditions"]["gov"]["all"][0].update(op="like"),
        "conditions.gov.all[fund_source].op",
        "like",
    ),
    (
        "items",
        "unknown layer",
        lambda d: d["conditions"]["sea"].update(intersects=["L99"]),
        "conditions.sea.intersects[1]",
        "L99",
    ),
    (
        "items",
        "compared words",
        lambda d: d["conditions"]["gov"]["all"][0].update(op="le"),
        "conditions.gov.all[fund_source]",
        "比大小",
    ),
    (
        "flows",
        "item in two stages",
        lambda d: d["flows"][0]["parallel"].append("S1-01"),
        "flows[gov_building].parallel",
        "写了两次",
    ),
    (
        "flows",
        "item of another stage",
        lambda d: d["flows"][0]["stages"][1]["items"].append("S2-03"),
        "flows[gov_building].stages[S1].items",
        "属于阶段 S2",
    ),
    (
        "flows",
        "unknown item",
        lambda d: d["flows"][0]["parallel"].append("S1-99"),
        "flows[gov_building].parallel",
        "S1-99",
    ),
    (
        "flows",
        "wrong total",
        _set("flows", "soc_small", total_limit_days=19),
        "flows[soc_small].total_limit_days",
        "合计 20",
    ),
    (
        "flows",
        "path too long",
        lambda d: d["flows"][3]["promised_override"].update({"S1-07": 5}),
        "flows[soc_small].stages[S1].limit_days",
        "超过阶段时限 2 天",
    ),
    (
        "flows",
        "unknown override",
        lambda d: d["flows"][3]["promised_override"].update({"S1-01": 5}),
        "flows[soc_small].promised_override.S1-01",
        "不在这类流程",
    ),
    (
        "flows",
        "unknown lead",
        lambda d: d["flows"][0]["stages"][0].update(lead="nobody"),
        "flows[gov_building].stages[S0].lead",
        "nobody",
    ),
    ("flows", "same priority", _set("flows", "soc_small", priority=70), "flows[soc_small].priority", "优先级相同"),
    ("flows", "lost flow", lambda d: d["flows"].pop(), "counts.flows", "应有 5 类"),
    (
        "flows",
        "package removes nothing",
        lambda d: d["packages"][0]["remove"].append("S1-04"),
        "packages[gp_gov_general].remove[1]",
        "不在基础流程",
    ),
    (
        "flows",
        "unknown release",
        lambda d: d["flows"][0]["stages"][0].update(release="later"),
        "flows[gov_building].stages[S0].release",
        "later",
    ),
    (
        "materials",
        "unknown producer",
        _set("materials", "r_s1_01", produced_by="S9-01"),
        "materials[r_s1_01].produced_by",
        "S9-01",
    ),
    (
        "materials",
        "tolerable result",
        _set("materials", "r_s1_01", tolerable=True),
        "materials[r_s1_01].tolerable",
        "不能容缺",
    ),
    (
        "materials",
        "unknown format",
        _set("materials", "m_draw", files={"formats": ["exe"], "max_mb": 5}),
        "materials[m_draw].files.formats[1]",
        "exe",
    ),
    ("materials", "unknown source", _set("materials", "m_fund", source="friend"), "materials[m_fund].source", "friend"),
    (
        "form",
        "field twice",
        lambda d: d["forms"][1]["fields"].append(dict(d["forms"][0]["fields"][0])),
        "forms[form_S1].fields[project_code]",
        "已有",
    ),
    ("form", "unknown need", _field("far", needed_by=["S7-77"]), "forms[form_S1].fields[far].needed_by[1]", "S7-77"),
    ("form", "unknown list", _field("eia_class", codes="nolist"), "forms[form_S1].fields[eia_class].codes", "nolist"),
    (
        "form",
        "table without columns",
        lambda d: by_id([f for form in d["forms"] for f in form["fields"]], "fund_plan").pop("columns"),
        "forms[form_S1].fields[fund_plan].columns",
        "columns",
    ),
    (
        "form",
        "unknown attribute",
        _field("far", **{"from": {"item": "S1-08", "attribute": "colour"}}),
        "forms[form_S1].fields[far].from.attribute",
        "colour",
    ),
    ("form", "limits crossed", _field("density", min=100, max=0), "forms[form_S2].fields[density].min", "大于"),
    (
        "results",
        "permit for coordination",
        _set("results", "S4-10", kind="certificate"),
        "results[S4-10].kind",
        "不是许可",
    ),
    ("results", "missing result", lambda d: d["results"].pop(0), "results", "S0-01"),
    (
        "results",
        "series without serial",
        _set("results", "S3-19", number_series="{dept}{year}"),
        "results[S3-19].number_series",
        "serial",
    ),
    (
        "results",
        "unknown placeholder",
        _set("results", "S3-19", number_series="{serial}{moon}"),
        "results[S3-19].number_series",
        "moon",
    ),
    (
        "departments",
        "stage led twice",
        lambda d: d["departments"][5]["leads_stage"].append("S1"),
        "departments[zj].leads_stage[3]",
        "S1",
    ),
    ("departments", "unknown kind", _set("departments", "zrzy", kind="club"), "departments[zrzy].kind", "club"),
    (
        "roles",
        "unknown act",
        lambda d: d["roles"][0]["grants"]["own"].append("moon.land"),
        "roles[applicant].grants.own[",
        "moon.land",
    ),
    (
        "roles",
        "unknown scope",
        lambda d: d["roles"][0]["grants"].update(planet=["case.view"]),
        "roles[applicant].grants.planet",
        "不认识",
    ),
    (
        "roles",
        "city for an enterprise",
        lambda d: d["roles"][0]["grants"].update(city=["audit.view"]),
        "roles[applicant].grants",
        "own",
    ),
    (
        "city",
        "bad credit code",
        _set("enterprises", "e01", uscc="91449902MA9A00010G"),
        "enterprises[e01].uscc",
        "统一社会信用代码",
    ),
    (
        "city",
        "nobody approves",
        lambda d: d.update(people=[p for p in d["people"] if p["username"] != "zj-approver"]),
        "people",
        "zj",
    ),
    (
        "city",
        "two steps in one hand",
        lambda d: d["people"][11]["roles"].append("checker"),
        "people[p12].roles",
        "兼任",
    ),
    (
        "city",
        "two admins in one hand",
        lambda d: by_id(d["people"], "p27")["roles"].append("audit_admin"),
        "people[p27].roles",
        "兼任",
    ),
    ("city", "same login", lambda d: d["people"][1].update(username="applicant-1"), "people[p02].username", "p01"),
    ("city", "wrong check character", lambda d: d["projects"][0].update(qr_check="A"), "projects[prj1].qr_check", "9"),
    (
        "city",
        "wrong project code",
        lambda d: d["projects"][0].update(project_code="2613-449902-04-01-314155"),
        "projects[prj1].project_code",
        "2613",
    ),
    ("city", "zones apart", lambda d: d.update(crs_without_zone=4546), "crs_without_zone", "4547"),
    ("city", "hour as a number", lambda d: d.update(close_of_business=1050), "close_of_business", "应为文字"),
    ("holidays", "wrong sum", lambda d: d["years"][2].update(workdays_total=249), "years[2026].workdays_total", "248"),
    (
        "holidays",
        "day of another year",
        lambda d: d["years"][2]["days_off"][0].update(date="2025-01-01"),
        "years[2026].days_off[2025-01-01]",
        "不在这一年",
    ),
    ("clock", "unknown state", lambda d: d["transitions"][0].update(to="limbo"), "transitions[1].to", "limbo"),
    (
        "clock",
        "unreachable state",
        lambda d: d["states"].append({"id": "limbo", "name": "悬", "national_blzt": None, "holder": "none"}),
        "states[limbo]",
        "到不了",
    ),
    (
        "clock",
        "example miscounted",
        lambda d: d["examples"][1]["expect"].update(C1_days=8),
        "examples[2].expect.C1_days",
        "7",
    ),
    (
        "codes",
        "check character",
        lambda d: d["qr"]["test_vectors"][0].update(check="N"),
        "qr.test_vectors[1].check",
        "M",
    ),
    (
        "codes",
        "broken expression",
        lambda d: d["engineering_code"].update(regex="(["),
        "engineering_code.regex",
        "正则",
    ),
    (
        "layers",
        "layer under the wrong parent",
        lambda d: d["topics"][0]["subtopics"][0]["layers"][0].update(id="L09.01.99"),
        "topics[L01].subtopics[L01.01].layers[L09.01.99]",
        "L01.01",
    ),
    ("layers", "lost layer", lambda d: d["topics"][0]["subtopics"][0]["layers"].pop(), "counts.layers", "275"),
    (
        "layers",
        "unknown input",
        lambda d: d["checks"][0]["inputs"].append("L99.99.99"),
        "checks[chk_3lines].inputs[5]",
        "L99.99.99",
    ),
    (
        "joint",
        "unknown participant",
        lambda d: d["kinds"][0]["participants"].append("nobody"),
        "kinds[study].participants",
        "nobody",
    ),
    (
        "joint",
        "opinion longer than all",
        lambda d: d["kinds"][0].update(opinion_days=30),
        "kinds[study].opinion_days",
        "超过",
    ),
    (
        "reminders",
        "unknown role",
        lambda d: d["reminders"][0]["to"].append("ghost"),
        "reminders[case_soon].to[4]",
        "ghost",
    ),
    ("reminders", "never", lambda d: d["reminders"][0].update(before=[], after=[]), "reminders[case_soon]", "永远不会"),
    ("glossary", "term twice", lambda d: d["terms"].append(dict(d["terms"][0])), "terms[项目代码]", "重复"),
    ("metrics", "metric twice", lambda d: d["metrics"].append(dict(d["metrics"][0])), "metrics[M01]", "重复"),
    ("exchange", "unknown level", lambda d: d["rules"][0].update(level="maybe"), "rules[R01].level", "maybe"),
]


@pytest.mark.parametrize(
    ("name", "change", "key", "reason"),
    [pytest.param(name, change, key, reason, id=f"{name}: {what}") for name, what, change, key, reason in CASES],
)
def test_names_file_key_and_reason(copy: Path, name: str, change: Edit, key: str, reason: str) -> None:
    edit(copy, name, change)

    found = [fault for fault in faults_of(copy) if fault.file == f"{name}.yaml" and fault.path.startswith(key)]

    assert found, faults_of(copy)
    assert any(reason in fault.reason for fault in found), found
    assert all(fault.line for fault in found), found


def test_reports_all_faults_at_once(copy: Path) -> None:
    edit(copy, "items", _set("items", "S1-07", dept="nobody"))
    edit(copy, "flows", _set("flows", "soc_small", total_limit_days=19))
    edit(copy, "city", _set("enterprises", "e01", uscc="1"))

    assert {"items.yaml", "flows.yaml", "city.yaml"} <= {fault.file for fault in faults_of(copy)}


def test_tells_the_line_of_a_fault(copy: Path) -> None:
    path = copy / "items.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = lines.index("- id: S1-07")
    number = next(n for n in range(number, len(lines)) if lines[n].startswith("  dept:"))
    lines[number] = "  dept: nobody"
    path.write_text("\n".join(lines), encoding="utf-8")

    assert [fault.line for fault in faults_of(copy) if fault.path == "items[S1-07].dept"] == [number + 1]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("version: 1\n  items: [", "YAML", id="broken"),
        pytest.param("version: 1\nversion: 1\n", "写了两次", id="key twice"),
        pytest.param("version: &a [1]\nother: *a\n", "别名", id="alias"),
        pytest.param("- just\n- a list\n", "最外层", id="not a mapping"),
        pytest.param("version: .nan\n", "有限", id="not a number"),
        pytest.param("", "最外层", id="empty"),
    ],
)
def test_refuses_yaml_that_cannot_be_trusted(copy: Path, text: str, reason: str) -> None:
    (copy / "metrics.yaml").write_text(text, encoding="utf-8")

    found = [fault for fault in faults_of(copy) if fault.file == "metrics.yaml"]

    assert any(reason in fault.reason for fault in found), found


def test_refuses_another_encoding(copy: Path) -> None:
    (copy / "metrics.yaml").write_bytes("version: 城市".encode("gbk"))

    assert any("UTF-8" in fault.reason for fault in faults_of(copy))


def test_names_missing_and_unknown_files(copy: Path) -> None:
    (copy / "roles.yaml").rename(copy / "rolls.yaml")

    found = {fault.file: fault.reason for fault in faults_of(copy)}

    assert "缺少" in found["roles.yaml"]
    assert "不认识" in found["rolls.yaml"]


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_says_when_there_is_no_directory(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")

    (fault,) = faults_of(tmp_path / place)

    assert "目录" in fault.reason


def test_command_succeeds_on_the_demo_pack() -> None:
    out = StringIO()

    call_command("check_pack", str(PACK), stdout=out)

    assert "92 个事项" in out.getvalue()


def test_command_fails_with_one_line_per_fault(copy: Path) -> None:
    edit(copy, "items", _set("items", "S1-07", dept="nobody"))
    err = StringIO()

    with pytest.raises(SystemExit) as stopped:
        call_command("check_pack", str(copy), stderr=err)

    assert stopped.value.code == 1
    assert "items.yaml" in err.getvalue()
    assert "items[S1-07].dept" in err.getvalue()
