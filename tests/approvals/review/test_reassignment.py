"""Who has a case changes nothing about its clock."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from approvals.applications.models import Application
from approvals.deadlines import queries as deadlines
from approvals.deadlines.models import Timer
from approvals.review import operations as review
from portal.accounts.models import User
from portal.core import clock
from portal.core.errors import DomainError
from tests.cast import as_actor
from tests.conftest import WITH_ROWS
from tests.factories import review as factory

DAY = timedelta(days=1)


class Undo(Exception):
    """Takes an example's rows back."""


@pytest.mark.django_db
@WITH_ROWS
@given(acts=st.lists(st.tuples(st.sampled_from(("claim", "hand_back")), st.integers(0, 1)), max_size=6))
def test_claiming_and_handing_back_never_moves_a_date(
    application: Application, at: datetime, acts: list[tuple[str, int]]
) -> None:
    case = application.cases.select_related("timer").order_by("pk")[0]
    try:
        with transaction.atomic():
            colleague, created = User.objects.get_or_create(username="second-handler", defaults={"name": "同事"})
            if created:
                colleague.memberships.create(role_id="handler", department_id=case.department_id, active_from=at - DAY)
            people = (factory.member(case.department_id, "handler"), as_actor(colleague))
            before = Timer.objects.filter(pk=case.timer_id).values().get()
            for hours, (act, who) in enumerate(acts):
                try:
                    verb = review.claim if act == "claim" else review.hand_back
                    verb(task_id=factory.open_task(case).pk, actor=people[who], at=at + timedelta(hours=hours))
                except DomainError:
                    continue
            assert Timer.objects.filter(pk=case.timer_id).values().get() == before
            told = deadlines.explain(Timer.objects.get(pk=case.timer_id), clock.day_of(at + 9 * DAY))
            assert told is not None
            assert told.used["C2"] == 7
            raise Undo
    except Undo:
        pass
