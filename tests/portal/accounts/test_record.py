"""The record of acts, as the audit administrator reads it."""

import pytest
from django.db import connection
from django.test import Client

from portal.accounts import operations
from portal.accounts.models import User
from portal.core import clock

LIST, CHAIN = "/accounts/audit/", "/accounts/audit/accounts/"


@pytest.fixture(autouse=True)
def three_acts(clerk: User) -> None:
    for number in range(3):
        operations.sign_in(user_id=clerk.pk, key=str(number), channel="page", address="10.0.0.1", at=clock.now())


def test_lists_the_chains_and_searches_them(client: Client, audit_admin: User) -> None:
    client.force_login(audit_admin)

    assert {head.stream for head in client.get(LIST).context["page"].items} >= {"accounts", "pack"}
    assert [head.stream for head in client.get(LIST, {"q": "acc"}).context["page"].items] == ["accounts"]
    assert "没有这样的链" in client.get(LIST, {"q": "zzz"}).content.decode()


def test_shows_the_acts_newest_first_with_who_did_them(client: Client, audit_admin: User) -> None:
    client.force_login(audit_admin)

    page = client.get(CHAIN).context["page"]

    assert [event.number for event in page.items] == sorted((event.number for event in page.items), reverse=True)
    assert page.items[0].action == "accounts.session.opened"
    assert page.items[0].actor_name == "窗明"


def test_says_when_the_chain_holds(client: Client, audit_admin: User) -> None:
    client.force_login(audit_admin)

    assert "整条链完好" in client.get(CHAIN, {"check": "1"}).content.decode()


def test_says_where_the_chain_is_broken(client: Client, audit_admin: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_auditevent SET actor_name = 'x' WHERE stream = 'accounts' AND number = 2")
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_auditevent_no_truncate")
    client.force_login(audit_admin)

    page = client.get(CHAIN, {"check": "1"}).content.decode()

    assert "第 2 条断开" in page
    assert "内容被改过" in page


def test_an_unknown_chain_is_not_found(client: Client, audit_admin: User) -> None:
    client.force_login(audit_admin)

    assert client.get("/accounts/audit/no-such-chain/").status_code == 404


@pytest.mark.parametrize(
    "who", ["applicant", "clerk", "planning_handler", "leader", "city_admin", "system_admin", "security_admin"]
)
def test_nobody_else_reads_it(client: Client, who: str, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code == 403
    assert client.get(CHAIN).status_code == 403
