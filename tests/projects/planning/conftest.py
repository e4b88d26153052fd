"""The demo city's definitions and a project."""

from datetime import datetime

import pytest

from portal.accounts.models import Enterprise, User
from portal.citypack.models import PackVersion
from projects.catalogue import queries
from projects.catalogue.definitions import Catalogue
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories.projects import a_project


@pytest.fixture
def catalogue(pack: PackVersion) -> Catalogue:
    return queries.catalogue(pack.pk)


@pytest.fixture
def project(enterprise: Enterprise, applicant: User, at: datetime) -> Project:
    return a_project(owner=enterprise, actor=as_actor(applicant), at=at)
