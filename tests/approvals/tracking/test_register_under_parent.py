"""A project registered under another: chosen among one's own, known values filled in, linked both ways."""

import pytest
from django.urls import reverse

from projects.registry import operations as registry
from projects.registry.models import Project
from tests.approvals.tracking.test_register_page import GOOD, URL
from tests.cast import as_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def child_of(client, applicant, project):
    """Return a maker of children of the project, through the page."""

    def make(relation="phase", **typed):
        client.force_login(applicant)
        answer = client.post(URL, {**GOOD, "parent": project.code, "relation": relation, **typed})
        assert answer.status_code == 302, answer.content.decode()
        return Project.objects.latest("pk")

    return make


def value_of(page, field):
    """Return what stands in the input of a field."""
    part = page.split(f'id="{field}" name="{field}" value="')[1]
    return part.split('"')[0]


def test_offers_only_ones_own_running_projects(client, applicant, other_applicant, project, register, at):
    over = register("已撤回的项目")
    registry.withdraw(project_id=over.pk, reason="不建了", actor=as_actor(applicant), at=at)
    client.force_login(applicant)

    page = client.get(URL).content.decode()
    assert f'<option value="{project.code}"' in page
    assert over.code not in page
    for label in ("分期", "子项", "打捆", "PPP 项目"):
        assert f">{label}</option>" in page

    client.force_login(other_applicant)
    assert project.code not in client.get(URL).content.decode()
    assert 'name="parent"' not in client.get(URL).content.decode()


def test_fills_in_what_the_parent_says_and_names_the_source(client, applicant, project):
    client.force_login(applicant)

    page = client.get(URL, {"parent": project.code}).content.decode()

    assert value_of(page, "industry") == "G5990"
    assert '<option value="449904" selected>' in page
    assert '<option value="social" selected>' in page
    assert '<span class="src reg">上级项目</span>' in page


def test_tells_the_measures_of_the_whole_without_taking_them_for_the_part(client, applicant, project):
    client.force_login(applicant)

    page = client.get(URL, {"parent": project.code}).content.decode()

    assert value_of(page, "floor_area_m2") == ""
    assert "上级项目整体为 7,200" in page


def test_never_overwrites_what_was_typed(client, applicant, project):
    client.force_login(applicant)

    answer = client.post(URL, {"parent": project.code, "name": "二期", "industry": "E4710", "prefill": "1"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert value_of(page, "name") == "二期"
    assert value_of(page, "industry") == "E4710"
    assert '<option value="social" selected>' in page
    assert Project.objects.count() == 1


@pytest.mark.parametrize("relation", ["phase", "part", "bundle", "ppp"])
def test_registers_under_the_parent_and_keeps_where_values_came_from(child_of, project, relation):
    child = child_of(relation, industry="G5990")

    assert (child.parent, child.relation) == (project, relation)
    notes = dict(child.facts.values_list("field", "source_note"))
    assert notes["industry"] == f"与上级项目 {project.code} 相同"
    assert notes["plan_height_m"] == "", "the child has another height"
    assert notes["project_name"] == ""


def test_both_pages_show_and_link_the_other(client, child_of, project):
    child = child_of("phase", name="云岭仓储二期")

    below = client.get(reverse("tracking:project", args=[project.code])).content.decode()
    above = client.get(reverse("tracking:project", args=[child.code])).content.decode()

    assert reverse("tracking:project", args=[child.code]) in below
    assert "云岭仓储二期" in below
    assert reverse("tracking:project", args=[project.code]) in above
    assert "本项目是它的分期" in above


def test_shows_relatives_only_to_who_may_see_them(client, child_of, project, agent, applicant, at):
    child = child_of("phase", name="云岭仓储二期")
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=as_actor(applicant), at=at)
    client.force_login(agent)

    page = client.get(reverse("tracking:project", args=[project.code])).content.decode()

    assert "云岭仓储二期" not in page
    assert reverse("tracking:project", args=[child.code]) not in page


@pytest.mark.parametrize(
    ("given", "says", "at_field"),
    [
        ({"relation": ""}, "请说明与上级项目的关系", "relation"),
        ({"relation": "cousin"}, "请说明与上级项目的关系", "relation"),
        ({"parent": ""}, "却没有写上级项目", "relation"),
        ({"parent": "2601-449902-04-01-314155"}, "没有这个在办的上级项目", "parent"),
    ],
)
def test_says_what_is_wrong_with_the_relation_and_registers_nothing(client, applicant, project, given, says, at_field):
    client.force_login(applicant)

    answer = client.post(URL, {**GOOD, "parent": project.code, "relation": "phase", **given})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'id="{at_field}-error"' in page
    assert value_of(page, "name") == GOOD["name"]
    assert Project.objects.count() == 1


def test_takes_no_project_of_somebody_else_as_parent(client, other_applicant, project):
    client.force_login(other_applicant)

    answer = client.post(URL, {**GOOD, "parent": project.code, "relation": "phase"})

    assert answer.status_code == 422
    assert Project.objects.count() == 1


def test_the_owner_comes_from_the_parents_page(client, applicant, clerk, project):
    link = f"{URL}?parent={project.code}"
    client.force_login(applicant)
    assert link in client.get(reverse("tracking:project", args=[project.code])).content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_a_page_with_children_costs_a_fixed_number_of_statements(client, child_of, project, max_queries, number):
    for serial in range(number):
        child_of("part", name=f"子项 {serial}")

    with max_queries("tracking.project"):
        page = client.get(reverse("tracking:project", args=[project.code])).content.decode()

    assert page.count("子项 ") >= number
