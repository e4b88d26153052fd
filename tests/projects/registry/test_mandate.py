"""An owner lets a person of another body act for a project, and ends it."""

import pytest

from portal.accounts.models import Membership
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from projects.registry import operations as registry
from projects.registry import policies, queries
from projects.registry.operations import ProjectIsOver
from tests.cast import HOUSING, as_actor
from tests.factories.projects import a_project


@pytest.fixture
def give(project, owner_actor, at):
    def run(person, actor=None):
        registry.give_mandate(project_id=project.pk, user_id=person.pk, actor=actor or owner_actor, at=at)

    return run


@pytest.fixture
def end(project, owner_actor, at):
    def run(person, actor=None):
        registry.withdraw_mandate(project_id=project.pk, user_id=person.pk, actor=actor or owner_actor, at=at)

    return run


def test_the_agent_sees_and_fills_in_as_long_as_it_lasts(give, end, project, agent, said):
    assert not policies.can_view(as_actor(agent), project)

    give(agent)
    assert policies.can_view(as_actor(agent), project)
    assert policies.can_amend(as_actor(agent), project)
    assert list(queries.mandates(project)) == [agent]
    assert said("registry.mandate.given")[1] == {"id": project.pk, "user": agent.pk}

    end(agent)
    assert not policies.can_view(as_actor(agent), project)
    assert not queries.mandates(project).exists()
    assert said("registry.mandate.withdrawn")[0] == {"user": agent.pk, "name": agent.name}


def test_a_mandate_gives_no_right_to_register_sign_or_pass_on(give, project, agent, other_agent, enterprise):
    give(agent)

    assert not policies.can_register(as_actor(agent), enterprise.pk)
    assert not policies.can_withdraw(as_actor(agent), project)
    with pytest.raises(NotAllowed):
        give(other_agent, actor=as_actor(agent))


def test_twice_is_once(give, end, agent):
    give(agent)
    give(agent)
    end(agent)
    end(agent)

    assert AuditEvent.objects.filter(action__startswith="registry.mandate").count() == 2


def test_only_the_owner_gives_and_ends(give, end, agent, other_applicant, clerk, leader, planning_handler, outsider):
    give(agent)
    for person in (other_applicant, clerk, leader, planning_handler, outsider, agent):
        with pytest.raises(NotAllowed):
            give(agent, actor=as_actor(person))
        with pytest.raises(NotAllowed):
            end(agent, actor=as_actor(person))


def refusal(give, person):
    with pytest.raises(InvalidInput) as refused:
        give(person)
    assert set(refused.value.fields) == {"user"}
    return str(refused.value.fields["user"])


def test_tells_whether_the_mandate_is_new(project, owner_actor, agent, at):
    given = {"project_id": project.pk, "user_id": agent.pk, "actor": owner_actor, "at": at}

    assert registry.give_mandate(**given)
    assert not registry.give_mandate(**given)


@pytest.mark.parametrize("who", ["planning_handler", "clerk", "leader", "supervisor", "city_admin"])
def test_refuses_who_works_on_the_other_side_of_the_table(give, project, request, who):
    person = request.getfixturevalue(who)

    assert "审批部门的工作人员" in refusal(give, person)
    assert not queries.mandates(project).exists()


def test_refuses_an_agent_who_reviews_as_well(give, person, agent, at):
    Membership.objects.create(user=agent, role_id="handler", department_id=HOUSING, active_from=at)

    assert "审批部门的工作人员" in refusal(give, agent)


def test_refuses_oneself_a_colleague_a_nobody_and_who_has_no_role(give, applicant, enterprise, person, outsider, agent):
    assert "您本人" in refusal(give, applicant)
    assert "本单位的人" in refusal(give, person("colleague", "agent", enterprise=enterprise))
    assert "没有申请人或代办员角色" in refusal(give, outsider)
    agent.is_active = False
    agent.save()
    assert "没有这个用户" in refusal(give, agent)


def test_lets_the_people_of_another_enterprise_act(give, project, other_applicant):
    give(other_applicant)

    assert policies.can_amend(as_actor(other_applicant), project)
    assert not policies.can_give_mandate(as_actor(other_applicant), project)


def test_a_project_that_is_over_takes_no_mandate(give, project, owner_actor, agent, at):
    registry.withdraw(project_id=project.pk, reason="不建了", actor=owner_actor, at=at)

    with pytest.raises(ProjectIsOver):
        give(agent)


def test_lists_who_may_act_since_when_and_by_whom(give, end, project, agent, applicant, at):
    give(agent)

    (row,) = queries.mandate_rows(project, at=at)
    assert (row.person, row.body, row.given_at, row.given_by) == (agent, "项目帮办代办中心", at, applicant.name)
    end(agent)
    assert queries.mandate_rows(project, at=at) == []


def test_offers_agents_of_the_city_and_whom_the_owner_knows(
    give, end, project, agent, other_agent, other_applicant, owner_actor, enterprise, at
):
    def offered():
        return {row.person for row in queries.known_agents(project, at=at)}

    assert offered() == {agent, other_agent}
    give(other_applicant)
    give(agent)
    assert offered() == {other_agent}
    end(other_applicant)
    assert offered() == {other_agent, other_applicant}

    second = a_project(owner=enterprise, actor=owner_actor, at=at, name="第二个")
    assert {row.person for row in queries.known_agents(second, at=at)} == {agent, other_agent, other_applicant}
