"""A registered project and the people around it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories.projects import a_project


@pytest.fixture
def owner_actor(applicant: User) -> Actor:
    return as_actor(applicant)


@pytest.fixture
def project(enterprise: Enterprise, owner_actor: Actor, at: datetime) -> Project:
    """A small project of the applicant's enterprise."""
    return a_project(owner=enterprise, actor=owner_actor, at=at)


@pytest.fixture
def said() -> Callable[[str], tuple[dict, dict]]:
    """Return a reader of the last audit data and the last outbox payload of a topic."""

    def last(topic: str) -> tuple[dict, dict]:
        return (
            AuditEvent.objects.filter(action=topic).latest("id").data,
            OutboxMessage.objects.filter(topic=topic).latest("id").payload,
        )

    return last
