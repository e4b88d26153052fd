"""Machines divide, merge and give up projects by the same operations as the pages."""

import pytest
from rest_framework.test import APIClient

from projects.registry.models import Unit
from tests.cast import PASSWORD


def machine_of(user):
    client = APIClient()
    token = client.post("/api/v1/auth/token", {"username": user.username, "password": PASSWORD}, format="json")
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.json()['token']}")
    return client


@pytest.fixture
def machine(applicant):
    return machine_of(applicant)


@pytest.mark.django_db
def test_a_project_lists_the_stages_of_all_its_units(machine, project):
    plain = machine.get(f"/api/v1/projects/{project.code}").json()
    assert [stage["id"] for stage in plain["stages"]] == ["S0", "S1", "S2", "S3", "S4"]
    assert plain["units"] == []

    answer = machine.post(
        f"/api/v1/projects/{project.code}/divide",
        {"parts": [{"name": "东区"}, {"name": "西区", "external_code": "GD-7"}]},
        format="json",
    )

    assert answer.status_code == 201
    stages = [(row["id"], row["engineering_code"], row["unit_name"]) for row in answer.json()["stages"]]
    assert stages[:3] == [
        ("S0", None, None), ("S1", f"{project.code}-01", "东区"), ("S1", f"{project.code}-02", "西区"),
    ]  # fmt: skip
    assert len(stages) == 9
    assert answer.json()["units"][1]["external_code"] == "GD-7"
    items = machine.get(f"/api/v1/projects/{project.code}/plan").json()["items"]
    assert {row["engineering_code"] for row in items if row["id"] == "S1-07"} == {
        f"{project.code}-01", f"{project.code}-02",
    }  # fmt: skip


@pytest.mark.django_db
def test_an_application_names_its_unit_and_a_merged_one_all_it_came_from(machine, project):
    machine.post(
        f"/api/v1/projects/{project.code}/divide", {"parts": [{"name": "东区"}, {"name": "西区"}]}, format="json"
    )
    several = machine.post("/api/v1/applications", {"project": project.code, "stage": "S1"}, format="json")
    assert (several.status_code, several.json()["code"]) == (409, "several_units")
    begun = machine.post(
        "/api/v1/applications",
        {"project": project.code, "stage": "S1", "unit": f"{project.code}-02"},
        format="json",
    )
    assert begun.status_code == 201

    merged = machine.post(
        f"/api/v1/projects/{project.code}/merge",
        {"units": [f"{project.code}-02", f"{project.code}-01"], "name": "地下车库"},
        format="json",
    )

    assert merged.status_code == 201
    assert merged.json()["units"][1] == {
        "engineering_code": f"{project.code}-0101",
        "name": "地下车库",
        "level": 2,
        "state": "active",
        "prev_eng_code": [f"{project.code}-01", f"{project.code}-02"],
        "external_code": "",
    }


@pytest.mark.django_db
def test_what_is_wrong_is_a_problem_with_its_fields(machine, project):
    address = f"/api/v1/projects/{project.code}"
    unknown = machine.post(f"{address}/merge", {"units": ["x", "y"], "name": "合"}, format="json")
    assert unknown.status_code in (400, 422)
    short = machine.post(f"{address}/divide", {"parts": [{"name": "独一个"}]}, format="json")
    assert short.status_code in (400, 422)
    assert not Unit.objects.exists()
    machine.post("/api/v1/applications", {"project": project.code, "stage": "S1"}, format="json")
    blocked = machine.post(f"{address}/divide", {"parts": [{"name": "东"}, {"name": "西"}]}, format="json")
    assert (blocked.status_code, blocked.json()["code"]) == (409, "division_blocked")


@pytest.mark.django_db
def test_a_project_is_given_up_with_a_reason_once(machine, project, other_applicant):
    address = f"/api/v1/projects/{project.code}/withdraw"
    assert machine_of(other_applicant).post(address, {"reason": "x"}, format="json").status_code == 404
    assert machine.post(address, {}, format="json").status_code in (400, 422)

    done = machine.post(address, {"reason": "土地收回"}, format="json")

    assert done.status_code == 200
    assert done.json()["state"] == "withdrawn"
    assert {stage["state"] for stage in done.json()["stages"]} == {"closed"}
    assert machine.post(address, {"reason": "又一次"}, format="json").status_code == 409
