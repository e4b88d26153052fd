"""Handing results out over the counter."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from portal.accounts.models import Enterprise, User
from portal.core import clock
from tests.cast import as_actor
from tests.factories.review import a_running_project, accepted, finish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at: datetime) -> object:
    with clock.frozen(at):
        yield


@pytest.fixture
def ready(enterprise: Enterprise, applicant: User, clerk: User, at: datetime, drained: Any) -> Certificate:
    project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)
    application = accepted(project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)
    finish(application.cases.order_by("pk")[0], at=at)
    drained(at)
    return Certificate.objects.get(state=CertificateState.ISSUED)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_finds_by_number_and_by_what_the_qr_carries(ready: Certificate, clerk: User) -> None:
    client = signed_in(clerk)

    for typed in ("", ready.number, ready.verify_code.lower(), ready.project.name[:2]):
        assert ready.number in client.get(reverse("window:handover"), {"q": typed}).content.decode()
    assert ready.number not in client.get(reverse("window:handover"), {"q": "没有这个"}).content.decode()


def test_notes_to_whom_it_was_given(ready: Certificate, clerk: User) -> None:
    client = signed_in(clerk)

    assert client.post(reverse("window:hand_over", args=[ready.pk]), {"to": ""}).status_code == 422
    answer = client.post(reverse("window:hand_over", args=[ready.pk]), {"to": "李明"})

    assert answer.status_code == 302
    ready.refresh_from_db()
    assert (ready.state, ready.handed_over_to) == (CertificateState.HANDED_OVER, "李明")
    assert client.post(reverse("window:hand_over", args=[ready.pk]), {"to": "李明"}).status_code == 409


def test_an_applicant_cannot_give_himself_a_paper(ready: Certificate, applicant: User) -> None:
    answer = signed_in(applicant).post(reverse("window:hand_over", args=[ready.pk]), {"to": "李明"})

    assert answer.status_code == 404
    ready.refresh_from_db()
    assert ready.state == CertificateState.ISSUED
