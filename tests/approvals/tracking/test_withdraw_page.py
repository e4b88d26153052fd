"""Giving up a project on its page: told what ends, asked for the reason, done once."""

import pytest
from django.urls import reverse

from approvals.review import operations as review
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.states import ProjectState
from tests.cast import as_actor
from tests.factories.projects import SMALL


def address(project):
    return reverse("tracking:withdraw", args=[project.pk])


def page_of(client, project):
    return client.get(reverse("tracking:project", args=[project.code])).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["applicant", "clerk"])
def test_the_owner_and_the_window_give_it_up_with_a_reason(client, request, project, applicant, at, who):
    review.open_application(project_id=project.pk, stage="S1", actor=as_actor(applicant), at=at)
    client.force_login(request.getfixturevalue(who))
    assert address(project) in page_of(client, project)
    asked = client.get(address(project)).content.decode()
    assert "1 份草稿作废" in asked

    answer = client.post(address(project), {"reason": "土地收回"}, follow=True)

    project.refresh_from_db()
    assert project.state == ProjectState.WITHDRAWN
    page = answer.content.decode()
    assert "项目已撤回" in page
    assert address(project) not in page
    assert "可以申报" not in page


@pytest.mark.django_db
def test_asks_for_the_reason_and_does_nothing_without(client, applicant, project):
    client.force_login(applicant)

    answer = client.post(address(project), {"reason": " "})

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.content.decode()
    project.refresh_from_db()
    assert project.is_running


@pytest.mark.django_db
@pytest.mark.parametrize("state", [ProjectState.CLOSED, ProjectState.WITHDRAWN])
def test_a_project_that_is_over_cannot_be_given_up(client, applicant, project, state):
    Project.objects.filter(pk=project.pk).update(state=state)
    client.force_login(applicant)

    assert "不能再撤回" in client.get(address(project)).content.decode()
    assert client.post(address(project), {"reason": "又一次"}).status_code == 409
    assert address(project) not in page_of(client, project)


@pytest.mark.django_db
def test_one_that_waits_for_its_code_is_given_up_too(client, applicant, enterprise, settings, at):
    project = registry.register(
        name="代码后到", region="449904", facts=SMALL, owner_id=enterprise.pk, actor=as_actor(applicant), at=at
    )
    Project.objects.filter(pk=project.pk).update(state=ProjectState.PROPOSED, code=None)
    client.force_login(applicant)
    waiting = client.get(reverse("tracking:waiting_for_code", args=[project.pk])).content.decode()
    assert address(project) in waiting

    answer = client.post(address(project), {"reason": "填错了"})

    assert answer.url == reverse("tracking:projects")
    project.refresh_from_db()
    assert project.state == ProjectState.WITHDRAWN


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("other_applicant", 404), ("agent", 404)])
def test_nobody_else_may(client, request, project, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address(project)).status_code == status
    assert client.post(address(project), {"reason": "不要了"}).status_code == status
    project.refresh_from_db()
    assert project.is_running
