"""An enterprise joins."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Enterprise, User
from portal.core.models import OutboxMessage
from tests.cast import as_actor, uscc_of

GOOD = {
    "uscc": "91350100M000100Y43",
    "name": "东溪置业有限公司",
    "legal_person": "董一",
    "owner_type": "有限责任公司",
    "trade": "owner",
    "person_name": "孙二",
    "username": "Sun-Er",
    "mobile": "120 0000 1234",
    "password": "Seven-stones-turn-9",
    "again": "Seven-stones-turn-9",
}


def sign_up(client: Client, **changes: str) -> dict[str, str]:
    """Post the form and return the first error of each field; none when it was taken."""
    response = client.post(reverse("accounts:sign_up"), {**GOOD, **changes})
    if response.status_code == 302:
        return {}
    assert response.status_code == 422
    return {name: str(errors[0]) for name, errors in response.context["form"].errors.items()}


@pytest.fixture(autouse=True)
def roles(pack: object) -> None:
    """The roles of the pack are there."""


def test_makes_enterprise_and_administrator_and_signs_him_in(client: Client, recorded: Callable[[], list[str]]) -> None:
    assert sign_up(client) == {}

    enterprise = Enterprise.objects.get(uscc=GOOD["uscc"])
    user = User.objects.get(username="sun-er")
    assert (enterprise.name, enterprise.legal_person) == ("东溪置业有限公司", "董一")
    assert (user.name, user.mobile, user.must_change_password) == ("孙二", "12000001234", False)
    assert as_actor(user).may_own("members.manage")
    assert as_actor(user).enterprise_ids == {enterprise.pk}
    assert client.session["_auth_user_id"] == str(user.pk)
    assert recorded() == ["accounts.enterprise.signed_up", "accounts.session.opened"]
    assert OutboxMessage.objects.get(topic="accounts.enterprise.signed_up").payload == {"id": enterprise.pk}


@pytest.mark.parametrize(
    "typed",
    ["91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", " 9135 0100 M000 100Y 43 ", "91350100-M000100Y4-3"],
)
def test_a_code_typed_otherwise_is_folded(client: Client, typed: str) -> None:
    assert sign_up(client, uscc=typed) == {}
    assert Enterprise.objects.filter(uscc="91350100M000100Y43").exists()


def test_the_folded_code_is_shown_when_something_else_is_wrong(client: Client) -> None:
    response = client.post(reverse("accounts:sign_up"), {**GOOD, "uscc": " 91350100m000100y43", "name": ""})

    assert 'value="91350100M000100Y43"' in response.content.decode()


@pytest.mark.parametrize(
    ("uscc", "words"),
    [
        ("", "请填写“统一社会信用代码”"),
        ("91350100M000100Y4", "18 位"),
        ("91350100M000100Y430", "18 位"),
        ("91350100M000100Y44", "最后一位校验"),
        ("91350100M000100Y4!", "只有数字和大写字母"),
        ("9135O100M000100Y43", "没有字母"),
        ("91A50100M000100Y43", "第 3 至 8 位"),
        ("91350100M000100Z43", "没有字母"),
        ("91350100M000100543", "第 9 至 17 位"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(client: Client, uscc: str, words: str) -> None:
    errors = sign_up(client, uscc=uscc)

    assert list(errors) == ["uscc"]
    assert words in errors["uscc"]
    assert not Enterprise.objects.exists()
    assert not User.objects.filter(username="sun-er").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "东"),
        ("name", "东" * 101),
        ("legal_person", " "),
        ("owner_type", ""),
        ("trade", "astronaut"),
        ("person_name", ""),
        ("username", "ab"),
        ("username", "two words"),
        ("username", "x" * 41),
        ("mobile", "2200001234"),
        ("mobile", "12a00001234"),
        ("mobile", "110"),
        ("again", "something-else-1"),
    ],
)
def test_a_wrong_field_is_told_at_the_field(client: Client, field: str, value: str) -> None:
    assert list(sign_up(client, **{field: value})) == [field]
    assert not Enterprise.objects.exists()


@pytest.mark.parametrize("password", ["short-1", "1234567890", "password123", "sun-er-2026"[:6]])
def test_a_weak_password_is_told_at_the_field(client: Client, password: str) -> None:
    assert list(sign_up(client, password=password, again=password)) == ["password"]


def test_everything_wrong_is_told_at_once_and_nothing_typed_is_lost(client: Client) -> None:
    wrong = {**GOOD, "uscc": "91350100M000100Y44", "name": "", "mobile": "110", "again": "differs-1234"}

    response = client.post(reverse("accounts:sign_up"), wrong)

    page = response.content.decode()
    assert set(response.context["form"].errors) == {"uscc", "name", "mobile", "again"}
    for kept in ("91350100M000100Y44", "董一", "孙二", "sun-er", GOOD["password"]):
        assert kept in page
    assert "有 4 处要改" in page


def test_a_registered_code_sends_to_the_enterprises_administrator(client: Client, enterprise: Enterprise) -> None:
    errors = sign_up(client, uscc=uscc_of(1))

    assert list(errors) == ["uscc"]
    assert "本单位管理员" in errors["uscc"]
    assert not User.objects.filter(username="sun-er").exists()


def test_a_taken_login_is_told_in_any_spelling(client: Client, applicant: User) -> None:
    assert list(sign_up(client, username="APPLICANT-A")) == ["username"]
    assert not Enterprise.objects.filter(uscc=GOOD["uscc"]).exists()


def test_both_taken_are_told_together(client: Client, applicant: User) -> None:
    assert set(sign_up(client, uscc=uscc_of(1), username="applicant-a")) == {"uscc", "username"}


def test_a_second_click_makes_no_second_enterprise(client: Client) -> None:
    sign_up(client)

    assert list(sign_up(Client())) == ["uscc", "username"]
    assert Enterprise.objects.filter(uscc=GOOD["uscc"]).count() == 1


def test_nothing_unseen_can_be_smuggled_in(client: Client) -> None:
    sign_up(client, is_staff="1", is_superuser="1", role="system_admin", is_demo="1")

    user = User.objects.get(username="sun-er")
    assert not (user.is_staff)
    assert not (user.is_superuser)
    assert not (user.is_demo)
    assert list(user.memberships.values_list("role_id", flat=True)) == ["applicant"]
