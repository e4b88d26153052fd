"""The people of an enterprise."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts import operations
from portal.accounts.models import Enterprise, Membership, User
from portal.core import clock
from portal.core.errors import NotAllowed, NotFound
from tests.cast import Person, as_actor

URL = "/accounts/members/"
NEW = {
    "person_name": "周三",
    "username": "zhou-san",
    "mobile": "12000001111",
    "role": "agent",
    "password": "First-password-31",
}


def end(client: Client, membership: Membership) -> int:
    return client.post(reverse("accounts:end_member", args=[membership.pk])).status_code


def test_lists_the_own_people_only(client: Client, applicant: User, other_applicant: User) -> None:
    client.force_login(applicant)

    page = client.get(URL).content.decode()

    assert "申大路" in page
    assert "钟小桥" not in page


def test_adds_a_person_who_has_to_change_the_password(
    client: Client, applicant: User, enterprise: Enterprise, recorded: Callable[[], list[str]]
) -> None:
    client.force_login(applicant)

    assert client.post(URL, NEW).status_code == 302

    user = User.objects.get(username="zhou-san")
    assert user.must_change_password
    assert as_actor(user).enterprise_ids == {enterprise.pk}
    assert as_actor(user).may_own("application.draft")
    assert not as_actor(user).may_own("application.submit")
    assert recorded() == ["accounts.member.added"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("person_name", ""),
        ("username", "applicant-a"),
        ("mobile", "1"),
        ("role", "security_admin"),
        ("role", "handler"),
        ("password", "123"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_lost(client: Client, applicant: User, field: str, value: str) -> None:
    client.force_login(applicant)

    response = client.post(URL, {**NEW, field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    for kept in {"周三", "zhou-san", "12000001111"} - {NEW[field]}:
        assert kept in response.content.decode()
    assert not User.objects.filter(name="周三").exists()


def test_ends_a_membership_at_once(
    client: Client, applicant: User, person: Person, enterprise: Enterprise, recorded: Callable[[], list[str]]
) -> None:
    colleague = person("colleague", "agent", enterprise=enterprise)
    client.force_login(applicant)

    end(client, colleague.memberships.get())

    assert as_actor(colleague).enterprise_ids == frozenset()
    assert User.objects.get(pk=colleague.pk).is_active
    assert recorded() == ["accounts.member.ended"]


def test_the_last_administrator_stays(client: Client, applicant: User, person: Person, enterprise: Enterprise) -> None:
    person("colleague", "agent", enterprise=enterprise)
    client.force_login(applicant)

    assert end(client, applicant.memberships.get()) == 409
    assert as_actor(applicant).enterprise_ids == {enterprise.pk}


def test_an_administrator_may_leave_when_another_stays(
    client: Client, applicant: User, person: Person, enterprise: Enterprise
) -> None:
    person("second", "applicant", enterprise=enterprise)
    client.force_login(applicant)

    assert end(client, applicant.memberships.get()) == 302


def test_a_second_click_finds_nothing_more_to_end(
    client: Client, applicant: User, person: Person, enterprise: Enterprise
) -> None:
    membership = person("colleague", "agent", enterprise=enterprise).memberships.get()
    client.force_login(applicant)
    end(client, membership)

    assert end(client, membership) == 404


def test_another_enterprises_people_are_out_of_reach(
    applicant: User, other_applicant: User, other_enterprise: Enterprise
) -> None:
    theirs = other_applicant.memberships.get()

    with pytest.raises(NotFound):
        operations.end_member(membership_id=theirs.pk, actor=as_actor(applicant), at=clock.now())
    with pytest.raises(NotAllowed):
        operations.add_member(
            enterprise_id=other_enterprise.pk,
            role_id="agent",
            username="spy",
            name="s",
            mobile="",
            password="Spy-password-12",
            actor=as_actor(applicant),
            at=clock.now(),
        )
    assert not User.objects.filter(username="spy").exists()


def test_a_colleague_without_the_act_may_not(client: Client, person: Person, enterprise: Enterprise) -> None:
    client.force_login(person("colleague", "agent", enterprise=enterprise))

    assert client.get(URL).status_code == 403
    assert client.post(URL, NEW).status_code == 403


@pytest.mark.parametrize("who", ["clerk", "planning_approver", "agent", "outsider", "security_admin"])
def test_nobody_else_gets_in(client: Client, who: str, request: pytest.FixtureRequest, applicant: User) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(URL).status_code == 403
    assert end(client, applicant.memberships.get()) in (403, 404)


def test_an_administrator_resets_his_peoples_passwords_and_no_others(
    applicant: User, other_applicant: User, clerk: User, person: Person, enterprise: Enterprise
) -> None:
    colleague = person("colleague", "agent", enterprise=enterprise)
    new = "Brand-new-pass-5"

    operations.reset_password(user_id=colleague.pk, password=new, actor=as_actor(applicant), at=clock.now())

    colleague.refresh_from_db()
    assert colleague.check_password(new)
    assert colleague.must_change_password
    for foreign in (other_applicant, clerk, applicant):
        with pytest.raises(NotAllowed):
            operations.reset_password(user_id=foreign.pk, password=new, actor=as_actor(applicant), at=clock.now())
