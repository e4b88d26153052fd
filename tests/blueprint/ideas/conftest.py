"""Boundaries of ideas."""

from collections.abc import Callable
from datetime import datetime

import pytest

from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.ideas import operations as ideas
from blueprint.ideas.models import Idea
from blueprint.siting.boundaries import Boundary
from blueprint.siting.states import SiteOrigin
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from tests.cast import PLANNING, as_actor
from tests.factories.blueprint import a_box


def a_boundary(west: float = 0, south: float = 0, east: float = 300, north: float = 200) -> Boundary:
    """Return a drawn rectangle in metres from the contract's corner."""
    shape = SiteShape(a_box(west, south, east, north), Attributes(), "EPSG:4526")
    return Boundary(shape, SiteOrigin.DRAWN)


@pytest.fixture
def opened(pack: PackVersion, planning_handler: User, at: datetime) -> Idea:
    """An idea of the planning department."""
    return ideas.open_idea(
        title="湾区学校",
        summary="36 班小学，约 3 万平方米",
        department_id=PLANNING,
        boundary=a_boundary(),
        actor=as_actor(planning_handler),
        at=at,
    )


Drain = Callable[[datetime], int]
