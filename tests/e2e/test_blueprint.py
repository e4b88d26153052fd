"""The one blueprint in a browser: switch, ask, measure, compare, stand up, print; and without a map."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from playwright.sync_api import Page

from blueprint.siting.models import Site, SiteVersion
from tests.cast import as_actor
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Visitor, assert_accessible, assert_fits, wait_until
from tests.factories.blueprint import a_box, an_edition, feature
from tests.factories.review import a_running_project

BLOCKS, RED_LINE, HOUSES, GROUND = "L05.01.04", "L04.01.01", "L01.04.01", "L01.02.01"
MILLIMETRES = 25.4 / 96


@pytest.fixture
def ground(pack: object) -> None:
    """A city of one kilometre: nine blocks, a red line in two editions, houses."""
    blocks = [
        feature(a_box(x, y, x + 300, y + 300), f"B{x}-{y}", name="学府里", use="0701", far=2.5)
        for x in (0, 350, 700)
        for y in (0, 350, 700)
    ]
    an_edition(GROUND, [feature(a_box(-100, -100, 1100, 1100), "city")])
    an_edition(BLOCKS, blocks, name="2025")
    an_edition(RED_LINE, [feature(a_box(350, 350, 650, 650), "R1", name="旧红线")], name="2021")
    an_edition(RED_LINE, [feature(a_box(350, 350, 1000, 650), "R1", name="新红线")], name="2025")
    an_edition(HOUSES, [feature(a_box(400, 400, 440, 460), "H1", height=54)])


def at_rest(page: Page) -> None:
    """Wait until the map has drawn everything and nothing comes any more."""
    found = page.locator("#blueprint-map")
    wait_until(lambda: found.get_attribute("data-map-idle"), "the map")
    seen = ""
    for _ in range(40):
        page.wait_for_timeout(250)
        now = str(found.get_attribute("data-map-idle"))
        if now == seen:
            return
        seen = now


def middle(page: Page, right: int = 0, down: int = 0) -> tuple[float, float]:
    box = page.locator("#blueprint-map [data-map-canvas]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down


@pytest.fixture
def reader(visit: Visit, ground: None) -> Visitor:
    visitor = visit()
    visitor.go("/blueprint/")
    at_rest(visitor.page)
    return visitor


def test_switches_layers_and_asks_what_lies_at_a_point(reader: Visitor) -> None:
    page = reader.page
    fetched: list[str] = []
    page.on("response", lambda answer: fetched.append(answer.url) if ".mvt" in answer.url else None)
    page.get_by_role("searchbox", name="找图层").fill("控规地块")
    assert "找到 1 个图层" in page.locator("[data-found]").inner_text()
    page.get_by_role("checkbox", name="控规地块").check()
    at_rest(page)
    assert fetched, "the tiles of the layer were asked for"

    page.mouse.click(*middle(page))
    answer = page.locator("[data-answer]")
    wait_until(lambda: "学府里" in answer.inner_text(), "the answer")
    assert "新红线" in answer.inner_text()
    assert "容积率" in answer.inner_text()
    reader.look("answered")

    page.reload()
    at_rest(page)
    page.get_by_role("searchbox", name="找图层").fill("控规地块")
    assert page.get_by_role("checkbox", name="控规地块").is_checked(), "the page remembers what was on"


def test_measures_and_hands_the_area_on(reader: Visitor) -> None:
    page = reader.page
    page.locator("#bp-q").fill("新红线")
    page.locator("#bp-q").press("Enter")
    wait_until(lambda: "新红线" in page.locator("[data-answer]").inner_text(), "the place")
    at_rest(page)
    page.get_by_role("button", name="量面积").click()
    for right, down in ((-100, -100), (100, -100), (100, 100), (-100, 100)):
        page.mouse.click(*middle(page, right, down))
        page.wait_for_timeout(350)

    words = page.locator("[data-measured]").inner_text()
    area, around = (float(number.replace(",", "")) for number in re.findall(r"(?:面积|周长) ([\d,.]+)", words))
    assert area == pytest.approx((around / 4) ** 2, rel=0.01), "a square"
    assert page.locator("[data-measured-points] tr").count() == 4
    with page.expect_download() as saved:
        page.get_by_role("button", name="存为 GeoJSON").click()
    assert saved.value.suggested_filename == "boundary.geojson"
    page.locator("summary").filter(has_text="拟建体量").click()
    page.get_by_label("建筑高度").fill("80")
    page.get_by_label("建筑密度").fill("25")
    page.get_by_label("容积率").fill("2.5")
    page.get_by_role("button", name="立起来看").click()
    at_rest(page)
    assert "平均约 10.0 层" in page.locator("[data-volume-result]").inner_text()
    assert page.get_by_role("button", name="三维").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="量面积").click()
    page.get_by_role("button", name="清空").first.click()
    page.locator("canvas.maplibregl-canvas").first.focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)
    assert page.locator("[data-measured-points] tr").count() == 2, "by keyboard"


def test_checks_what_was_measured_at_once(visit: Visit, ground: None, planning_handler: Any) -> None:
    visitor = visit("planning-handler")
    page = visitor.go("/blueprint/")
    at_rest(page)
    page.locator("#bp-q").fill("新红线")
    page.locator("#bp-q").press("Enter")
    wait_until(lambda: "新红线" in page.locator("[data-answer]").inner_text(), "the place")
    at_rest(page)
    page.get_by_role("button", name="量面积").click()
    for right, down in ((-40, -40), (40, -40), (40, 40)):
        page.mouse.click(*middle(page, right, down))
        page.wait_for_timeout(350)
    page.get_by_role("button", name="马上核查").click()

    said = page.locator("[data-look-result]")
    wait_until(lambda: "条要注意" in said.inner_text(), "the findings")
    assert "生态保护红线 · R1" in said.inner_text()
    assert "三区三线合规性检查 · 2025" in said.inner_text()
    visitor.look("checked")


def test_marks_projects_with_their_lights(
    visit: Visit, ground: None, leader: Any, applicant: Any, enterprise: Any, at: datetime
) -> None:
    project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)
    site = Site.objects.create(project=project, opened_at=at)
    SiteVersion.objects.create(
        site=site,
        number=1,
        origin="drawn",
        work_crs=4526,
        source_crs="EPSG:4526",
        geom=GEOSGeometry(a_box(500, 500, 600, 600).wkt),
        area_m2=10_000,
        entered_at=at,
        entered_by="林一",
    )
    visitor = visit("leader-a")
    page = visitor.go("/blueprint/")
    at_rest(page)
    page.get_by_label("在图上标出项目和它们的灯").check()

    shown = page.locator("[data-project-list] li")
    wait_until(lambda: shown.count() == 1, "the project")
    assert project.name in shown.inner_text()
    shown.get_by_role("button", name=f"看图 {project.name}").click()
    at_rest(page)
    visitor.look("projects")


def test_compares_two_editions(reader: Visitor) -> None:
    page = reader.page
    page.locator("summary").filter(has_text="两版对比").click()
    page.get_by_role("button", name="开始对比").click()
    over = page.locator("[data-compare-map]")
    wait_until(lambda: over.get_attribute("data-compare-state") == "ready", "the second map")

    assert over.locator("[data-compare-left]").inner_text() == "2021"
    assert over.locator("[data-compare-right]").inner_text() == "2025"
    before = over.locator("[data-compare-canvas]").evaluate("element => element.style.clipPath")
    page.get_by_label("分界线").focus()
    page.keyboard.press("End")
    after = over.locator("[data-compare-canvas]").evaluate("element => element.style.clipPath")
    assert (before, after) == ("inset(0px 50% 0px 0px)", "inset(0px 0% 0px 0px)")
    reader.look("compared")
    page.get_by_role("button", name="结束对比").click()
    assert over.is_hidden()


@pytest.mark.parametrize(("paper", "wide"), [("A4 横", 277), ("A3 竖", 277)])
def test_prints_to_scale(reader: Visitor, paper: str, wide: int) -> None:
    page = reader.page
    page.locator("summary").filter(has_text=re.compile("^打印")).click()
    page.get_by_label("纸张").select_option(label=paper)
    page.get_by_label("比例尺").select_option(label="1:5,000")
    page.get_by_role("button", name="排版预览").click()
    sheet = page.locator("[data-sheet]")
    wait_until(lambda: sheet.get_attribute("data-sheet-state") == "ready", "the sheet")

    box = page.locator("[data-map-canvas]").bounding_box()
    assert box
    assert box["width"] * MILLIMETRES == pytest.approx(wide, abs=1)
    bar = sheet.locator("[data-sheet-bar]").bounding_box()
    assert bar
    length = float(sheet.locator("[data-sheet-bar]").inner_text().split()[0])
    assert bar["width"] * MILLIMETRES * 5 == pytest.approx(length, rel=0.02)
    ends = []
    for right in (-100, 100):
        page.mouse.move(*middle(page, right))
        page.wait_for_timeout(100)
        ends.append(float(page.locator("[data-map-place]").text_content().split()[-1]))  # type: ignore[union-attr]
    assert (ends[1] - ends[0]) / (200 * MILLIMETRES / 1000) == pytest.approx(5000, rel=0.002), (
        "the map itself is to scale"
    )
    assert "生态保护红线 2025" in sheet.inner_text()
    reader.look("sheet")
    page.keyboard.press("Escape")
    assert sheet.is_hidden()


def test_is_usable_on_a_telephone(visit: Visit, ground: None, planning_handler: Any) -> None:
    visitor = visit("planning-handler", screen=PHONE)
    visitor.go("/blueprint/")
    at_rest(visitor.page)
    assert_fits(visitor.page)
    assert_accessible(visitor.page)


def test_answers_without_a_map(visit: Visit, ground: None) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.page.goto("/blueprint/")
    visitor.page.locator("#bp-q").fill("新红线")
    visitor.page.locator("#bp-q").press("Enter")
    visitor.page.get_by_role("link", name="新红线").click()
    assert "195,000.0" in visitor.page.locator("[data-answer]").inner_text()
