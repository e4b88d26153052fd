"""From the boundary of a project to its plan, its form and its check, by HTTP only."""

import pytest
from django.test import Client
from django.urls import reverse

from blueprint.geometry import writing
from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.layers import frames
from blueprint.siting.models import SiteDraft
from tests.cast import PASSWORD
from tests.factories import blueprint
from tests.factories.projects import GENERAL
from tests.journeys.driver import Cast, Machine, bring_materials, fill_in

#: the item a site near a weather station needs, its layer, and what the check finds there
ITEM, LAYER = "S1-26", "L06.02.02"
ANSWERS = {"site_region": "449904", "plan_start": "2026-05-01", "plan_finish": "2027-05-01"}
SITE = blueprint.a_shape((0, 0), (300, 0), (300, 200), (0, 210))


def at_a_browser(machine: Machine) -> Client:
    """Sign the same person in by the login page."""
    browser = Client()
    browser.post("/accounts/login/", {"username": machine.username, "password": PASSWORD})
    return browser


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def panel_of(code: str) -> str:
    return reverse("reports:panel", args=[code])


def planned(machine: Machine, code: str) -> dict:
    return next(line for line in machine.get(f"/projects/{code}/plan")["items"] if line["id"] == ITEM)


@pytest.mark.django_db
def test_a_boundary_changes_the_plan_fills_the_form_and_is_checked_for_both_sides(cast: Cast, drained, at, tmp_path):
    blueprint.an_edition(LAYER, [blueprint.feature(blueprint.a_box(-50, -50, 60, 60), "M1", name="海湾气象站")])
    owner, clerk = cast("applicant"), cast("clerk")
    code = owner.post("/projects", name="山前花园", region="449904", facts=GENERAL)["code"]
    assert planned(owner, code)["applies"] is None

    # uploaded as the surveyors' txt, looked at, used
    browser = at_a_browser(owner)
    txt = writing.write(
        SiteShape(SITE, Attributes(declared_m2=61_600), "EPSG:4526"),
        "txt",
        frames.frame(),
        made_on=at.date(),
        made_by="滨测院",
    )
    path = tmp_path / "红线.txt"
    path.write_bytes(txt)
    with path.open("rb") as upload:
        brought = browser.post(f"/sites/{code}/bring/", {"way": "upload", "crs": "", "file": upload}, follow=True)
    preview = brought.content.decode()
    assert "事项清单会有的变化" in preview
    assert planned(owner, code)["applies"] is None, "a boundary that is only looked at changes nothing"
    seen = SiteDraft.objects.get().mark
    used = browser.post(f"/sites/{code}/use/", {"note": "按出让合同", "draft": seen}, follow=True).content.decode()
    assert "第 1 版" in used
    drained(at)

    item = planned(owner, code)
    assert item["applies"] is True
    assert item["name"] in preview
    assert planned(owner, code)["name"] in read(browser, reverse("tracking:items", args=[code]))

    # the check is on the project page's panel
    panel = read(browser, panel_of(code))
    assert "气象" in panel
    assert f'hx-get="{panel_of(code)}"' in read(browser, f"/projects/{code}/")

    # the form takes from the map what it tells, with its source, and lets nobody type over it
    application = owner.post("/applications", project=code, stage="S1")["id"]
    fields = {field["id"]: field for field in owner.get(f"/applications/{application}/form")["fields"]}
    area = fields["land_area_m2"]
    assert (area["source"], area["read_only"]) == ("map", True)
    assert float(area["value"]) == pytest.approx(SITE.area, abs=0.01)
    assert "红线图" in read(browser, f"/applications/{application}/form/")

    fill_in(owner, application, ANSWERS)
    bring_materials(owner, application)
    owner.post(f"/applications/{application}/submit")
    clerk.post(f"/applications/{application}/accept")
    drained(at)
    task = cast("leader").get("/tasks", project=code)["results"][0]
    reviewer = at_a_browser(cast(task["step"], department=task["department"]))
    case = read(reviewer, reverse("review:case", args=[task["case"]]))
    assert f'hx-get="{panel_of(code)}"' in case
    assert "气象" in read(reviewer, panel_of(code))
    outsider = at_a_browser(cast("handler", department="jt"))
    if task["department"] != "jt":
        assert outsider.get(panel_of(code)).status_code == 404
