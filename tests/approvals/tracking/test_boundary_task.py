"""The applicant is asked for the boundary as long as it would settle what is open in the plan."""

import pytest
from django.urls import reverse

from blueprint.layers import frames
from blueprint.siting import boundaries
from blueprint.siting import operations as siting
from tests.cast import as_actor
from tests.factories.projects import GENERAL

POINTS = "2465200 38440000\n2465200 38440300\n2465000 38440300\n2465000 38440000"


def page_of(client, project):
    return client.get(reverse("tracking:project", args=[project.code])).content.decode()


@pytest.mark.django_db
def test_asks_for_the_boundary_until_there_is_one(client, applicant, register, at):
    project = register("山前花园", **GENERAL)
    client.force_login(applicant)
    assert "画出用地红线" in page_of(client, project)

    boundary = boundaries.from_points(POINTS, frame=frames.frame())
    siting.enter_version(project_id=project.pk, boundary=boundary, actor=as_actor(applicant), at=at)

    assert "画出用地红线" not in page_of(client, project)


@pytest.mark.django_db
def test_asks_for_none_where_no_item_waits_for_the_map(client, applicant, project):
    client.force_login(applicant)
    page = page_of(client, project)
    assert "画出用地红线" not in page
    assert reverse("siting:panel", args=[project.code]) in page


@pytest.mark.django_db
def test_asks_nobody_else(client, clerk, register):
    project = register("山前花园", **GENERAL)
    client.force_login(clerk)
    assert "画出用地红线" not in page_of(client, project)
