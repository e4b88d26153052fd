"""A small city with every kind of case: running, soon due, late at each step, paused, decided in time and late."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.authtoken.models import Token

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import Conclusion
from portal.accounts.models import Enterprise, Membership, User
from portal.core import clock
from portal.core.actor import Actor
from projects.registry.models import Project
from tests.cast import SINCE, WINDOW, as_actor, enterprise_named
from tests.conftest import NOON
from tests.factories import review as factory
from tests.factories.projects import GENERAL, SMALL

API = "/api/v1/dashboard"


@dataclass
class City:
    """Makes projects at past moments through the operations."""

    owner: Enterprise
    applicant: Actor
    clerk: Actor
    now: datetime
    projects: list[Project] = field(default_factory=list)

    def days_ago(self, days: int) -> datetime:
        """Return the morning of an earlier day, or of a later one."""
        return self.now.replace(hour=9) - timedelta(days=days)

    def project(self, *, at: datetime, region: str = "449904", general: bool = False) -> Project:
        """Register a project of one region."""
        project = review.register_project(
            name=f"山前仓储用房{len(self.projects) + 1}号",
            region=region,
            facts=GENERAL if general else SMALL,
            owner_id=self.owner.pk,
            actor=self.applicant,
            at=at,
        )
        self.projects.append(project)
        return project

    def accept(self, project: Project, *, at: datetime, stage: str = "S1") -> Application:
        """Accept a stage's application."""
        return factory.accepted(project=project, stage=stage, applicant=self.applicant, clerk=self.clerk, at=at)

    def cases(self, application: Application) -> list[Case]:
        """Return the cases of an application."""
        return list(Case.objects.filter(application=application).order_by("pk"))

    def case(self, *, at: datetime, region: str = "449904", general: bool = False) -> Case:
        """Open the cases of a new project's first stage and return the first that takes all three steps."""
        cases = self.cases(self.accept(self.project(at=at, region=region, general=general), at=at))
        return next(case for case in cases if not factory.open_task(case).is_deciding)

    def pass_on(self, case: Case, *, at: datetime) -> None:
        """Let the case's open step be passed."""
        task = factory.open_task(case)
        review.complete_task(
            task_id=task.pk,
            conclusion=Conclusion.PASS,
            opinion="符合要求",
            actor=factory.member(case.department_id, task.step),
            at=at,
        )

    def hold(self, case: Case, *, at: datetime, clock: str, kind: str = "") -> None:
        """Hold a case up."""
        review.place_hold(
            case_id=case.pk,
            reason="等结论",
            clock=clock,
            kind=kind,
            expected_days=10 if kind else None,
            actor=factory.member(case.department_id, "handler"),
            at=at,
        )

    def grant(self, case: Case, *, at: datetime) -> None:
        factory.finish(case, at=at)

    def reject(self, case: Case, *, at: datetime) -> None:
        factory.finish(case, at=at, conclusion=Conclusion.REJECT, opinion="缺少依据")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def machine(user: User) -> Client:
    return Client(headers={"Authorization": f"Token {Token.objects.create(user=user).key}"})


@pytest.fixture
def city(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> City:
    """Return a city without any project yet; its clock stands at Tuesday noon."""
    return City(enterprise, as_actor(applicant), as_actor(clerk), at)


@pytest.fixture
def frozen(at: datetime) -> datetime:
    """Hold the clock that views read at the test's moment."""
    with clock.frozen(at):
        yield at


@pytest.fixture(scope="module")
def lively(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[City]:
    """Return a city in which every number of the dashboard is above nothing; it stands for a whole module."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        owner = enterprise_named("山前建设有限公司", number=1)
        people = [User.objects.create(username=name, name=name) for name in ("lively-applicant", "lively-clerk")]
        Membership.objects.create(user=people[0], role_id="applicant", enterprise=owner, active_from=SINCE)
        Membership.objects.create(user=people[1], role_id="clerk", department_id=WINDOW, active_from=SINCE)
        yield _enlivened(City(owner, as_actor(people[0]), as_actor(people[1]), NOON))
        transaction.set_rollback(True)


def _enlivened(city: City) -> City:
    for number, region in enumerate(("449902", "449903", "449904")):
        city.case(at=city.days_ago(number), region=region)
    city.case(at=city.days_ago(40), region="449902")
    at_checker = city.case(at=city.days_ago(41), region="449903", general=True)
    city.pass_on(at_checker, at=city.days_ago(38))
    at_approver = city.case(at=city.days_ago(44), region="449904", general=True)
    city.pass_on(at_approver, at=city.days_ago(40))
    city.pass_on(at_approver, at=city.days_ago(39))
    late_and_corrected = city.case(at=city.days_ago(50), general=True)
    city.hold(late_and_corrected, at=city.days_ago(2), clock="correction")
    late_and_special = city.case(at=city.days_ago(51), general=True)
    city.hold(late_and_special, at=city.days_ago(2), clock="special", kind="site")
    paused = city.case(at=city.days_ago(30), general=True)
    city.hold(paused, at=city.days_ago(29), clock="special", kind="expert")
    blocked = city.case(at=city.days_ago(1), general=True)
    city.hold(blocked, at=city.days_ago(0), clock="none")
    # ended: this month in time and late, before it, refused
    for opened, ended in ((12, 11), (13, 1), (60, 2), (60, 35), (20, 15)):
        application = city.accept(city.project(at=city.days_ago(opened), general=True), at=city.days_ago(opened))
        for case in city.cases(application)[:2]:
            city.grant(case, at=city.days_ago(ended))
    city.reject(city.case(at=city.days_ago(9), general=True), at=city.days_ago(4))
    # still for 61 days and for 60
    city.project(at=city.days_ago(61), region="449902")
    city.project(at=city.days_ago(60))
    return city
