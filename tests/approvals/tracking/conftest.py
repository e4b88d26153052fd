"""Projects of the cast, with their stages, as registration leaves them."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from approvals.review import operations as review
from portal.accounts.models import Enterprise, User
from portal.core import clock
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories.projects import SMALL

MakeProject = Callable[..., Project]


@pytest.fixture(autouse=True)
def still_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def register(applicant: User, enterprise: Enterprise, at: datetime) -> MakeProject:
    def make(name: str = "云岭小型仓储用房", **facts: object) -> Project:
        return review.register_project(
            name=name,
            region="449904",
            facts={**SMALL, **facts},
            owner_id=enterprise.pk,
            actor=as_actor(applicant),
            at=at,
        )

    return make


@pytest.fixture
def project(register: MakeProject) -> Project:
    return register()
