"""Projects as points with their lights, for those who see the dashboard."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.test import Client
from pyproj import Transformer

from approvals.deadlines.states import Light
from approvals.review.models import Case
from approvals.supervision import queries
from approvals.supervision.queries import Scope
from blueprint.siting.models import Site, SiteVersion
from blueprint.siting.states import SiteOrigin
from portal.accounts.models import User
from projects.registry.models import Project
from tests.approvals.supervision.conftest import City, signed_in
from tests.factories.blueprint import CORNER, a_box

pytestmark = pytest.mark.django_db

ADDRESS = "/dashboard/points.geojson"


def settled(project: Project, east: float, at: datetime, number: int = 1) -> None:
    """Give a project a boundary of a hectare, east of the corner."""
    site, _ = Site.objects.get_or_create(project=project, defaults={"opened_at": at})
    SiteVersion.objects.create(
        site=site,
        number=number,
        origin=SiteOrigin.DRAWN,
        work_crs=4526,
        source_crs="EPSG:4526",
        geom=GEOSGeometry(a_box(east, 0, east + 100, 100).wkt),
        area_m2=10_000,
        entered_at=at,
        entered_by="林一",
    )


@pytest.mark.parametrize("who", ["outsider", "applicant", "planning_handler", "clerk", "city_admin"])
def test_refuses_who_has_no_dashboard(who: str, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(who)).get(ADDRESS).status_code == 403
    assert Client().get(ADDRESS).status_code == 302


def test_shows_each_project_once_where_it_lies_now(leader: User, city: City, frozen: datetime, at: datetime) -> None:
    case = city.case(at=city.days_ago(1))
    project = case.project
    settled(project, 5000, at - timedelta(days=1), number=1)
    settled(project, 0, at, number=2)

    answer = signed_in(leader).get(ADDRESS)

    assert answer["Content-Type"] == "application/geo+json"
    assert "no-store" in answer["Cache-Control"]
    (found,) = answer.json()["features"]
    there = Transformer.from_crs(4526, 4490, always_xy=True).transform(CORNER[0] + 50, CORNER[1] + 50)
    assert found["geometry"]["coordinates"] == pytest.approx(there, abs=1e-5)
    assert found["properties"]["name"] == project.name
    assert project.code in found["properties"]["url"]


def test_the_worst_light_counts_and_comes_first(city: City, at: datetime) -> None:
    late, fine = city.case(at=city.days_ago(60)), city.case(at=city.days_ago(0))
    settled(fine.project, 0, at)
    settled(late.project, 200, at)

    found = queries.points(Scope(), today=at.date())

    assert [point.project for point in found] == [late.project, fine.project]
    assert [point.light for point in found] == [Light.RED, Light.YELLOW]
    assert sum(found[0].counts.values()) == Case.objects.filter(project=late.project).running().count()
    assert next(iter(found[0].counts)) == Light.RED


def test_needs_three_statements(
    city: City, at: datetime, django_assert_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    for number in range(3):
        settled(city.case(at=city.days_ago(0)).project, number * 200, at)
    with django_assert_num_queries(3):
        queries.points(Scope(), today=at.date())
