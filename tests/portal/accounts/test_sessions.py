"""How long and in how many browsers a person stays signed in."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.core import clock
from tests.portal.accounts.conftest import SignIn

PAGE = "/accounts/password/"


def works(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def test_ends_after_the_idle_time_and_says_so(
    client: Client, applicant: User, sign_in: SignIn, at: datetime, settings: LazySettings
) -> None:
    with clock.frozen(at):
        sign_in(client, applicant)
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    with clock.frozen(at + idle):
        assert works(client)
    with clock.frozen(at + idle + idle + timedelta(seconds=1)):
        response = client.get(PAGE, follow=True)

    assert response.redirect_chain[0][0] == "/accounts/login/?next=%2Faccounts%2Fpassword%2F"
    assert "没有操作" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_work_keeps_it_alive_until_the_absolute_end(
    client: Client, applicant: User, sign_in: SignIn, at: datetime, settings: LazySettings
) -> None:
    with clock.frozen(at):
        sign_in(client, applicant)
    step = timedelta(seconds=settings.SESSION_IDLE_SECONDS) - timedelta(minutes=1)
    moment = at
    while moment + step <= at + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS):
        moment += step
        with clock.frozen(moment):
            assert works(client), moment
    with clock.frozen(at + timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS + 1)):
        assert not works(client)


def test_the_newest_session_of_staff_ends_the_older_one_with_a_message(clerk: User, sign_in: SignIn) -> None:
    older, newer = Client(), Client()
    sign_in(older, clerk)
    sign_in(newer, clerk)

    assert works(newer)
    response = older.get(PAGE, follow=True)
    assert "另一处登录" in response.content.decode()
    assert works(newer)


def test_an_applicant_may_work_in_five_browsers(applicant: User, sign_in: SignIn) -> None:
    browsers = [Client() for _ in range(6)]
    for browser in browsers:
        sign_in(browser, applicant)

    assert [works(browser) for browser in browsers] == [False, True, True, True, True, True]


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "autosave"}])
def test_a_script_is_told_401_so_that_the_page_and_its_words_stay(
    client: Client, applicant: User, sign_in: SignIn, header: dict[str, str]
) -> None:
    sign_in(client, applicant)
    User.objects.filter(pk=applicant.pk).update(session_keys=[])

    response = client.post("/notices/read/", headers=header)

    assert response.status_code == 401
    assert response["HX-Trigger"] == "portal:signed-out"


def test_after_an_act_one_comes_back_to_the_page_that_was_open(
    client: Client, applicant: User, sign_in: SignIn
) -> None:
    sign_in(client, applicant)
    User.objects.filter(pk=applicant.pk).update(session_keys=[])

    response = client.post("/notices/read/", headers={"Referer": "http://testserver/notices/?show=unread"})

    assert response["Location"] == "/accounts/login/?next=%2Fnotices%2F%3Fshow%3Dunread"


def test_a_closed_account_is_out_at_the_next_click(client: Client, applicant: User, sign_in: SignIn) -> None:
    sign_in(client, applicant)
    User.objects.filter(pk=applicant.pk).update(is_active=False)

    assert client.get(PAGE).status_code == 302


def test_a_visitor_costs_no_query_of_accounts(client: Client, pack: object) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("ui:help"))

    touched = [query["sql"] for query in captured if "accounts_" in query["sql"] or "session" in query["sql"]]
    assert touched == []


def test_a_first_password_has_to_be_changed_before_anything_else(
    client: Client, applicant: User, sign_in: SignIn
) -> None:
    User.objects.filter(pk=applicant.pk).update(must_change_password=True)
    sign_in(client, applicant)

    assert client.get("/notices/")["Location"] == "/accounts/password/"
    assert works(client)
