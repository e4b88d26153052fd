"""A decided case and its paper."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from approvals.certificates import operations as certificates
from approvals.certificates.models import Certificate
from approvals.review.models import Case
from portal.accounts.models import Enterprise, User
from portal.core import clock
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def project(enterprise: Enterprise, applicant: User, at: datetime) -> Project:
    return factory.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)


@pytest.fixture
def under_review(project: Project, applicant: User, clerk: User, at: datetime) -> Case:
    """The planning case of the first stage."""
    filed = factory.accepted(project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)
    return factory.case_of(filed, "S1-07")


@pytest.fixture
def granted(under_review: Case, at: datetime) -> Case:
    return factory.finish(under_review, at=at, opinion="同意")


@pytest.fixture
def certificate(granted: Case, at: datetime) -> Certificate:
    """The printed and filed permit."""
    prepared = certificates.prepare(case_id=granted.pk, at=at)
    return certificates.issue(certificate_id=prepared.pk, at=at)
