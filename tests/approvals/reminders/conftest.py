"""A small project with cases under review."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.review.models import Case
from portal.accounts.models import Enterprise, User
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture
def project(enterprise: Enterprise, applicant: User, at: datetime) -> Project:
    return factory.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)


@pytest.fixture
def application(project: Project, applicant: User, clerk: User, at: datetime) -> Application:
    """The first stage's application, accepted."""
    return factory.accepted(project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)


@pytest.fixture
def case(application: Application) -> Case:
    """Its first case, of which the tests move the clock."""
    return application.cases.select_related("timer", "department").order_by("pk")[0]
