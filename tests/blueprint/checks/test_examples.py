"""The worked examples of the blueprint contract (6), over features of the database: every figure as it is printed."""

from typing import Any

import pytest
from shapely.geometry import MultiPolygon

from blueprint.checks import engine, loading
from blueprint.checks.ground import Plot
from blueprint.checks.results import SiteResult
from blueprint.geometry.shapes import Attributes
from portal.citypack.models import PackVersion
from tests.factories.blueprint import a_box, a_shape, an_edition, feature

pytestmark = pytest.mark.django_db

FARMLAND, BOUNDARY, PLAN_A, PLAN_B, RED_LINE = "L04.01.02", "L04.01.03", "L04.02.01", "L05.01.04", "L06.01.01"
SITE = a_box(0, 0, 300, 200)


@pytest.fixture(autouse=True)
def _layers(pack: PackVersion) -> None:
    """Have the layers of the pack."""


def examine(shape: MultiPolygon = SITE, **attributes: Any) -> SiteResult:
    definitions = loading.definitions()
    return engine.examine(loading.ground(Plot(shape, Attributes(**attributes)), definitions), definitions)


def said(result: SiteResult, check: str) -> list[dict[str, Any]]:
    return [row for row in result.as_json()["findings"] if row["check"] == check]


def total(result: SiteResult, layer: str) -> dict[str, Any]:
    return next(row for row in result.as_json()["totals"] if row["layer"] == layer)


def test_an_area_that_is_declared_right_is_no_finding() -> None:
    ring = a_shape((0, 0), (150, 0), (150, 100), (0, 100), holes=[[(40, 30), (80, 30), (80, 50), (40, 50)]])

    result = examine(ring, declared_m2=14_200.0)

    assert result.as_json()["area_m2"] == 14_200.0
    assert said(result, "chk_topo") == []
    assert said(examine(ring, declared_m2=14_300.0), "chk_topo") == [
        {
            "check": "chk_topo",
            "layer": None,
            "edition": None,
            "feature": None,
            "overlap_m2": None,
            "share": 0.007042,
            "severity": "review",
            "reason": "area_mismatch",
            "declared_m2": 14_300.0,
        }
    ]


def test_control_lines() -> None:
    farmland = [
        feature(a_box(288, -50, 400, 250), "JN1"),
        feature(a_box(0, 200, 300, 260), "JN2"),
        feature(a_box(20, -80, 120, 0.3), "JN3"),
    ]
    an_edition(FARMLAND, farmland)
    an_edition(BOUNDARY, [feature(a_box(-100, 0, 290, 500), "B1")])

    result = examine()

    base = {"check": "chk_3lines", "edition": "2026"}
    assert said(result, "chk_3lines") == [
        base | {"layer": FARMLAND, "feature": "JN1", "overlap_m2": 2400.0, "share": 0.04, "severity": "stop"},
        base
        | {"layer": BOUNDARY, "feature": None, "overlap_m2": 2000.0, "share": 0.033333, "severity": "review"}
        | {"relation": "outside"},
    ]
    assert total(result, FARMLAND) == base | {
        "layer": FARMLAND,
        "overlap_m2": 2400.0,
        "share": 0.04,
        "result": "fail",
    }
    assert total(result, BOUNDARY)["result"] == "warn"
    assert {"check": "chk_3lines", "layer": "L04.01.01", "reason": "no_edition"} in result.as_json()["skipped"]


def blocks() -> None:
    an_edition(
        PLAN_B,
        [
            feature(a_box(0, 0, 180, 200), "A", use="070101", far=2.5, green=30, height=60),
            feature(a_box(180, 0, 290, 200), "B", use="0804", far=2.0, green=35),
            feature(a_box(290, 0, 400, 200), "C", use="1207"),
        ],
    )


def test_use() -> None:
    blocks()

    found = said(examine(use="0701"), "chk_use")

    assert [
        (row["severity"], row["reason"], row.get("use"), row["overlap_m2"], row["share"], row["feature"])
        for row in found
    ] == [
        ("stop", "mismatch", None, 24_000.0, 0.4, None),
        ("info", "other_use", "0804", 22_000.0, 0.366667, None),
        ("info", "other_use", "1207", 2_000.0, 0.033333, None),
    ]


