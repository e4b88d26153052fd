"""Accounts and roles of the city, kept by three admins who cannot do each other's part."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts import operations
from portal.accounts.models import Membership, User
from portal.core import clock
from portal.core.errors import Conflict, InvalidInput, NotAllowed
from tests.cast import DATA, HOUSING, PASSWORD, PLANNING, Person, as_actor

LIST = "/accounts/people/"
NEW = {"person_name": "吴新", "username": "wu-xin", "mobile": "12000002222", "password": "First-password-31"}
OUTSIDERS = ["applicant", "agent", "clerk", "planning_approver", "leader", "supervisor", "audit_admin", "outsider"]


def names(client: Client, **query: str) -> list[str]:
    return [person.username for person in client.get(LIST, query).context["page"].items]


def test_the_list_is_searched_by_name_login_and_mobile(
    client: Client, system_admin: User, planning_handler: User, fire_reviewer: User
) -> None:
    User.objects.filter(pk=fire_reviewer.pk).update(mobile="12055550000")
    client.force_login(system_admin)

    assert names(client, q="规承") == ["planning-handler"]
    assert names(client, q="FIRE-") == ["fire-reviewer"]
    assert names(client, q="1205555") == ["fire-reviewer"]
    assert names(client, q="%") == []
    assert names(client, role="handler", department=HOUSING) == ["fire-reviewer"]
    assert names(client, role="handler", department="no-such") == []


def test_a_list_that_is_empty_says_what_to_do(client: Client, system_admin: User) -> None:
    client.force_login(system_admin)

    assert "没有这样的用户" in client.get(LIST, {"q": "nobody-at-all"}).content.decode()


def test_pages_lead_through_everybody_once_and_back(client: Client, system_admin: User, person: Person) -> None:
    for number in range(120):
        User.objects.create(username=f"many-{number:03}", name="多")
    client.force_login(system_admin)

    first = client.get(LIST, {"q": "many-"}).context["page"]
    second = client.get(LIST, {"q": "many-", "cursor": first.next}).context["page"]
    third = client.get(LIST, {"q": "many-", "cursor": second.next}).context["page"]

    seen = [user.username for page in (first, second, third) for user in page.items]
    assert seen == [f"many-{number:03}" for number in range(120)]
    assert (first.previous, third.next) == ("", "")
    back = client.get(LIST, {"q": "many-", "cursor": third.previous}).context["page"]
    assert [user.pk for user in back.items] == [user.pk for user in second.items]


@pytest.mark.parametrize("cursor", ["nonsense", "bm9uc2Vuc2U", "WzAsNF0", "WzAsMSwyXQ"])
def test_a_broken_cursor_shows_the_first_page(client: Client, system_admin: User, cursor: str) -> None:
    client.force_login(system_admin)

    response = client.get(LIST, {"cursor": cursor})

    assert response.status_code == 200


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_costs_the_same_with_many_rows(
    client: Client, system_admin: User, person: Person, rows: int, max_queries: Callable[[str], object]
) -> None:
    for number in range(rows):
        person(f"row-{number}", "handler", department=PLANNING)
    client.force_login(system_admin)
    client.get(LIST)

    with max_queries("accounts.people"):  # type: ignore[attr-defined]
        client.get(LIST)


def test_a_mobile_number_is_masked(client: Client, system_admin: User, clerk: User) -> None:
    client.force_login(system_admin)

    page = client.get(LIST).content.decode()

    assert "120****9999" in page
    assert "12000009999" not in page


def test_an_account_is_made_without_any_role(
    client: Client, system_admin: User, recorded: Callable[[], list[str]]
) -> None:
    client.force_login(system_admin)

    assert client.post("/accounts/people/new/", NEW).status_code == 302

    user = User.objects.get(username="wu-xin")
    assert user.must_change_password
    assert as_actor(user).grants == frozenset()
    assert recorded() == ["accounts.user.created"]


def test_a_taken_login_is_told_at_its_field(client: Client, system_admin: User, clerk: User) -> None:
    client.force_login(system_admin)

    response = client.post("/accounts/people/new/", {**NEW, "username": "CLERK-A"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["username"]


def test_the_system_admin_gives_no_roles(client: Client, system_admin: User, outsider: User) -> None:
    client.force_login(system_admin)

    response = client.post(
        reverse("accounts:grant_role", args=[outsider.pk]), {"role": "handler", "department": PLANNING}
    )

    assert response.status_code == 403
    assert not outsider.memberships.exists()


def test_the_security_admin_gives_and_ends_roles(
    client: Client, security_admin: User, outsider: User, recorded: Callable[[], list[str]]
) -> None:
    client.force_login(security_admin)

    client.post(reverse("accounts:grant_role", args=[outsider.pk]), {"role": "handler", "department": PLANNING})
    assert as_actor(outsider).may("task.handle", department=PLANNING)

    client.post(reverse("accounts:end_role", args=[outsider.memberships.get().pk]))
    assert not as_actor(outsider).may("task.handle")
    assert recorded() == ["accounts.role.granted", "accounts.role.ended"]


def test_the_security_admin_makes_no_accounts_and_closes_none(
    client: Client, security_admin: User, clerk: User
) -> None:
    client.force_login(security_admin)

    assert client.post("/accounts/people/new/", NEW).status_code == 403
    assert client.post(reverse("accounts:close_account", args=[clerk.pk]), {"reason": "x"}).status_code == 403
    assert (
        client.post(reverse("accounts:reset_password", args=[clerk.pk]), {"password": "New-password-77"}).status_code
        == 403
    )
    clerk.refresh_from_db()
    assert clerk.is_active
    assert clerk.check_password(PASSWORD)


def test_nobody_gives_himself_a_role(security_admin: User) -> None:
    with pytest.raises(NotAllowed):
        operations.grant_role(
            user_id=security_admin.pk,
            role_id="approver",
            department_id=PLANNING,
            actor=as_actor(security_admin),
            at=clock.now(),
        )


@pytest.mark.parametrize("second", ["system_admin", "audit_admin"])
def test_the_three_admins_never_meet_in_one_person(
    client: Client, security_admin: User, person: Person, second: str
) -> None:
    other = person("other-security", "security_admin", department=DATA)
    client.force_login(security_admin)

    response = client.post(reverse("accounts:grant_role", args=[other.pk]), {"role": second, "department": DATA})

    assert response.status_code == 422
    assert "兼任" in response.content.decode()
    assert list(other.memberships.values_list("role_id", flat=True)) == ["security_admin"]


def test_a_role_that_is_held_is_not_given_twice(security_admin: User, clerk: User) -> None:
    with pytest.raises(Conflict):
        operations.grant_role(
            user_id=clerk.pk,
            role_id="clerk",
            department_id=clerk.memberships.get().department_id or "",
            actor=as_actor(security_admin),
            at=clock.now(),
        )
    assert Membership.objects.filter(user=clerk).count() == 1


@pytest.mark.parametrize(
    ("role", "department"),
    [("applicant", PLANNING), ("handler", ""), ("handler", "no-such"), ("emperor", PLANNING)],
)
def test_a_role_needs_a_body_that_holds_it(security_admin: User, outsider: User, role: str, department: str) -> None:
    with pytest.raises(InvalidInput):
        operations.grant_role(
            user_id=outsider.pk,
            role_id=role,
            department_id=department,
            actor=as_actor(security_admin),
            at=clock.now(),
        )
    assert not outsider.memberships.exists()


def test_closing_ends_the_sessions_and_opening_lets_in_again(
    client: Client, system_admin: User, clerk: User, recorded: Callable[[], list[str]]
) -> None:
    User.objects.filter(pk=clerk.pk).update(session_keys=["a" * 32])
    client.force_login(system_admin)

    client.post(reverse("accounts:close_account", args=[clerk.pk]), {"reason": "离职"})
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.session_keys) == (False, [])
    assert client.post(reverse("accounts:close_account", args=[clerk.pk]), {"reason": "离职"}).status_code == 409

    client.post(reverse("accounts:open_account", args=[clerk.pk]))
    clerk.refresh_from_db()
    assert clerk.is_active
    assert recorded() == ["accounts.user.closed", "accounts.user.opened"]


def test_nobody_closes_himself(client: Client, system_admin: User) -> None:
    client.force_login(system_admin)

    assert client.post(reverse("accounts:close_account", args=[system_admin.pk])).status_code == 403


def test_a_weak_first_password_is_refused_at_its_field(client: Client, system_admin: User, clerk: User) -> None:
    client.force_login(system_admin)

    response = client.post(reverse("accounts:reset_password", args=[clerk.pk]), {"password": "123"})

    assert response.status_code == 422
    assert list(response.context["wrong"].errors) == ["password"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_outsiders_see_nothing_and_do_nothing(
    client: Client, who: str, request: pytest.FixtureRequest, other_clerk: User
) -> None:
    client.force_login(request.getfixturevalue(who))
    held = other_clerk.memberships.get()

    for url in (LIST, "/accounts/people/new/", reverse("accounts:person", args=[other_clerk.pk]), "/accounts/roles/"):
        response = client.get(url)
        assert response.status_code == 403, url
        assert "窗净" not in response.content.decode()
    for name in ("grant_role", "close_account", "open_account", "reset_password"):
        assert client.post(reverse(f"accounts:{name}", args=[other_clerk.pk]), NEW).status_code in (403, 404), name
    assert client.post(reverse("accounts:end_role", args=[held.pk])).status_code in (403, 404)
    assert as_actor(other_clerk).citywide("application.accept")


def test_a_visitor_is_sent_to_sign_in(client: Client, pack: object) -> None:
    for url in (LIST, "/accounts/roles/", "/accounts/audit/", "/accounts/members/", "/notices/"):
        assert client.get(url)["Location"].startswith("/accounts/login/?next="), url


def test_the_roles_page_shows_what_each_allows_and_who_many_hold_it(
    client: Client, security_admin: User, clerk: User, other_clerk: User
) -> None:
    client.force_login(security_admin)

    response = client.get("/accounts/roles/")

    held = {role.pk: role.holders for role in response.context["roles"]}
    assert (held["clerk"], held["security_admin"], held["handler"]) == (2, 1, 0)
    assert "一次性告知补正" in response.content.decode()
