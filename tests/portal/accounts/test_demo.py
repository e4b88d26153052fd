"""The demo's people and the list of logins."""

import json
from collections import defaultdict
from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts import checks, operations
from portal.accounts.models import Enterprise, Membership, User
from portal.citypack.models import PackVersion
from portal.core import clock, uscc


def logins() -> list[dict[str, str]]:
    out = StringIO()
    call_command("demo_logins", "--json", stdout=out)
    return list(json.loads(out.getvalue()))


@pytest.fixture
def peopled(pack: PackVersion) -> PackVersion:
    operations.ensure_demo_people(version=pack, at=clock.now())
    return pack


def test_every_department_with_items_has_handler_checker_and_approver(peopled: PackVersion) -> None:
    steps: dict[str, set[str]] = defaultdict(set)
    for login in logins():
        steps[login["department"]].add(login["role"])

    for item in peopled.documents["items"]["items"]:
        assert steps[item["dept"]] >= {"handler", "checker", "approver"}, item["dept"]


def test_every_kind_of_user_is_there(peopled: PackVersion) -> None:
    roles = {login["role"] for login in logins()}

    assert roles >= {
        "applicant", "agent", "clerk", "lead", "leader", "supervisor", "city_admin",
        "system_admin", "security_admin", "audit_admin",
    }  # fmt: skip


def test_applicants_work_for_different_enterprises(peopled: PackVersion) -> None:
    names = [login["username"] for login in logins() if login["role"] == "applicant"]
    bodies = set(Membership.objects.filter(user__username__in=names).values_list("enterprise_id", flat=True))

    assert len(bodies) >= 2
    assert all(uscc.fault(code) is None for code in Enterprise.objects.values_list("uscc", flat=True))


def test_the_passwords_open(client: Client, peopled: PackVersion) -> None:
    for login in (logins()[0], logins()[-1]):
        response = client.post("/api/v1/auth/token", {"username": login["username"], "password": login["password"]})
        assert response.status_code == 200, login


def test_running_it_again_makes_nobody(peopled: PackVersion) -> None:
    before = User.objects.count()

    assert operations.ensure_demo_people(version=peopled, at=clock.now()) == 0
    assert User.objects.count() == before


def test_demo_logins_prints_an_empty_list_in_production(peopled: PackVersion, settings: LazySettings) -> None:
    settings.DEMO = False

    assert logins() == []


def test_no_people_are_made_in_production(pack: PackVersion, settings: LazySettings) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command("demo_people")
    assert not User.objects.exists()


def test_a_database_with_demo_accounts_is_refused_in_production(peopled: PackVersion, settings: LazySettings) -> None:
    assert checks.no_demo_accounts(None, databases=["default"]) == []

    settings.DEMO = False

    assert [fault.id for fault in checks.no_demo_accounts(None, databases=["default"])] == ["accounts.E001"]


def test_the_token_of_a_demo_account_is_worthless_in_production(
    client: Client, peopled: PackVersion, settings: LazySettings
) -> None:
    login = logins()[0]
    settings.DEMO = False

    response = client.post("/api/v1/auth/token", {"username": login["username"], "password": login["password"]})

    assert response.status_code == 401


def test_the_first_account_of_a_new_installation(pack: PackVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCOUNT_PASSWORD", "First-password-31")
    words = ["--name", "安管", "--role", "security_admin", "--department", "zsj"]

    call_command("create_account", "first", *words, stdout=StringIO())

    user = User.objects.get(username="first")
    assert user.must_change_password
    assert user.memberships.get().role_id == "security_admin"
    with pytest.raises(CommandError):
        call_command("create_account", "first", *words)
    with pytest.raises(CommandError):
        call_command("create_account", "second", "--name", "n", "--role", "emperor", "--department", "zsj")
    assert not User.objects.filter(username="second").exists()
