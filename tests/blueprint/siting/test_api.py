"""The site of a project for machines."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from blueprint.geometry import degrees
from blueprint.layers import frames
from blueprint.siting.models import SiteVersion
from tests.blueprint.siting.test_bring_boundary import TXT
from tests.factories import blueprint

pytestmark = pytest.mark.django_db


@pytest.fixture
def machine() -> APIClient:
    return APIClient()


@pytest.fixture
def address(project):
    return f"/api/v1/projects/{project.code}/site"


def boundary(shape=None):
    return degrees.geojson(shape or blueprint.a_box(0, 0, 300, 200), frames.frame().work_crs)


@pytest.mark.parametrize("who", ["other_applicant", "agent", "planning_handler"])
def test_is_not_there_for_the_outsider(machine, request, address, who):
    machine.force_authenticate(request.getfixturevalue(who))
    assert machine.get(address).status_code == 404
    assert machine.post(address, {"boundary": boundary()}, format="json").status_code == 404


def test_refuses_who_may_only_look(machine, leader, address):
    machine.force_authenticate(leader)
    answer = machine.post(address, {"boundary": boundary()}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not SiteVersion.objects.exists()


def test_says_that_there_is_no_boundary_yet(machine, applicant, address):
    machine.force_authenticate(applicant)
    answer = machine.get(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_site")


def test_takes_geojson_and_gives_it_back(machine, applicant, project, address):
    machine.force_authenticate(applicant)
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "M1")])
    answer = machine.post(address, {"boundary": boundary(), "note": "合同"}, format="json")
    assert answer.status_code == 201
    found = answer.json()
    assert found["type"] == "Feature"
    assert found["geometry"]["type"] == "MultiPolygon"
    properties = found["properties"]
    assert properties["area_m2"] == pytest.approx(60_000, abs=0.05)
    assert (properties["version"], properties["note"], properties["source_crs"]) == (1, "合同", "EPSG:4490")
    assert properties["facts"]["map.metenv"] is True
    assert properties["editions"] == {"L06.02.02": "2026"}
    assert machine.get(address).json() == found
    again = machine.post(address, {"boundary": found["geometry"]}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "same_boundary")


def test_takes_a_file(machine, applicant, address):
    machine.force_authenticate(applicant)
    upload = SimpleUploadedFile("a.txt", TXT.encode())
    answer = machine.post(address, {"file": upload}, format="multipart")
    assert answer.status_code == 201
    assert answer.json()["properties"]["declared_m2"] == 60_500


def test_refuses_with_the_code_of_the_contract_at_the_field(machine, applicant, address):
    machine.force_authenticate(applicant)
    swapped = {"type": "Polygon", "coordinates": [[[22.2, 113.5], [22.3, 113.5], [22.3, 113.6], [22.2, 113.5]]]}
    answer = machine.post(address, {"boundary": swapped}, format="json")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (422, "axes_swapped")
    assert "颠倒" in answer.json()["fields"]["boundary"]
    empty = machine.post(address, {"file": SimpleUploadedFile("a.txt", b"")}, format="multipart")
    assert (empty.json()["code"], list(empty.json()["fields"])) == ("empty_file", ["file"])
    neither = machine.post(address, {}, format="json")
    assert list(neither.json()["fields"]) == ["boundary"]


def test_recounts_when_asked(machine, applicant, address):
    machine.force_authenticate(applicant)
    blueprint.an_edition("L06.02.02", [], name="2025")
    machine.post(address, {"boundary": boundary()}, format="json")
    blueprint.an_edition("L06.02.02", [blueprint.feature(blueprint.a_box(0, 0, 50, 50), "M1")], name="2026")
    assert machine.get(address).json()["properties"]["outdated_layers"] == ["L06.02.02"]
    found = machine.post(reverse("project_site_recount", args=[address.split("/")[4]])).json()
    assert found["properties"]["facts"]["map.metenv"] is True
    assert found["properties"]["outdated_layers"] == []
