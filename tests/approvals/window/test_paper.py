"""Entering what came over the counter."""

from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications import operations as applications
from approvals.applications.models import Application
from approvals.applications.states import Channel
from approvals.review import operations as review
from portal.accounts.models import Enterprise, User
from portal.core import clock
from projects.registry.operations import Part
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.review import a_running_project

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at: datetime) -> object:
    with clock.frozen(at):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_finds_the_project_of_an_enterprise(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> None:
    project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)

    answer = signed_in(clerk).get(
        reverse("window:paper"), {"received_on": "2026-04-09", "uscc": enterprise.uscc.lower(), "code": ""}
    )

    assert answer.status_code == 200
    assert project.code in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"received_on": "2026-04-15"}, "不能晚于今天"),
        ({"received_on": "2026-04-09", "uscc": "91449902MA9A00010G"}, "多半有一位写错"),
        ({"received_on": "2026-04-09", "uscc": "91350100M000100Y43"}, "还没有注册"),
    ],
)
def test_says_what_is_wrong(clerk: User, typed: dict[str, str], words: str) -> None:
    answer = signed_in(clerk).get(reverse("window:paper"), {"uscc": "", "code": "", **typed})

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_papers_own_day_starts_the_five_days(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)
    client = signed_in(clerk)

    answer = client.post(
        reverse("window:paper_project", args=[project.pk]), {"received_on": "2026-04-11", "stage": "S1"}
    )

    application = Application.objects.get()
    assert answer.headers["Location"] == reverse("applications:form", args=[application.pk])
    assert application.channel == Channel.COUNTER
    assert client.get(answer.headers["Location"]).status_code == 200
    actor = as_actor(clerk)
    make.fill_in(application, actor=actor, at=at)
    make.bring_materials(application, actor=actor, at=at)
    submitted = applications.submit(application_id=application.pk, actor=actor, at=at)
    assert submitted.timer is not None
    assert submitted.timer.received_on == date(2026, 4, 11)  # a Saturday: paper counts as it is
    assert submitted.notice_due_on == date(2026, 4, 17)


def test_paper_for_a_divided_project_names_its_unit(
    enterprise: Enterprise, applicant: User, clerk: User, at: datetime
) -> None:
    owner = as_actor(applicant)
    project = a_running_project(owner=enterprise, actor=owner, at=at)
    _, second = review.divide(
        project_id=project.pk, unit_id=None, parts=[Part("东区"), Part("西区")], actor=owner, at=at
    )
    client = signed_in(clerk)
    address = reverse("window:paper_project", args=[project.pk])

    page = client.get(address, {"received_on": "2026-04-11"}).content.decode()
    client.post(address, {"received_on": "2026-04-11", "stage": "S1"})
    assert not Application.objects.exists()
    client.post(address, {"received_on": "2026-04-11", "stage": f"S1/{second.code}"})

    assert f'value="S1/{second.code}"' in page
    assert "东区" in page
    assert Application.objects.get().unit == second


def test_an_applicant_cannot_enter_paper(enterprise: Enterprise, applicant: User, at: datetime) -> None:
    project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)

    answer = signed_in(applicant).post(
        reverse("window:paper_project", args=[project.pk]), {"received_on": "2026-04-11", "stage": "S1"}
    )

    assert answer.status_code == 404
    assert not Application.objects.exists()
