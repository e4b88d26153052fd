"""Tokens for machines."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.authtoken.models import Token

from portal.accounts.models import User
from tests.cast import PASSWORD

URL = "/api/v1/auth/token"


def ask(client: Client, **fields: str) -> tuple[int, dict[str, object]]:
    response = client.post(URL, fields, content_type="application/json")
    if response.status_code != 200:
        assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()


def test_login_and_password_give_a_token(client: Client, applicant: User, recorded: Callable[[], list[str]]) -> None:
    status, answer = ask(client, username="Applicant-A", password=PASSWORD)

    assert status == 200
    assert answer == {"token": Token.objects.get(user=applicant).key}
    assert recorded() == ["accounts.session.opened"]


def test_asking_again_gives_the_same_one(client: Client, applicant: User) -> None:
    assert ask(client, username="applicant-a", password=PASSWORD) == ask(
        client, username="applicant-a", password=PASSWORD
    )


def test_does_not_push_a_browser_out(client: Client, clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(session_keys=["k" * 32])

    ask(client, username="clerk-a", password=PASSWORD)

    clerk.refresh_from_db()
    assert clerk.session_keys == ["k" * 32]


@pytest.mark.parametrize(("username", "password"), [("applicant-a", "wrong"), ("nobody", PASSWORD)])
def test_wrong_credentials_are_401(
    client: Client, applicant: User, username: str, password: str, recorded: Callable[[], list[str]]
) -> None:
    status, answer = ask(client, username=username, password=password)

    assert (status, answer["code"]) == (401, "bad_credentials")
    assert recorded() == ["accounts.session.refused"]


def test_a_closed_account_is_401(client: Client, applicant: User) -> None:
    User.objects.filter(pk=applicant.pk).update(is_active=False)

    assert ask(client, username="applicant-a", password=PASSWORD)[0] == 401


def test_missing_fields_are_named(client: Client, pack: object) -> None:
    status, answer = ask(client, username="a")

    assert (status, answer["code"]) == (422, "invalid")
    assert list(answer["fields"]) == ["password"]  # type: ignore[call-overload]


def test_a_body_that_is_no_json_is_a_problem(client: Client, pack: object) -> None:
    response = client.post(URL, "{", content_type="application/json")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_a_first_password_has_to_be_changed_in_the_browser(client: Client, applicant: User) -> None:
    User.objects.filter(pk=applicant.pk).update(must_change_password=True)

    status, answer = ask(client, username="applicant-a", password=PASSWORD)

    assert (status, answer["code"]) == (403, "password_change_required")
    assert not Token.objects.exists()


def test_get_is_not_allowed(client: Client, pack: object) -> None:
    response = client.get(URL)

    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
