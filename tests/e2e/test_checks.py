"""A check and an idea in a real browser: list and map light each other, people hand on to people."""

from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page

from blueprint.checks import operations as checks
from blueprint.checks.models import CheckRun, Patch
from blueprint.citywide import operations as citywide
from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.ideas.models import Idea
from blueprint.siting import operations as siting
from blueprint.siting.boundaries import Boundary
from blueprint.siting.states import SiteOrigin
from portal.accounts.models import Enterprise, User
from portal.core import outbox
from tests.cast import HOUSING, as_actor
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, assert_accessible, assert_fits, wait_until
from tests.factories.blueprint import a_box, a_small_city
from tests.factories.projects import GENERAL
from tests.factories.review import a_running_project


@pytest.fixture
def city(pack: object) -> None:
    a_small_city()


@pytest.fixture
def run(city: None, applicant: User, enterprise: Enterprise, at: datetime) -> CheckRun:
    """The check of a project that touches farmland."""
    project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at, facts=GENERAL)
    shape = SiteShape(a_box(400, 100, 600, 400), Attributes(declared_m2=60_500), "EPSG:4526")
    boundary = Boundary(shape, SiteOrigin.DRAWN)
    version = siting.enter_version(project_id=project.pk, boundary=boundary, actor=as_actor(applicant), at=at)
    return checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at)


def settled(page: Page) -> None:
    found = page.locator("[data-map]").first
    found.scroll_into_view_if_needed()
    wait_until(lambda: found.get_attribute("data-map-idle") is not None, "the map")


def is_lit(row: Locator) -> bool:
    return "lit" in (row.get_attribute("class") or "")


def test_findings_and_map_light_each_other(visit: Visit, run: CheckRun) -> None:
    visitor = visit("applicant-a")
    page = visitor.go(f"/checks/{run.pk}/")
    settled(page)
    row = page.locator("li[data-map-feature]", has_text="永久基本农田").first
    row.locator("[data-map-goto]").click()
    settled(page)
    box = page.locator("[data-map-canvas]").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_until(lambda: page.locator(".lit").count(), "a finding under the pointer")
    page.mouse.move(0, 0)
    for name in ("各核查项", "各图层合计", "差异图斑"):
        table = page.get_by_role("table", name=name)
        heights = [each.bounding_box() for each in table.locator("tbody tr").all()]
        assert heights
        assert all(each and each["height"] > 20 for each in heights), name

    page.locator("#paper button").click()
    wait_until(lambda: "正在出具" in page.locator("#paper").inner_text(), "the report to be ordered")
    assert_accessible(page)

    phone = visit("applicant-a", screen=PHONE)
    phone.go(f"/checks/{run.pk}/")
    assert_fits(phone.page)


def test_an_idea_goes_from_the_map_to_ripe(
    visit: Visit, city: None, planning_lead: User, fire_reviewer: User, at: datetime
) -> None:
    planner = visit("planning-lead")
    page = planner.go("/ideas/new")
    settled(page)
    page.get_by_label("意向名称").fill("湾区学校")
    page.get_by_label("建什么、多大规模").fill("36 班小学")
    page.get_by_label("界址点", exact=True).fill(
        "2465100 38440300\n2465300 38440300\n2465300 38440500\n2465100 38440500\n2465100 38440300"
    )
    planner.press("用这些界址点")
    idea = Idea.objects.get()
    outbox.drain(at=at)
    planner.go(f"/ideas/{idea.pk}/")
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_label("住建").check()
    planner.press("征询意见")

    housing = visit("fire-reviewer")
    housing.go("/ideas/")
    housing.follow("湾区学校")
    settled(housing.page)
    housing.page.get_by_label("有条件同意").check()
    housing.page.get_by_label("条件 1", exact=True).fill("西南角留出消防车道")
    housing.press("回复意见")

    planner.go(f"/ideas/{idea.pk}/")
    page.get_by_label("怎样落实的").fill("方案已留 6 米车道")
    planner.press("已落实")
    planner.press("定为成熟")
    assert "成熟" in page.locator("h1 + *").inner_text()

    for path in ("/ideas/", "/ideas/new", f"/ideas/{idea.pk}/"):
        planner.page.set_viewport_size(PHONE)
        planner.go(path)
        assert_fits(page)


def test_a_planner_has_the_whole_city_checked(visit: Visit, city: None, planning_handler: User, at: datetime) -> None:
    planner = visit("planning-handler")
    page = planner.go("/citywide/")
    page.get_by_label("比什么").select_option(label="两规冲突：土规与城规")
    planner.press("发起核查")
    run = CheckRun.objects.get()
    assert "排队等待计算" in page.locator("#progress").inner_text()
    CheckRun.objects.filter(pk=run.pk).update(state="running", started_at=run.queued_at, steps_done=40, steps_total=100)
    wait_until(lambda: "40 / 100" in page.locator("#progress").inner_text(), "the progress")
    assert page.get_by_role("progressbar").get_attribute("value") == "40"
    assert citywide.work(at=at) == 1
    rows = page.locator("#patches tbody tr")
    wait_until(lambda: rows.count(), "the patches, without a reload by hand")
    planner.look("done")

    count = Patch.objects.filter(run=run).count()
    assert rows.count() == count
    for words, suffix in (("CSV", "csv"), ("Excel", "xlsx")):
        with page.expect_download() as saved:
            page.locator("#patches").get_by_role("link", name=words).click()
        assert saved.value.suggested_filename == f"patches-{run.pk}.{suffix}"
    planner.follow("P001")
    settled(page)
    page.get_by_label("处置部门").select_option(value=HOUSING)
    page.get_by_label("要求").fill("请核对")
    planner.press("交办")
    assert "待处置" in page.locator("h1 + *").inner_text()
    page.set_viewport_size(PHONE)
    for path in ("/citywide/", f"/citywide/{run.pk}/"):
        planner.go(path)
        assert_fits(page)
        assert page.locator("main .tbl[role=group]").evaluate("e => e.scrollWidth <= e.clientWidth"), "rows are cards"
