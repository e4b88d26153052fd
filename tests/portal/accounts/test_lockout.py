"""Too many wrong passwords."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.accounts.lockout import client_address
from portal.accounts.models import User
from tests.cast import PASSWORD
from tests.portal.accounts.conftest import SignIn


@pytest.fixture(autouse=True)
def counting(settings: LazySettings) -> None:
    settings.AXES_ENABLED = True


def fail(client: Client, user: User, sign_in: SignIn, *, times: int) -> int:
    status = 0
    for _ in range(times):
        status = sign_in(client, user, "wrong-password").status_code
    return status


def test_the_fifth_wrong_password_locks_and_says_for_how_long(client: Client, applicant: User, sign_in: SignIn) -> None:
    assert fail(client, applicant, sign_in, times=4) == 422

    response = sign_in(client, applicant, "wrong-password")

    assert response.status_code == 429
    assert "15 分钟" in response.content.decode()
    assert response["Retry-After"] == "900"


def test_the_right_password_does_not_open_a_locked_login(client: Client, applicant: User, sign_in: SignIn) -> None:
    fail(client, applicant, sign_in, times=5)

    response = sign_in(client, applicant)

    assert response.status_code == 429
    assert "_auth_user_id" not in client.session


def test_trying_on_does_not_prolong_the_wait(client: Client, applicant: User, sign_in: SignIn) -> None:
    fail(client, applicant, sign_in, times=5)
    earlier = AccessAttempt.objects.get().attempt_time - timedelta(minutes=10)
    AccessAttempt.objects.update(attempt_time=earlier)

    response = sign_in(client, applicant, "wrong-password")

    assert AccessAttempt.objects.get().attempt_time == earlier
    assert "5 分钟" in response.content.decode()
    assert "15 分钟" not in response.content.decode()


def test_opens_again_when_the_time_is_over(client: Client, applicant: User, sign_in: SignIn) -> None:
    fail(client, applicant, sign_in, times=5)
    attempt = AccessAttempt.objects.get()
    AccessAttempt.objects.update(attempt_time=attempt.attempt_time - timedelta(minutes=16))

    assert sign_in(client, applicant).status_code == 302


def test_a_success_in_between_begins_the_count_anew(client: Client, applicant: User, sign_in: SignIn) -> None:
    fail(client, applicant, sign_in, times=4)
    sign_in(client, applicant)

    assert fail(Client(), applicant, sign_in, times=4) == 422


def test_another_person_and_another_address_are_not_locked(
    client: Client, applicant: User, clerk: User, sign_in: SignIn
) -> None:
    fail(client, applicant, sign_in, times=5)

    assert sign_in(Client(), clerk).status_code == 302
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9"), applicant).status_code == 302


def test_another_spelling_of_the_login_counts_as_the_same(client: Client, applicant: User) -> None:
    for spelling in ("applicant-a", "APPLICANT-A", "Applicant-A", "ａpplicant-a", " applicant-a "):
        response = client.post(reverse("accounts:login"), {"username": spelling, "password": "wrong"})

    assert response.status_code == 429


def test_tokens_are_locked_by_the_same_count(client: Client, applicant: User, sign_in: SignIn) -> None:
    fail(client, applicant, sign_in, times=5)

    response = client.post(
        "/api/v1/auth/token",
        {"username": applicant.username, "password": PASSWORD},
        content_type="application/json",
    )

    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "locked_out"
    assert response.json()["fields"]["minutes_left"] == 15


def test_wrong_passwords_for_tokens_lock_the_page_too(client: Client, applicant: User, sign_in: SignIn) -> None:
    for _ in range(5):
        client.post("/api/v1/auth/token", {"username": applicant.username, "password": "no"})

    assert sign_in(client, applicant).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "9.9.9.9, 1.2.3.4", "1.2.3.4"),
        (2, "1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_an_invented_address_behind_our_proxies_is_not_believed(
    settings: LazySettings, rf: RequestFactory, proxies: int, forwarded: str, expected: str
) -> None:
    settings.AXES_IPWARE_PROXY_COUNT = proxies

    assert client_address(rf.get("/", HTTP_X_FORWARDED_FOR=forwarded)) == expected
