"""The registration page: the applicant types, everything wrong is said at once, nothing typed is lost."""

import pytest
from django.urls import reverse

from projects.registry.models import Project

URL = "/projects/register/"
GOOD = {
    "name": "云岭小型仓储用房",
    "region": "449904",
    "fund_source": "social",
    "is_linear": "false",
    "floor_area_m2": "7,200",
    "plan_height_m": "12",
    "low_risk": "true",
    "land_mode": "transfer",
}


@pytest.mark.django_db
def test_registers_and_leads_to_the_project(client, applicant):
    client.force_login(applicant)

    answer = client.post(URL, GOOD)

    project = Project.objects.get()
    assert answer.url == reverse("tracking:project", args=[project.code])
    assert project.flow == "soc_small"
    page = client.get(answer.url).content.decode()
    assert project.code in page
    assert "可以申报" in page


@pytest.mark.django_db
def test_says_everything_wrong_at_its_field_and_keeps_what_was_typed(client, applicant):
    client.force_login(applicant)

    answer = client.post(URL, {**GOOD, "name": "", "floor_area_m2": "很大", "land_mode": "", "plan_height_m": "11.5"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写项目名称" in page
    assert 'id="floor_area_m2-error"' in page
    assert 'value="很大"' in page
    assert 'value="11.5"' in page
    assert not Project.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "says"),
    [("2613-440402-04-01-816285", "月"), ("2601-449902", ""), ("２６０１—449902－04－01－314155", None)],
)
def test_judges_a_code_the_project_already_has(client, applicant, code, says):
    client.force_login(applicant)

    answer = client.post(URL, {**GOOD, "code": code})

    if says is None:
        assert Project.objects.get().code == "2601-449902-04-01-314155", "full width is folded"
        return
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_names_a_code_that_is_taken(client, applicant):
    client.force_login(applicant)
    client.post(URL, {**GOOD, "code": "2601-449902-04-01-314155"})

    answer = client.post(URL, {**GOOD, "name": "另一个", "code": "2601-449902-04-01-314155"})

    assert answer.status_code == 409
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_previews_the_flow_while_it_is_typed(client, applicant):
    client.force_login(applicant)
    half = client.post("/projects/register/flow/", {"fund_source": "social"}).content.decode()
    whole = client.post("/projects/register/flow/", GOOD).content.decode()

    assert "还要知道" in half
    assert "社会投资小型类" in whole
    assert "20 个工作日" in whole


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["clerk", "planning_handler", "leader", "agent"])
def test_refuses_whoever_registers_for_nobody(client, request, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(URL).status_code == 403
    assert client.post(URL, GOOD).status_code == 403
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_asks_a_visitor_to_sign_in(client):
    assert client.get(URL).url.startswith(reverse("accounts:login"))
