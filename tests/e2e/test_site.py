"""A boundary is drawn on the map, uploaded in every format, changed and compared, in a real browser."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from shapely.geometry import MultiPolygon

from blueprint.geometry import writing
from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.layers import frames
from blueprint.siting.models import SiteVersion
from portal.accounts.models import Enterprise
from projects.registry.models import Project
from tests.cast import as_actor
from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, assert_accessible, assert_fits, wait_until
from tests.factories import blueprint
from tests.factories.projects import GENERAL
from tests.factories.review import a_running_project

SHAPE = blueprint.a_shape(
    (0, 0), (300, 0), (300, 200), (0, 210), holes=[[(100, 50), (180, 50), (180, 100), (100, 100)]]
)
ENDINGS = {"geojson": ".geojson", "shp": ".zip", "dxf": ".dxf", "txt": ".txt"}


@pytest.fixture
def project(pack: object, applicant: Any, enterprise: Enterprise, at: datetime) -> Project:
    ground = [blueprint.feature(blueprint.a_box(-50, -50, 60, 60), "M1")]
    blueprint.an_edition("L06.02.02", ground)
    return a_running_project(owner=enterprise, actor=as_actor(applicant), at=at, facts=GENERAL)


def a_file(folder: Path, file_format: str, shape: MultiPolygon) -> Path:
    """Write a boundary as a file of one format."""
    site = SiteShape(shape, Attributes(declared_m2=round(shape.area, 2)), "EPSG:4526")
    path = folder / f"red{ENDINGS[file_format]}"
    path.write_bytes(writing.write(site, file_format, frames.frame(), made_on=datetime(2026, 4, 14).date()))  # noqa: DTZ001
    return path


def settled(page: Page) -> None:
    found = page.locator("[data-map]").first
    found.scroll_into_view_if_needed()
    wait_until(lambda: found.get_attribute("data-map-idle") is not None, "the map")


def test_draws_a_parcel_and_sees_what_follows(visit: Visit, project: Project) -> None:
    visitor = visit("applicant-a")
    page = visitor.go(f"/projects/{project.code}/")
    wait_until(lambda: page.locator("#site-panel").count(), "the panel")
    visitor.follow("画红线", within=page.locator(".todo"))
    settled(page)
    page.get_by_label("吸附").uncheck()
    box = page.locator("[data-map-canvas]").bounding_box()
    assert box
    for x, y in ((500, 150), (560, 150), (560, 200), (500, 200), (500, 150)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
        page.mouse.click(box["x"] + x, box["y"] + y)
    wait_until(lambda: page.locator("#drawn").input_value(), "the parcel")
    drawn = json.loads(page.locator("#drawn").input_value())
    assert len(drawn["features"]) == 1

    visitor.press("看画的红线")
    assert "事项清单会有的变化" in page.locator("main").inner_text()
    visitor.follow("再改改")
    assert json.loads(page.locator("#drawn").input_value()) == drawn
    visitor.press("看画的红线")
    visitor.press("用这条红线")

    assert "第 1 版" in page.locator("main").inner_text()
    assert SiteVersion.objects.get().origin == "drawn"
    page = visitor.go(f"/projects/{project.code}/")
    wait_until(lambda: page.locator("#site-panel .sketch").count(), "the sketch")
    assert_accessible(page)


def test_uploads_one_file_of_each_format(visit: Visit, project: Project, tmp_path: Path) -> None:
    visitor = visit("applicant-a")
    for number, file_format in enumerate(ENDINGS, start=1):
        # each a little larger, so that each makes a version
        shape = blueprint.a_shape((0, 0), (300 + number, 0), (300, 200), (0, 210))
        page = visitor.go(f"/sites/{project.code}/?edit=1")
        page.locator("#file").set_input_files(a_file(tmp_path, file_format, shape))
        visitor.press("看这个文件")
        assert "避免危害气象探测环境审批" in page.locator("main").inner_text() or number > 1
        visitor.press("用这条红线")
        found = SiteVersion.objects.latest("number")
        assert (found.number, found.origin) == (number, "uploaded")
        assert found.area_m2 == pytest.approx(shape.area, abs=0.05)
    visitor.go(f"/sites/{project.code}/versions/")
    assert "共 4 版" in visitor.page.locator("main").inner_text()
    visitor.go(f"/sites/{project.code}/versions/4/points/")


@pytest.mark.parametrize("path", ["", "?edit=1", "versions/", "versions/1/points/"])
def test_fits_a_telephone(visit: Visit, project: Project, applicant: Any, at: datetime, path: str) -> None:
    from blueprint.siting import boundaries
    from blueprint.siting import operations as siting

    for north in (200, 220):
        points = f"{2465000 + north} 38440000\n2465200 38440300\n2465000 38440300\n2465000 38440000"
        boundary = boundaries.from_points(points, frame=frames.frame(), declared_m2=65_000)
        siting.enter_version(project_id=project.pk, boundary=boundary, actor=as_actor(applicant), at=at)
    visitor = visit("applicant-a", screen=PHONE)
    visitor.go(f"/sites/{project.code}/{path}")
    assert_fits(visitor.page)
