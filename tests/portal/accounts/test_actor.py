"""Building the actor: bodies, grants, mandates, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from guardian.models import UserObjectPermission
from pytest_django import DjangoAssertNumQueries

from portal.accounts import actors
from portal.accounts.backends import PasswordBackend
from portal.accounts.models import Department, Enterprise, Membership, Role, User
from portal.core import clock
from portal.core.actor import Grant
from tests.cast import PLANNING, SINCE, Person, as_actor


def give_mandate(user: User, project_id: int) -> None:
    kind = ContentType.objects.get_or_create(app_label=actors.MANDATE_APP, model=actors.MANDATE_MODEL)[0]
    permission = Permission.objects.get_or_create(
        codename=actors.MANDATE, content_type=kind, defaults={"name": "Act for a project"}
    )[0]
    # in bulk, because guardian's save() would look for the project, which belongs to a slice above
    UserObjectPermission.objects.bulk_create(
        [UserObjectPermission(user=user, permission=permission, content_type=kind, object_pk=str(project_id))]
    )


def test_an_applicant_has_his_enterprise_and_own_grants(applicant: User, enterprise: Enterprise) -> None:
    actor = as_actor(applicant)

    assert actor.enterprise_ids == {enterprise.pk}
    assert not actor.departments
    assert actor.may_own("project.register")
    assert not actor.may("project.register")


def test_a_handler_has_his_departments_grants_there_only(planning_handler: User) -> None:
    actor = as_actor(planning_handler)

    assert actor.departments == {PLANNING}
    assert Grant("task.handle", "department", PLANNING) in actor.grants
    assert actor.may("task.handle", department=PLANNING)
    assert not actor.may("task.handle", department="zj")
    assert not actor.may("task.approve", department=PLANNING)


def test_a_clerk_may_accept_in_the_whole_city(clerk: User) -> None:
    assert as_actor(clerk).citywide("application.accept")


def test_a_person_without_a_role_may_nothing(outsider: User) -> None:
    actor = as_actor(outsider)

    assert actor.grants == frozenset()
    assert actor.user_id == outsider.pk


def test_a_mandate_names_its_project_and_no_other_person_has_it(agent: User, other_agent: User) -> None:
    give_mandate(agent, 4711)

    assert as_actor(agent).project_ids == {4711}
    assert as_actor(other_agent).project_ids == frozenset()


@pytest.mark.parametrize("roles", [["handler"], ["handler", "lead", "leader"]])
def test_costs_one_query_whatever_the_roles(
    person: Person, roles: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = person("many", roles[0], department=PLANNING)
    for role in roles[1:]:
        Membership.objects.create(user=user, role_id=role, department_id=PLANNING, active_from=SINCE)
    user = User.objects.get(pk=user.pk)

    with django_assert_num_queries(1):
        actors.build(user)
    with django_assert_num_queries(1):
        actors.build(PasswordBackend().get_user(user.pk))


def test_a_membership_counts_from_its_first_moment_until_before_its_last(planning_handler: User) -> None:
    begins, ends = SINCE + timedelta(days=10), SINCE + timedelta(days=20)
    planning_handler.memberships.update(active_from=begins, active_to=ends)

    for moment, counts in (
        (begins - timedelta(microseconds=1), False),
        (begins, True),
        (ends - timedelta(microseconds=1), True),
        (ends, False),
    ):
        with clock.frozen(moment):
            assert bool(as_actor(planning_handler).departments) is counts, moment


def test_a_closed_department_gives_nothing(planning_handler: User) -> None:
    Department.objects.filter(pk=PLANNING).update(is_active=False)

    assert as_actor(planning_handler).grants == frozenset()


def test_a_closed_enterprise_gives_nothing(applicant: User, enterprise: Enterprise) -> None:
    Enterprise.objects.filter(pk=enterprise.pk).update(is_active=False)

    assert as_actor(applicant).enterprise_ids == frozenset()


def test_a_role_the_pack_has_dropped_gives_nothing(planning_handler: User) -> None:
    Role.objects.filter(pk="handler").update(is_active=False)

    assert as_actor(planning_handler).grants == frozenset()


def test_a_closed_account_is_nobody(applicant: User) -> None:
    applicant.is_active = False

    assert as_actor(applicant).is_anonymous
