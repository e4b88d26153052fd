"""The command: files of every format in, one JSON document out, nothing kept."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from blueprint.checks.models import CheckRun
from portal.citypack.models import PackVersion
from tests.factories.blueprint import a_box, a_shape, an_edition, feature, geojson

pytestmark = pytest.mark.django_db

FARMLAND, BOUNDARY = "L04.01.02", "L04.01.03"
EXAMPLE = """[属性描述]
格式版本号=1.01版本
数据产生单位=滨海图测勘察测绘有限公司
数据产生日期=2026-03-18
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=,,,,,,
[地块坐标]
8,1.4200,001,滨海示范地块,面,,工业用地,0601,@
J1,1,2462105.213,38412310.457
J2,1,2462105.213,38412460.457
J3,1,2462005.213,38412460.457
J4,1,2462005.213,38412310.457
J5,2,2462075.213,38412350.457
J6,2,2462055.213,38412350.457
J7,2,2462055.213,38412390.457
J8,2,2462075.213,38412390.457
"""


@pytest.fixture(autouse=True)
def _layers(pack: PackVersion) -> None:
    """Have the layers of the pack."""


def run(*files: Path, crs: str | None = None, fails: bool = False) -> Any:
    """Run the command with --json and return what it printed."""
    printed = io.StringIO()
    if fails:
        with pytest.raises(SystemExit) as stopped:
            call_command("check_site", *files, json=True, crs=crs, stdout=printed)
        assert stopped.value.code == 1
    else:
        call_command("check_site", *files, json=True, crs=crs, stdout=printed)
    return json.loads(printed.getvalue())


def written(place: Path, name: str, content: str | bytes) -> Path:
    path = place / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def of_check(answer: dict[str, Any], check: str) -> list[dict[str, Any]]:
    return [row for row in answer["findings"] if row["check"] == check]


def test_the_txt_of_the_standard(tmp_path: Path) -> None:
    answer = run(written(tmp_path, "地块.txt", EXAMPLE))

    assert list(answer) == [
        "file",
        "area_m2",
        "crs",
        "source_crs",
        "repairs",
        "totals",
        "findings",
        "patches",
        "skipped",
        "timing_ms",
    ]
    assert (answer["file"], answer["area_m2"], answer["crs"]) == ("地块.txt", 14_200.0, "EPSG:4526")
    assert (answer["source_crs"], answer["repairs"]) == ("EPSG:4526", [])
    assert of_check(answer, "chk_topo") == []
    assert answer["skipped"][-1] == {"check": "chk_two_plan", "layer": "L04.02.01", "reason": "no_edition"}


def test_a_txt_that_declares_another_area(tmp_path: Path) -> None:
    answer = run(written(tmp_path, "a.txt", EXAMPLE.replace("1.4200", "1.4300")))

    (found,) = of_check(answer, "chk_topo")
    assert (found["share"], found["severity"], found["reason"]) == (0.007042, "review", "area_mismatch")
    assert (found["declared_m2"], found["overlap_m2"], found["layer"]) == (14_300.0, None, None)


def test_what_a_file_declares_is_compared_with_the_plan(tmp_path: Path) -> None:
    an_edition(
        "L05.01.04",
        [
            feature(a_box(0, 0, 180, 200), "A", use="070101", far=2.5, green=30, height=60),
            feature(a_box(180, 0, 290, 200), "B", use="0804", far=2.0, green=35),
            feature(a_box(290, 0, 400, 200), "C", use="1207"),
        ],
    )
    site = feature(a_box(0, 0, 300, 200), "P", YDDM="0701", RJL=2.35, 绿地率="31", JZGD=60.4)

    answer = run(written(tmp_path, "p.geojson", geojson(site)))

    assert [(row["reason"], row["overlap_m2"]) for row in of_check(answer, "chk_use")] == [
        ("mismatch", 24_000.0),
        ("other_use", 22_000.0),
        ("other_use", 2_000.0),
    ]
    assert [(row["indicator"], row["plan"]) for row in of_check(answer, "chk_indic")] == [
        ("far", 2.3103),
        ("green", 31.8966),
    ]


def test_a_small_crossing_is_repaired_a_larger_one_refused(tmp_path: Path) -> None:
    small = [(0, 0), (146, 0), (154, -4), (146, -4), (154, 0), (300, 0), (300, 200), (0, 200)]
    large = [(0, 0), (138, 0), (162, -12), (138, -12), (162, 0), (300, 0), (300, 200), (0, 200)]

    answer = run(written(tmp_path, "small.geojson", geojson(feature(a_shape(*small), "P"))))
    refused = run(written(tmp_path, "large.geojson", geojson(feature(a_shape(*large), "P"))), fails=True)

    assert answer["area_m2"] == 60_016.0
    assert [row["code"] for row in answer["repairs"]] == ["make_valid"]
    assert refused["file"] == "large.geojson"
    assert refused["error"]["code"] == "self_intersection"


def test_several_files_are_a_list_in_the_order_given_and_one_refused_fails_the_whole(tmp_path: Path) -> None:
    an_edition(FARMLAND, [feature(a_box(288, -50, 400, 250), "JN1")])
    good = written(tmp_path, "good.geojson", geojson(feature(a_box(0, 0, 300, 200), "P")))
    empty = written(tmp_path, "empty.txt", "")

    answers = run(good, empty, tmp_path / "none.dxf", good, fails=True)

    assert [answer["file"] for answer in answers] == ["good.geojson", "empty.txt", "none.dxf", "good.geojson"]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, "empty_file", "unreadable", None]
    assert [row["overlap_m2"] for row in answers[0]["findings"]] == [2400.0]
    assert answers[0]["findings"] == answers[3]["findings"]


def test_the_crs_can_be_told(tmp_path: Path) -> None:
    ring = [[440_000.0, 2_465_000.0], [440_300.0, 2_465_000.0], [440_300.0, 2_465_200.0], [440_000.0, 2_465_200.0]]
    plain = json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    path = written(tmp_path, "plain.geojson", plain)

    answer = run(path, crs="EPSG:4547")

    assert answer["source_crs"] == "EPSG:4547"
    assert answer["area_m2"] == pytest.approx(60_000.0, abs=0.05)
    assert run(path, crs="EPSG:3857", fails=True)["error"]["code"] == "crs_unsupported"


def test_nothing_is_kept(tmp_path: Path) -> None:
    run(written(tmp_path, "a.txt", EXAMPLE))

    assert not CheckRun.objects.exists()


def test_people_read_a_table(tmp_path: Path) -> None:
    an_edition(FARMLAND, [feature(a_box(288, -50, 400, 250), "JN1")])
    an_edition(BOUNDARY, [feature(a_box(-100, 0, 290, 500), "B1")])
    an_edition("L04.02.01", [feature(a_box(0, 0, 300, 200), use="0101")])
    an_edition("L05.01.04", [feature(a_box(0, 0, 300, 200), use="0701")])
    printed = io.StringIO()
    good = written(tmp_path, "good.geojson", geojson(feature(a_box(0, 0, 300, 200), "P")))
    bad = written(tmp_path, "bad.dxf", "no drawing")

    with pytest.raises(SystemExit):
        call_command("check_site", good, bad, stdout=printed)

    table = printed.getvalue()
    for word in ("60000.00", "JN1", "2,400.00", "outside", "P001 城有土无 0101/0701", "bad.dxf", "（unreadable）"):
        assert word in table
