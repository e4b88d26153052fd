"""授权代办: the owner lets a person of another body act for a project and ends it; everybody else is kept out."""

import pytest
from django.urls import reverse

from portal.accounts.models import User
from portal.notices.models import Notice
from projects.registry import queries as registry
from tests.cast import as_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(project):
    return reverse("tracking:mandates", args=[project.code])


@pytest.fixture
def entrusted(client, applicant, address, agent):
    """The agent, with the owner's mandate."""
    client.force_login(applicant)
    client.post(address, {"person": agent.username, "sure": "1"})
    return agent


def holders(project):
    return list(registry.mandates(project))


def test_the_owner_comes_from_the_project_page(client, applicant, project, address):
    client.force_login(applicant)

    assert address in client.get(reverse("tracking:project", args=[project.code])).content.decode()
    assert "还没有授权给任何人" in client.get(address).content.decode()


def test_shows_whom_it_is_about_before_anything_is_given(client, applicant, project, address, agent):
    client.force_login(applicant)

    page = client.post(address, {"person": agent.username}).content.decode()

    assert "授权 代长风 代办这个项目？" in page
    assert "项目帮办代办中心" in page
    assert holders(project) == []


def test_gives_the_mandate_and_lists_it_with_its_day(client, applicant, project, address, agent):
    client.force_login(applicant)

    page = client.post(address, {"person": agent.username, "sure": "1"}, follow=True).content.decode()

    assert holders(project) == [agent]
    assert "已授权 代长风 代办" in page
    assert "4月14日" in page
    assert "申大路" in page


def test_finds_a_person_by_his_mobile_unless_several_have_it(client, applicant, project, address, agent):
    client.force_login(applicant)
    assert "有几个人登记了这个手机号" in client.post(address, {"person": "12000009999"}).content.decode()
    User.objects.filter(pk=agent.pk).update(mobile="12000008888")

    client.post(address, {"person": " 120 0000 8888".replace(" ", ""), "sure": "1"})

    assert holders(project) == [agent]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "请填写对方的用户名或手机号"),
        ("nobody-here", "没有这个用户"),
        ("applicant-a", "这是您本人"),
        ("planning-handler", "审批部门的工作人员"),
        ("agent-a", "已经受托代办"),
    ],
)
def test_says_at_the_field_why_not(client, project, address, entrusted, planning_handler, typed, says):
    for more in ({}, {"sure": "1"}):
        answer = client.post(address, {"person": typed, **more})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert says in page
        assert 'id="person-error"' in page
        assert f'value="{typed}"' in page
    assert holders(project) == [entrusted]


def test_offers_people_known_to_pick_from(client, applicant, address, agent, other_agent):
    client.force_login(applicant)
    client.post(address, {"person": agent.username, "sure": "1"})

    page = client.get(address).content.decode()

    assert f'value="{other_agent.username}"' in page
    assert f'name="person" value="{agent.username}"' not in page


def test_the_agent_finds_the_project_among_his_with_what_waits(client, project, address, entrusted):
    client.force_login(entrusted)

    listed = client.get(reverse("tracking:projects")).content.decode()
    shown = client.get(reverse("tracking:project", args=[project.code]))

    assert project.name in listed
    assert "我代办的项目" in listed
    assert "受托代办" in shown.content.decode()
    assert "可以申报" in shown.content.decode()


def test_the_agent_sees_what_waits_in_all_projects_entrusted_to_him(client, project, entrusted):
    client.force_login(entrusted)
    client.post(reverse("tracking:apply", args=[project.code, "S1"]))

    assert "接着填" in client.get(reverse("tracking:projects")).content.decode()


def test_withdrawing_shuts_the_agent_out_at_once(client, applicant, project, entrusted):
    client.post(reverse("tracking:withdraw_mandate", args=[project.code, entrusted.pk]))

    assert holders(project) == []
    client.force_login(entrusted)
    assert client.get(reverse("tracking:project", args=[project.code])).status_code == 404
    assert "还没有委托给您的项目" in client.get(reverse("tracking:projects")).content.decode()


def test_both_are_told_to_the_agent(client, project, entrusted, drained, at):
    drained(at)
    client.post(reverse("tracking:withdraw_mandate", args=[project.code, entrusted.pk]))
    drained(at)

    told = Notice.objects.filter(user=entrusted).order_by("pk")
    assert [(notice.kind, notice.url) for notice in told] == [
        ("mandate.given", reverse("tracking:project", args=[project.code])),
        ("mandate.withdrawn", ""),
    ]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("applicant", 200),
        ("colleague", 403),
        ("agent", 403),
        ("clerk", 403),
        ("leader", 403),
        ("other_applicant", 404),
        ("other_agent", 404),
        ("planning_handler", 404),
        ("outsider", 404),
    ],
)
def test_who_may(client, request, person, project, enterprise, address, entrusted, who, status):
    third = person("designer", "applicant", enterprise=request.getfixturevalue("other_enterprise"))
    reader = person("colleague", "agent", enterprise=enterprise) if who == "colleague" else request.getfixturevalue(who)
    client.force_login(reader)

    assert client.get(address).status_code == status
    given = client.post(address, {"person": third.username, "sure": "1"}).status_code
    withdrawn = client.post(reverse("tracking:withdraw_mandate", args=[project.code, entrusted.pk])).status_code

    if status == 200:
        assert (given, withdrawn) == (302, 302)
        assert holders(project) == [third]
    else:
        assert (given, withdrawn) == (status, status)
        assert holders(project) == [entrusted]
    assert as_actor(third).project_ids == (frozenset({project.pk}) if status == 200 else frozenset())


def test_a_visitor_is_asked_to_sign_in(client, address, project):
    assert client.get(address).url.startswith(reverse("accounts:login"))


def test_a_project_that_is_over_offers_no_form(client, applicant, project, address):
    client.force_login(applicant)
    project.state = "closed"
    project.save()

    page = client.get(address).content.decode()

    assert "不能再授权" in page
    assert 'name="person"' not in page


@pytest.mark.parametrize("number", [3, 30])
def test_the_lists_cost_a_fixed_number_of_statements(
    client, applicant, person, address, project, at, max_queries, number
):
    client.force_login(applicant)
    for serial in range(number):
        one = person(f"agent-{serial:02d}", "agent", department="dbzx")
        client.post(address, {"person": one.username, "sure": "1"})
    person("agent-known", "agent", department="dbzx")

    with max_queries("registry.mandates"):
        rows = registry.mandate_rows(project, at=at)
        known = registry.known_agents(project, at=at)

    assert len(rows) == number
    assert len(known) == 1
