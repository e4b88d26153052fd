"""Signing in and out."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.core.models import AuditEvent
from tests.cast import PASSWORD
from tests.portal.accounts.conftest import SignIn


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_opens_the_home_page_and_is_recorded(
    client: Client, applicant: User, sign_in: SignIn, recorded: Callable[[], list[str]]
) -> None:
    response = sign_in(client, applicant)

    assert response.status_code == 302
    assert response["Location"] == reverse("ui:home")
    assert is_signed_in(client)
    assert recorded() == ["accounts.session.opened"]


def test_the_login_is_found_in_any_case_and_width(client: Client, applicant: User) -> None:
    client.post(reverse("accounts:login"), {"username": " ＡPPLICANT-A ", "password": PASSWORD})

    assert is_signed_in(client)


def test_a_wrong_password_is_told_and_recorded_without_saying_which_was_wrong(
    client: Client, applicant: User, sign_in: SignIn, recorded: Callable[[], list[str]]
) -> None:
    known = sign_in(client, applicant, "not-the-password")
    unknown = client.post(reverse("accounts:login"), {"username": "nobody", "password": PASSWORD})

    assert known.status_code == unknown.status_code == 422
    assert "用户名或密码不对" in known.content.decode()
    assert known.context["form"].errors == unknown.context["form"].errors
    assert not is_signed_in(client)
    assert recorded() == ["accounts.session.refused"] * 2


def test_a_password_typed_into_the_wrong_box_is_not_kept(client: Client, applicant: User) -> None:
    client.post(reverse("accounts:login"), {"username": PASSWORD, "password": "x"})

    event = AuditEvent.objects.get(stream="accounts")
    assert PASSWORD.lower() not in str(event.data).lower()
    assert event.subject_id == ""


def test_what_was_typed_stays_but_the_password_does_not(client: Client, applicant: User, sign_in: SignIn) -> None:
    page = sign_in(client, applicant, "secret-typo-77").content.decode()

    assert 'value="applicant-a"' in page
    assert "secret-typo-77" not in page


@pytest.mark.parametrize("missing", ["username", "password"])
def test_an_empty_field_is_named(client: Client, missing: str, pack: object) -> None:
    fields = {"username": "a", "password": "b", missing: ""}

    response = client.post(reverse("accounts:login"), fields)

    assert list(response.context["form"].errors) == [missing]


def test_a_closed_account_does_not_open(client: Client, applicant: User, sign_in: SignIn) -> None:
    User.objects.filter(pk=applicant.pk).update(is_active=False)

    sign_in(client, applicant)

    assert not is_signed_in(client)


def test_goes_on_to_the_page_one_came_for(client: Client, applicant: User, sign_in: SignIn) -> None:
    assert sign_in(client, applicant, next="/accounts/members/")["Location"] == "/accounts/members/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_never_goes_on_to_another_site(client: Client, applicant: User, sign_in: SignIn, evil: str) -> None:
    assert sign_in(client, applicant, next=evil)["Location"] == reverse("ui:home")


@pytest.mark.parametrize("wanted", ["-1", "²", "accounts:nothing", "members"])
def test_goes_home_when_what_one_came_for_is_no_address(
    client: Client, applicant: User, sign_in: SignIn, wanted: str
) -> None:
    assert sign_in(client, applicant, next=wanted)["Location"] == reverse("ui:home")
    assert client.get(reverse("accounts:login"), {"next": wanted})["Location"] == reverse("ui:home")


def test_the_session_gets_a_new_key(client: Client, applicant: User, sign_in: SignIn) -> None:
    client.get(reverse("accounts:login"))
    session = client.session
    session["seed"] = 1
    session.save()
    before = client.session.session_key

    sign_in(client, applicant)

    assert client.session.session_key != before


def test_signing_out_ends_the_session_and_is_recorded(
    client: Client, applicant: User, sign_in: SignIn, recorded: Callable[[], list[str]]
) -> None:
    sign_in(client, applicant)

    client.post(reverse("accounts:logout"))

    assert not is_signed_in(client)
    assert recorded()[-1] == "accounts.session.closed"
    applicant.refresh_from_db()
    assert applicant.session_keys == []


def test_a_link_cannot_sign_anybody_out(client: Client, applicant: User, sign_in: SignIn) -> None:
    sign_in(client, applicant)

    assert client.get(reverse("accounts:logout")).status_code == 405
    assert is_signed_in(client)


def test_a_form_without_its_token_is_refused(applicant: User) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(reverse("accounts:login"), {"username": applicant.username, "password": PASSWORD})

    assert response.status_code == 403


def test_demo_accounts_open_only_where_the_demo_is_on(
    client: Client, applicant: User, sign_in: SignIn, settings: LazySettings
) -> None:
    User.objects.filter(pk=applicant.pk).update(is_demo=True)
    settings.DEMO = False
    sign_in(client, applicant)
    assert not is_signed_in(client)

    settings.DEMO = True
    sign_in(client, applicant)
    assert is_signed_in(client)
