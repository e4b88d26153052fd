"""A project with a site to be, and boundaries in metres from the corner of the contract's examples."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from shapely.geometry import MultiPolygon

from blueprint.geometry.shapes import Attributes, SiteShape
from blueprint.siting.boundaries import Boundary
from blueprint.siting.states import SiteOrigin
from portal.accounts.models import Enterprise, User
from portal.core import clock
from portal.core.actor import Actor
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories.projects import GENERAL, a_project


@pytest.fixture(autouse=True)
def still_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def owner_actor(applicant: User) -> Actor:
    return as_actor(applicant)


@pytest.fixture
def project(enterprise: Enterprise, owner_actor: Actor, at: datetime) -> Project:
    """A small project of the applicant's enterprise, registered in 云岭区."""
    return a_project(owner=enterprise, actor=owner_actor, at=at)


@pytest.fixture
def general(enterprise: Enterprise, owner_actor: Actor, at: datetime) -> Project:
    """A larger project, whose plan asks the map about nine items."""
    return a_project(owner=enterprise, actor=owner_actor, at=at, facts=GENERAL, name="山前花园")


@pytest.fixture
def said() -> Callable[[str], tuple[dict, dict]]:
    """Return a reader of the last audit data and the last outbox payload of a topic."""

    def last(topic: str) -> tuple[dict, dict]:
        return (
            AuditEvent.objects.filter(action=topic).latest("id").data,
            OutboxMessage.objects.filter(topic=topic).latest("id").payload,
        )

    return last


def a_boundary(shape: MultiPolygon, *, declared_m2: float | None = None, typed: str = "") -> Boundary:
    """Return a boundary as if it had been drawn."""
    read = SiteShape(shape, Attributes(declared_m2=declared_m2), "EPSG:4490")
    return Boundary(read, SiteOrigin.DRAWN, typed=typed)
