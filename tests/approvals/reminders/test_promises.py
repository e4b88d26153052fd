"""Deferred material: who is told before its day, on it, and of what came and nobody has looked at."""

from datetime import datetime, timedelta

import pytest

from approvals.reminders import operations as reminders
from approvals.reminders.models import Reminder
from approvals.review import operations as review
from approvals.review.models import Case, Tolerance
from approvals.review.states import ToleranceState
from portal.accounts.models import Enterprise, User
from portal.core.actor import Actor
from tests.cast import as_actor
from tests.factories import acts
from tests.factories.projects import pdf

DAY = timedelta(days=1)


@pytest.fixture
def owner(applicant: User) -> Actor:
    return as_actor(applicant)


@pytest.fixture
def tolerance(enterprise: Enterprise, owner: Actor, clerk: User, at: datetime) -> Tolerance:
    """Granted on a Tuesday, with material to come on the Tuesday after."""
    case = acts.a_proposal(owner=enterprise, applicant=owner, clerk=as_actor(clerk), at=at)
    return acts.a_tolerance(case, at=at, days=7)


def told(event: str, *, user: User | Actor | None = None) -> list[int]:
    """Return the distances at which a person, or somebody, was told of an event, each once."""
    rows = Reminder.objects.filter(occasion__event=event)
    if user is not None:
        rows = rows.filter(user_id=user.pk if isinstance(user, User) else user.user_id)
    return list(rows.order_by("occasion__days").values_list("occasion__days", flat=True).distinct())


def sweep(at: datetime, *, days: int) -> None:
    """Run what the beat runs every day, in its order."""
    for day in range(days + 1):
        review.lapse_tolerances(at=at + day * DAY)
        reminders.sweep(at=at + day * DAY)


def test_the_applicant_and_the_window_are_told_before_and_on_the_day(
    tolerance: Tolerance, applicant: User, clerk: User, at: datetime
) -> None:
    sweep(at, days=14)

    assert told("tolerance_due", user=clerk) == [-5, -1, 0]
    assert Reminder.objects.filter(occasion__event="tolerance_due", enterprise__isnull=False).count() == 3
    tolerance.refresh_from_db()
    assert tolerance.state == ToleranceState.LAPSED


def test_who_has_supplied_is_told_no_more_but_the_department_is(
    tolerance: Tolerance, owner: Actor, clerk: User, at: datetime
) -> None:
    case: Case = tolerance.decision.case
    handler = acts.handler_of(case)
    reminders.sweep(at=at)
    rows = {row.pk: pdf(note=str(row.pk)) for row in tolerance.materials.all()}
    review.supply_tolerance(tolerance_id=tolerance.pk, uploads=rows, actor=owner, at=at)

    sweep(at, days=14)

    assert told("tolerance_due", user=clerk) == [-5]
    assert told("tolerance_supplied", user=handler) == told("tolerance_supplied", user=clerk) == [2]


def test_what_was_looked_at_is_told_to_nobody(tolerance: Tolerance, owner: Actor, at: datetime) -> None:
    rows = {row.pk: pdf(note=str(row.pk)) for row in tolerance.materials.all()}
    review.supply_tolerance(tolerance_id=tolerance.pk, uploads=rows, actor=owner, at=at)
    handler = acts.handler_of(tolerance.decision.case)
    review.confirm_tolerance(tolerance_id=tolerance.pk, complete=True, remark="", actor=handler, at=at)

    sweep(at, days=14)

    assert told("tolerance_due") == told("tolerance_supplied") == []
