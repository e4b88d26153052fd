"""The same form sent several times in one moment acts once; of two acts that exclude each other only one happens."""

from datetime import datetime

import pytest

from approvals.applications.states import ApplicationState
from approvals.review import operations as review
from approvals.review.models import Case, Commitment, Extension, SavedFilter
from approvals.review.queries import Filters
from approvals.review.states import CaseState
from portal.accounts import operations as accounts
from portal.accounts.models import Delegation, Enterprise, User
from portal.core import audit
from portal.core.actor import Actor
from tests.approvals.review.test_concurrency import refusals, together
from tests.cast import SINCE, as_actor
from tests.factories import acts
from tests.factories import review as factory

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 6


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


def test_each_form_of_a_case_acts_once(case: Case, owner_actor: Actor, at: datetime) -> None:
    signed = together(*[lambda: acts.a_commitment(case, applicant=owner_actor, at=at)] * TIMES)
    asked = together(*[lambda: acts.an_extension(case, at=at)] * TIMES)

    assert (len(refusals(signed)), Commitment.objects.count()) == (TIMES - 1, 1)
    assert (len(refusals(asked)), Extension.objects.count()) == (TIMES - 1, 1)
    assert audit.verify(case.audit_stream) is None


def test_taken_up_again_and_revoked_at_once_only_one_happens(case: Case, at: datetime) -> None:
    factory.finish(case, at=at)
    approver = acts.approver_of(case)

    results = together(
        *[lambda: review.reopen(case_id=case.pk, reason="复核", actor=approver, at=at)] * 3,
        *[lambda: review.revoke(case_id=case.pk, reason="不实", basis="第六十九条", actor=approver, at=at)] * 3,
    )

    assert len(refusals(results)) == 5
    case.refresh_from_db()
    case.application.refresh_from_db()
    expected = {
        CaseState.OPEN: ApplicationState.ACCEPTED,
        CaseState.CLOSED: ApplicationState.COMPLETED,
    }
    assert case.application.state == expected[CaseState(case.state)]
    assert audit.verify(case.audit_stream) is None


def test_a_filter_is_saved_once_under_its_name(case: Case) -> None:
    handler = acts.handler_of(case)

    results = together(*[lambda: review.save_filter(name="急件", filters=Filters(light="late"), actor=handler)] * TIMES)

    assert len(refusals(results)) == TIMES - 1
    assert SavedFilter.objects.count() == 1


def test_two_colleagues_do_not_stand_in_for_each_other(case: Case, at: datetime) -> None:
    one = acts.handler_of(case)
    user = User.objects.create_user("second-handler", name="同事")
    user.memberships.create(role_id="handler", department_id=case.department_id, active_from=SINCE)
    two = as_actor(user)

    def away(person: Actor, substitute: Actor) -> Delegation:
        return accounts.arrange_substitute(
            person_id=person.user_id or 0,
            substitute_id=substitute.user_id or 0,
            department_id=case.department_id,
            from_on=at.date(),
            until_on=at.date(),
            actor=person,
            at=at,
        )

    results = together(*[lambda: away(one, two)] * 3, *[lambda: away(two, one)] * 3)

    assert len(refusals(results)) == 5
    assert Delegation.objects.count() == 1
