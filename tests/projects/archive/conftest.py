"""A project with documents and the people around it."""

from collections.abc import Callable
from datetime import datetime

import pytest

from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from projects.archive.models import Document
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories.projects import a_document, a_project


@pytest.fixture
def owner_actor(applicant: User) -> Actor:
    return as_actor(applicant)


@pytest.fixture
def project(enterprise: Enterprise, owner_actor: Actor, at: datetime) -> Project:
    return a_project(owner=enterprise, actor=owner_actor, at=at)


@pytest.fixture
def add(project: Project, owner_actor: Actor, at: datetime) -> Callable[..., Document]:
    """Return a function that files a document of the project."""

    def run(**more: object) -> Document:
        return a_document(**{"project": project, "actor": owner_actor, "at": at, **more})

    return run


@pytest.fixture
def document(add: Callable[..., Document]) -> Document:
    return add()
