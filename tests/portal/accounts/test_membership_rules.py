"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import Enterprise, Membership, User
from tests.cast import HOUSING, PLANNING, SINCE


def refused(**fields: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**{"active_from": SINCE, **fields})


def test_a_membership_names_one_body(outsider: User, enterprise: Enterprise) -> None:
    refused(user=outsider, role_id="handler")
    refused(user=outsider, role_id="agent", enterprise=enterprise, department_id=PLANNING)


def test_a_sub_unit_is_one_of_a_department(outsider: User, enterprise: Enterprise) -> None:
    refused(user=outsider, role_id="agent", enterprise=enterprise, sub_unit="u1")


def test_a_membership_ends_after_it_began(outsider: User) -> None:
    refused(user=outsider, role_id="handler", department_id=PLANNING, active_to=SINCE)


def test_the_same_role_is_held_once_at_a_time_and_again_later(planning_handler: User) -> None:
    refused(user=planning_handler, role_id="handler", department_id=PLANNING)

    planning_handler.memberships.update(active_to=SINCE + timedelta(days=1))
    Membership.objects.create(
        user=planning_handler, role_id="handler", department_id=PLANNING, active_from=SINCE + timedelta(days=2)
    )
    Membership.objects.create(user=planning_handler, role_id="handler", department_id=HOUSING, active_from=SINCE)


def test_a_person_works_for_one_enterprise_at_a_time(applicant: User, other_enterprise: Enterprise) -> None:
    refused(user=applicant, role_id="agent", enterprise=other_enterprise)


def test_a_login_has_one_spelling(applicant: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="Applicant-A", name="n")


def test_an_enterprise_has_a_code_of_the_right_shape(enterprise: Enterprise) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Enterprise.objects.create(
            uscc="91350100m000100y43", name="n", legal_person="l", owner_type="o", created_at=SINCE
        )
