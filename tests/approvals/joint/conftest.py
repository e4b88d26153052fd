"""A small project whose first stage is under review, with questions and sessions about it."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.joint.models import Session
from approvals.review.models import Case
from portal.accounts.models import Enterprise, User
from portal.core import clock
from portal.core.actor import Actor
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import joint as factory
from tests.factories import review as reviewing


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def owner_actor(applicant: User) -> Actor:
    return as_actor(applicant)


@pytest.fixture
def project(enterprise: Enterprise, owner_actor: Actor, at: datetime) -> Project:
    return reviewing.a_running_project(owner=enterprise, actor=owner_actor, at=at)


@pytest.fixture
def application(project: Project, owner_actor: Actor, clerk: User, at: datetime) -> Application:
    return reviewing.accepted(project=project, stage="S1", applicant=owner_actor, clerk=as_actor(clerk), at=at)


@pytest.fixture
def case(application: Application) -> Case:
    return reviewing.case_of(application, "S1-07")


@pytest.fixture
def asker(case: Case) -> Actor:
    return reviewing.member(case.department_id, "handler")


@pytest.fixture
def session(case: Case, at: datetime) -> Session:
    """A session of the first stage, called and not yet held."""
    return factory.called(case.stage_run_id or 0, at=at)


@pytest.fixture
def lead(session: Session) -> Actor:
    return reviewing.member(session.lead_id, "handler")


@pytest.fixture
def held(session: Session, at: datetime) -> Session:
    return factory.held(session, at=at)
