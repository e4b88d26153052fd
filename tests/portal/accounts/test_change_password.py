"""One's own password."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from portal.accounts.models import User
from tests.cast import PASSWORD
from tests.portal.accounts.conftest import SignIn

URL = "/accounts/password/"
NEW = "Other-river-88-boats"


def change(client: Client, *, old: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, list[str]]:
    response = client.post(URL, {"old": old, "new": new, "again": new if again is None else again})
    return {} if response.status_code == 302 else dict(response.context["form"].errors)


def test_the_new_one_opens_and_the_old_one_does_not(
    client: Client, applicant: User, sign_in: SignIn, recorded: Callable[[], list[str]]
) -> None:
    sign_in(client, applicant)

    assert change(client) == {}

    assert client.get(URL).status_code == 200  # this browser stays
    assert sign_in(Client(), applicant, PASSWORD).status_code == 422
    assert sign_in(Client(), applicant, NEW).status_code == 302
    assert "accounts.password.changed" in recorded()


def test_every_other_browser_and_the_token_are_out(client: Client, applicant: User, sign_in: SignIn) -> None:
    other = Client()
    sign_in(other, applicant)
    sign_in(client, applicant)
    Token.objects.create(user=applicant)

    change(client)

    assert other.get(URL).status_code == 302
    assert not Token.objects.filter(user=applicant).exists()


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ("short-1", "new"),
        ("1234567890", "new"),
        ("password123", "new"),
        ("applicant-a", "new"),
        (PASSWORD, "new"),
    ],
)
def test_a_weak_or_equal_one_is_refused_at_its_field(
    client: Client, applicant: User, sign_in: SignIn, new: str, field: str
) -> None:
    sign_in(client, applicant)

    assert list(change(client, new=new)) == [field]

    applicant.refresh_from_db()
    assert applicant.check_password(PASSWORD)


def test_the_old_one_has_to_be_right(client: Client, applicant: User, sign_in: SignIn) -> None:
    sign_in(client, applicant)

    assert list(change(client, old="no-idea-at-all")) == ["old"]


def test_both_have_to_be_the_same(client: Client, applicant: User, sign_in: SignIn) -> None:
    sign_in(client, applicant)

    assert list(change(client, again=NEW + "x")) == ["again"]


def test_clears_the_duty_to_change_it(client: Client, applicant: User, sign_in: SignIn) -> None:
    User.objects.filter(pk=applicant.pk).update(must_change_password=True)
    sign_in(client, applicant)

    change(client)

    assert client.get("/notices/").status_code == 200


def test_a_visitor_is_sent_to_sign_in(client: Client, pack: object) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/accounts/password/"
