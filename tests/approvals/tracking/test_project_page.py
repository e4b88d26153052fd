"""The project page and its neighbours: who sees them, what they say, how many statements they cost."""

import pytest
from django.urls import reverse

from approvals.review import operations as review
from portal.core.models import AuditEvent
from tests.cast import as_actor


def page_of(client, project, name="tracking:project"):
    return client.get(reverse(name, args=[project.code]))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["tracking:project", "tracking:items", "tracking:facts"])
@pytest.mark.parametrize("who", ["other_applicant", "agent", "planning_handler"])
def test_is_not_there_for_who_has_nothing_to_do_with_it(client, request, project, name, who):
    client.force_login(request.getfixturevalue(who))

    assert page_of(client, project, name).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["applicant", "clerk", "leader"])
def test_shows_the_owner_the_window_and_the_leader_where_it_stands(client, request, project, who):
    client.force_login(request.getfixturevalue(who))

    answer = page_of(client, project)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert project.code in page
    assert "登记赋码" in page
    assert ("等您办" in page) is (who == "applicant")


@pytest.mark.django_db
def test_leads_the_owner_from_the_open_stage_to_its_form(client, applicant, project):
    client.force_login(applicant)
    start = reverse("tracking:apply", args=[project.code, "S1"])
    assert start in page_of(client, project).content.decode()

    answer = client.post(start)

    assert answer.url == reverse("applications:form", args=[project.applications.get().pk])
    assert "接着填" in page_of(client, project).content.decode()


@pytest.mark.django_db
def test_does_not_begin_a_stage_twice_or_too_early(client, applicant, project):
    client.force_login(applicant)
    client.post(reverse("tracking:apply", args=[project.code, "S1"]))

    again = client.post(reverse("tracking:apply", args=[project.code, "S1"]))
    early = client.post(reverse("tracking:apply", args=[project.code, "S3"]))

    assert "现在不能申报" in again.content.decode()
    assert "现在不能申报" in early.content.decode()
    assert project.applications.count() == 1


@pytest.mark.django_db
def test_lets_parallel_items_be_chosen_one_by_one(client, applicant, project):
    client.force_login(applicant)
    address = reverse("tracking:apply", args=[project.code, "P"])
    assert "请至少选一个事项" in client.post(address, follow=True).content.decode()

    client.post(address, {"items": ["S2-12"]})

    application = project.applications.get()
    assert application.is_parallel
    assert [item.service_item.code for item in application.items.all()] == ["S2-12"]


@pytest.mark.django_db
def test_gives_the_reason_why_an_item_is_in_or_out(client, applicant, project):
    client.force_login(applicant)

    page = page_of(client, project, "tracking:items").content.decode()

    assert "立项类型为备案" in page
    assert "关键路径" in page


@pytest.mark.django_db
def test_lets_the_window_override_the_flow_with_a_reason_only(client, clerk, project):
    client.force_login(clerk)
    address = reverse("tracking:override_flow", args=[project.code])
    client.post(address, {"flow": "soc_general", "reason": ""})
    project.refresh_from_db()
    assert project.flow == "soc_small"

    client.post(address, {"flow": "soc_general", "reason": "经核实不属于低风险"})

    project.refresh_from_db()
    assert project.flow == "soc_general"
    assert "经核实不属于低风险" in project.flow_reason
    assert AuditEvent.objects.filter(stream=project.code, action="registry.flow.overridden").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["applicant", "leader"])
def test_lets_nobody_else_override_the_flow(client, request, project, who):
    client.force_login(request.getfixturevalue(who))

    answer = client.post(
        reverse("tracking:override_flow", args=[project.code]), {"flow": "soc_general", "reason": "想要"}
    )

    project.refresh_from_db()
    assert answer.status_code == 403
    assert project.flow == "soc_small"


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [3, 30])
def test_my_projects_cost_a_fixed_number_of_statements(client, applicant, register, max_queries, rows):
    for number in range(rows):
        register(f"项目 {number}")
    client.force_login(applicant)

    with max_queries("tracking.projects"):
        page = client.get(reverse("tracking:projects")).content.decode()

    assert page.count('class="way"') == min(rows, 20)


@pytest.mark.django_db
def test_a_board_costs_a_fixed_number_of_statements(client, applicant, project, at, max_queries):
    client.force_login(applicant)
    with max_queries("tracking.project"):
        page_of(client, project)
    review.open_application(project_id=project.pk, stage="S1", actor=as_actor(applicant), at=at)

    with max_queries("tracking.project"):
        page_of(client, project)


@pytest.mark.django_db
def test_finds_projects_by_name_and_code_within_what_may_be_seen(client, clerk, other_applicant, project):
    client.force_login(clerk)
    assert client.get("/search/", {"q": "小型仓储"}).url == reverse("tracking:project", args=[project.code])
    assert client.get("/search/", {"q": project.code.lower()}).url == reverse("tracking:project", args=[project.code])

    client.force_login(other_applicant)
    assert "没有找到" in client.get("/search/", {"q": "小型仓储"}).content.decode()