def test_indicators() -> None:
    blocks()

    found = said(examine(far=2.35, green=31.0, height=60.4), "chk_indic")

    assert [
        (row["severity"], row["indicator"], row["design"], row["plan"], row["overlap_m2"], row["layer"])
        for row in found
    ] == [
        ("stop", "far", 2.35, 2.3103, 58_000.0, PLAN_B),
        ("stop", "green", 31.0, 31.8966, 58_000.0, PLAN_B),
    ]


def test_two_plans() -> None:
    an_edition(PLAN_A, [feature(a_box(0, 0, 150, 200), use="0701"), feature(a_box(150, 0, 300, 200), use="0101")])
    an_edition(
        PLAN_B,
        [
            feature(a_box(0, 0, 100, 200), use="0701"),
            feature(a_box(100, 0, 149.7, 200), use="0901"),
            feature(a_box(149.7, 0, 240, 200), use="1001"),
            feature(a_box(240, 0, 300, 200), use="0301"),
        ],
    )

    result = examine()

    patches = result.as_json()["patches"]
    assert [(p["id"], p["kind"], p["use_a"], p["use_b"], p["area_m2"], p["owner_layers"]) for p in patches] == [
        ("P001", "城有土无", "0101", "1001", 18_000.0, [PLAN_A]),
        ("P002", "用途异", "0701", "0901", 9_940.0, [PLAN_A, PLAN_B]),
    ]
    assert [
        (row["kind"], row["overlap_m2"], row["share"], row["severity"], row["layer"])
        for row in said(result, "chk_two_plan")
    ] == [("城有土无", 18_000.0, 0.3, "info", PLAN_B), ("用途异", 9_940.0, 0.165667, "info", PLAN_B)]


def red_lines() -> None:
    an_edition(RED_LINE, [feature(a_box(-500, -500, 100, 500), "R1")], name="2023")
    hole = [(20, 20), (60, 20), (60, 70), (20, 70)]
    main = a_shape((-500, -500), (100, -500), (100, 500), (-500, 500), holes=[hole])
    added = a_shape((100, 50), (112, 60), (112, 160), (100, 170))
    an_edition(RED_LINE, [feature(main, "R1"), feature(added, "R2")], name="2026")


def test_editions_of_a_line() -> None:
    red_lines()

    result = examine()

    patches = result.as_json()["patches"]
    assert [(p["id"], p["kind"], p["layer"], p["area_m2"], p["offset_m"]) for p in patches] == [
        ("P001", "added", RED_LINE, 1320.0, 12.0),
        ("P002", "removed", RED_LINE, 2000.0, None),
    ]
    (found,) = said(result, "chk_line_diff")
    assert found == {
        "check": "chk_line_diff",
        "layer": RED_LINE,
        "edition": "2026",
        "feature": None,
        "overlap_m2": 3320.0,
        "share": 0.055333,
        "severity": "info",
        "from": "2023",
        "added_m2": 1320.0,
        "removed_m2": 2000.0,
        "moved_m": 12.0,
        "moved": True,
    }
    assert total(result, RED_LINE)["overlap_m2"] == 19_320.0


def test_three_lines_count_the_current_edition() -> None:
    an_edition(FARMLAND, [feature(a_box(-500, -500, 100, 500), "N1")], name="2023")
    hole = [(20, 20), (60, 20), (60, 70), (20, 70)]
    main = a_shape((-500, -500), (100, -500), (100, 500), (-500, 500), holes=[hole])
    an_edition(FARMLAND, [feature(main, "N1"), feature(a_shape((100, 50), (112, 60), (112, 160), (100, 170)), "N2")])

    result = examine()

    assert total(result, FARMLAND)["overlap_m2"] == 19_320.0
    assert total(result, FARMLAND)["result"] == "fail"
    assert [(row["feature"], row["overlap_m2"]) for row in said(result, "chk_3lines")] == [
        ("N1", 18_000.0),
        ("N2", 1_320.0),
    ]
