"""A small demo city, written once for all tests that look at it."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import transaction

from approvals.applications.models import Application
from approvals.demo import operations as demo
from approvals.review.models import Case, Opinion
from portal.core import clock
from portal.core.clock import SHANGHAI
from portal.core.models import AuditEvent
from projects.registry.models import Project

#: a Tuesday noon
NOW = datetime(2026, 4, 14, 12, 0, tzinfo=SHANGHAI)
PROJECTS = 9


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[tuple[int, int]]]:
    """Write the first projects of the demo, and take them back after the last test of the module."""
    told: list[tuple[int, int]] = []
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        with clock.frozen(NOW):
            demo.write_city(projects=PROJECTS, seed=1, at=NOW, tell=lambda *done: told.append(done))
        yield told
        transaction.set_rollback(True)


def picture() -> dict[str, list[tuple]]:
    """Return states and dates of everything the stories wrote, without ids and drawn codes."""
    return {
        "projects": list(Project.objects.order_by("name").values_list("name", "flow", "state", "registered_at")),
        "applications": list(
            Application.objects.order_by("project__name", "pk").values_list("stage", "state", "submitted_at")
        ),
        "cases": list(Case.objects.order_by("number").values_list("number", "state", "opened_at", "closed_at")),
        "opinions": list(Opinion.objects.order_by("given_at", "pk").values_list("conclusion", "text", "author_name")),
        "events": list(AuditEvent.objects.order_by("stream", "number").values_list("stream", "action", "at")),
    }
