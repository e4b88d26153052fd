"""An owner lets a person of another body act for a project, and ends it."""

import pytest

from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from projects.registry import operations as registry
from projects.registry import policies, queries
from tests.cast import as_actor


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


def test_needs_a_person_who_may_act_for_others(give, end, planning_handler, outsider, agent):
    agent.is_active = False
    agent.save()
    for person in (planning_handler, outsider, agent):
        with pytest.raises(InvalidInput) as refused:
            give(person)
        assert set(refused.value.fields) == {"user"}
