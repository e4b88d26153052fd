"""The window's lists need as many queries for 30 rows as for 3."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from portal.accounts.models import Enterprise, User
from portal.core import clock
from tests.cast import as_actor
from tests.factories import applications as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [3, 30])
def test_the_queue(
    rows: int,
    enterprise: Enterprise,
    applicant: User,
    clerk: User,
    at: datetime,
    max_queries: Callable[[str], AbstractContextManager[None]],
) -> None:
    with clock.frozen(at):
        first = make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)
        _copies(first, rows - 1)
        client = Client()
        client.force_login(clerk)
        client.get(reverse("window:queue"))  # the first request fills what a process keeps

        with max_queries("window.queue"):
            answer = client.get(reverse("window:queue"))

    assert answer.content.decode().count('class="l3"') == rows


@pytest.mark.parametrize("rows", [3, 30])
def test_the_correction_list(
    rows: int,
    enterprise: Enterprise,
    applicant: User,
    clerk: User,
    at: datetime,
    max_queries: Callable[[str], AbstractContextManager[None]],
) -> None:
    with clock.frozen(at):
        first = make.correcting(owner=enterprise, actor=as_actor(applicant), clerk=as_actor(clerk), at=at)
        _copies(first, rows - 1)
        client = Client()
        client.force_login(clerk)
        client.get(reverse("window:correcting"))

        with max_queries("window.correcting"):
            answer = client.get(reverse("window:correcting"))

    assert answer.content.decode().count("data-row") == rows


def _copies(first: Application, count: int) -> None:
    """Lay more rows beside one application; a list does not ask how they came about."""
    Application.objects.bulk_create(
        Application(
            number=f"{first.number}-{number}",
            project=first.project,
            unit=None,
            stage=first.stage,
            is_parallel=True,
            state=first.state,
            pack_version=first.pack_version,
            created_at=first.created_at,
            changed_at=first.changed_at,
            submitted_at=first.submitted_at,
            notice_due_on=date(2026, 4, 21) + timedelta(days=number),
            correction_due_on=date(2026, 5, 14) + timedelta(days=number),
        )
        for number in range(1, count + 1)
    )
