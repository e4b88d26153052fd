"""A small project whose first stage is at the window or under review."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture
def owner_actor(applicant: User) -> Actor:
    return as_actor(applicant)


@pytest.fixture
def clerk_actor(clerk: User) -> Actor:
    return as_actor(clerk)


@pytest.fixture
def project(enterprise: Enterprise, owner_actor: Actor, at: datetime) -> Project:
    return factory.a_running_project(owner=enterprise, actor=owner_actor, at=at)


@pytest.fixture
def waiting(project: Project, owner_actor: Actor, at: datetime) -> Application:
    """The first stage's application, complete before the window."""
    return factory.at_the_window(project=project, stage="S1", actor=owner_actor, at=at)


@pytest.fixture
def application(project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Application:
    """The first stage's application, accepted."""
    return factory.accepted(project=project, stage="S1", applicant=owner_actor, clerk=clerk_actor, at=at)
