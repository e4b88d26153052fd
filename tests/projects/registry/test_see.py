"""Who sees a project: the policy and the queryset say the same."""

import pytest

from portal.core.actor import Actor
from projects.registry import operations as registry
from projects.registry import policies, queries
from projects.registry.models import Project, ProjectAccess
from tests.cast import as_actor
from tests.factories.projects import a_project


@pytest.fixture
def others(other_enterprise, other_applicant, at):
    return a_project(owner=other_enterprise, actor=as_actor(other_applicant), at=at, name="海后厂房")


EVERYONE = (
    "applicant", "other_applicant", "agent", "other_agent", "clerk", "planning_handler", "planning_lead",
    "fire_reviewer", "leader", "supervisor", "city_admin", "security_admin", "audit_admin", "outsider",
)  # fmt: skip


@pytest.mark.parametrize("who", EVERYONE)
def test_policy_and_queryset_agree(request, who, project, others, agent, owner_actor, at):
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)
    registry.grant_access(project_id=others.pk, department_id="zrzy", reason="办件", at=at)
    actor = as_actor(request.getfixturevalue(who))

    listed = set(Project.objects.visible_to(actor))

    assert listed == {found for found in (project, others) if policies.can_view(actor, found)}
    expected = {
        "applicant": {project},
        "other_applicant": {others},
        "agent": {project},
        "clerk": {project, others},
        "planning_handler": {others},
        "planning_lead": {others},
        "leader": {project, others},
        "supervisor": {project, others},
    }
    assert listed == expected.get(who, set())


def test_the_system_sees_all_and_a_visitor_nothing(project):
    assert set(Project.objects.visible_to(Actor.system("x"))) == {project}
    assert policies.can_view(Actor.system("x"), project)
    assert not Project.objects.visible_to(Actor.anonymous()).exists()
    assert not policies.can_view(Actor.anonymous(), project)


def test_finds_a_project_by_a_code_as_people_type_it(project, owner_actor):
    typed = f" {project.code.lower().replace('-', '－')} "

    assert queries.project(typed, actor=owner_actor) == project
    assert queries.project_by_id(project.pk, actor=owner_actor) == project


def test_an_outsider_cannot_tell_a_foreign_project_from_none(project, other_applicant):
    actor = as_actor(other_applicant)

    messages = set()
    for read in (
        lambda: queries.project(project.code, actor=actor),
        lambda: queries.project("2601-449902-04-01-314155", actor=actor),
        lambda: queries.project_by_id(project.pk, actor=actor),
        lambda: queries.project_by_id(0, actor=actor),
    ):
        with pytest.raises(queries.NoProject) as refused:
            read()
        messages.add((str(refused.value.message), refused.value.http_status))
    assert len(messages) == 1


def test_access_is_given_once(project, at, said):
    for reason in ("办件", "征询"):
        registry.grant_access(project_id=project.pk, department_id="zj", reason=reason, at=at)

    assert ProjectAccess.objects.get().reason == "办件"
    assert said("registry.access.granted")[1] == {"id": project.pk, "department": "zj"}


def test_searches_by_name_code_and_owner(project, others):
    assert set(Project.objects.matching("山前小型")) == {project}
    assert set(Project.objects.matching(others.code[:12])) == {project, others}
    assert set(Project.objects.matching("海后实业")) == {others}
    assert set(Project.objects.matching("  ")) == {project, others}
