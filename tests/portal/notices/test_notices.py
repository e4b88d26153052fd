"""Sending, seeing and reading notices."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Enterprise, User
from portal.core import clock, nav
from portal.core.errors import NotFound
from portal.notices import operations, queries
from portal.notices.models import Notice, Reading
from tests.cast import PLANNING, as_actor

INBOX = "/notices/"


def send(key: str, *, at: datetime, title: str = "请补正材料", **fields: object) -> Notice:
    return operations.send(kind="tests.told", title=title, dedupe_key=key, at=at, **fields)  # type: ignore[arg-type]


def test_a_person_sees_what_is_his_his_enterprises_and_nothing_else(
    applicant: User, other_applicant: User, enterprise: Enterprise, at: datetime
) -> None:
    mine = send("a", at=at, user_id=applicant.pk)
    ours = send("b", at=at + timedelta(minutes=1), enterprise_id=enterprise.pk)
    send("c", at=at, user_id=other_applicant.pk)
    send("d", at=at, department_id=PLANNING)

    page = queries.page(as_actor(applicant))

    assert [notice.pk for notice in page.items] == [ours.pk, mine.pk]
    assert queries.unread(as_actor(applicant)) == 2


def test_a_departments_notice_reaches_its_people_each_reading_for_himself(
    planning_handler: User, planning_checker: User, fire_reviewer: User, at: datetime
) -> None:
    notice = send("a", at=at, department_id=PLANNING)

    operations.mark_read(notice_id=notice.pk, actor=as_actor(planning_handler), at=at)

    assert queries.unread(as_actor(planning_handler)) == 0
    assert queries.unread(as_actor(planning_checker)) == 1
    assert queries.unread(as_actor(fire_reviewer)) == 0


def test_sending_the_same_twice_is_one_notice(applicant: User, at: datetime) -> None:
    first = send("same", at=at, user_id=applicant.pk)
    second = send("same", at=at + timedelta(hours=1), title="other words", user_id=applicant.pk)

    assert first.pk == second.pk
    assert second.title == "请补正材料"
    assert Notice.objects.count() == 1


def test_exactly_one_recipient_is_named(applicant: User, enterprise: Enterprise, at: datetime) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        send("none", at=at)
    with pytest.raises(ValueError, match="exactly one"):
        send("two", at=at, user_id=applicant.pk, enterprise_id=enterprise.pk)


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_link_out_of_the_portal_is_refused(applicant: User, at: datetime, url: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        send("x", at=at, user_id=applicant.pk, url=url)


def test_reading_again_keeps_the_first_time(applicant: User, at: datetime) -> None:
    notice = send("a", at=at, user_id=applicant.pk)
    actor = as_actor(applicant)

    operations.mark_read(notice_id=notice.pk, actor=actor, at=at)
    operations.mark_read(notice_id=notice.pk, actor=actor, at=at + timedelta(days=1))

    assert Reading.objects.get().read_at == at


def test_another_persons_notice_is_not_found(
    client: Client, applicant: User, other_applicant: User, at: datetime
) -> None:
    notice = send("a", at=at, user_id=applicant.pk, title="别人的事")

    with pytest.raises(NotFound):
        operations.mark_read(notice_id=notice.pk, actor=as_actor(other_applicant), at=at)
    client.force_login(other_applicant)
    assert client.post(reverse("notices:read", args=[notice.pk])).status_code == 404
    assert "别人的事" not in client.get(INBOX).content.decode()
    assert not Reading.objects.exists()


def test_everything_seen_leaves_later_ones_unread(
    applicant: User, other_applicant: User, enterprise: Enterprise, at: datetime
) -> None:
    send("before", at=at, enterprise_id=enterprise.pk)
    actor = as_actor(applicant)

    assert operations.mark_all_read(actor=actor, at=at) == 1
    later = send("after", at=at + timedelta(seconds=1), enterprise_id=enterprise.pk)

    assert [notice.pk for notice in queries.page(actor, unread_only=True).items] == [later.pk]
    assert [notice.is_read for notice in queries.page(actor).items] == [False, True]  # type: ignore[attr-defined]
    assert operations.mark_all_read(actor=actor, at=at) == 0


def test_opening_one_marks_it_read_and_goes_there(client: Client, applicant: User, at: datetime) -> None:
    notice = send("a", at=at, user_id=applicant.pk, url="/accounts/members/")
    client.force_login(applicant)

    response = client.post(reverse("notices:read", args=[notice.pk]))

    assert response["Location"] == "/accounts/members/"
    assert queries.unread(as_actor(applicant)) == 0


def test_htmx_gets_the_changed_row_alone(client: Client, applicant: User, at: datetime) -> None:
    notice = send("a", at=at, user_id=applicant.pk)
    client.force_login(applicant)

    page = client.post(reverse("notices:read", args=[notice.pk]), headers={"HX-Request": "true"}).content.decode()

    assert f'id="notice-{notice.pk}"' in page
    assert "没看" not in page
    assert "<html" not in page


def test_the_list_says_how_many_are_unread_and_filters_them(client: Client, applicant: User, at: datetime) -> None:
    seen = send("a", at=at, user_id=applicant.pk, title="看过的")
    send("b", at=at, user_id=applicant.pk, title="新来的")
    operations.mark_read(notice_id=seen.pk, actor=as_actor(applicant), at=at)
    client.force_login(applicant)

    everything = client.get(INBOX).content.decode()
    new = client.get(INBOX, {"show": "unread"}).content.decode()

    assert "1 条没看" in everything
    assert "看过的" in everything
    assert "新来的" in new
    assert "看过的" not in new


def test_an_empty_list_says_what_will_fill_it(client: Client, applicant: User) -> None:
    client.force_login(applicant)

    assert "还没有消息" in client.get(INBOX).content.decode()


def test_everything_read_by_one_click(client: Client, clerk: User, at: datetime) -> None:
    send("a", at=at, user_id=clerk.pk)
    client.force_login(clerk)

    client.post("/notices/read/")

    assert queries.unread(as_actor(clerk)) == 0


def test_the_badge_counts_up_to_a_hundred(client: Client, applicant: User, at: datetime) -> None:
    client.force_login(applicant)
    assert client.get("/notices/badge/").content.decode().strip() == ""

    for number in range(101):
        send(str(number), at=at, user_id=applicant.pk)

    assert "99+" in client.get("/notices/badge/").content.decode()


def test_a_visitor_has_none(client: Client, pack: object) -> None:
    from portal.core.actor import Actor

    assert queries.unread(Actor.anonymous()) == 0
    assert client.get("/notices/badge/").status_code == 302


@pytest.mark.parametrize(
    ("who", "layout"),
    [
        ("applicant", "applicant"),
        ("clerk", "window"),
        ("planning_handler", "department"),
        ("leader", "leader"),
        ("system_admin", "admin"),
    ],
)
def test_every_work_place_has_the_entry_with_its_count(
    who: str, layout: str, request: pytest.FixtureRequest, at: datetime
) -> None:
    user = request.getfixturevalue(who)
    send("a", at=at, user_id=user.pk)
    entries = {item.url_name: item for item in nav.items_for(as_actor(user), layout)}

    assert nav.numbers_for(as_actor(user), list(entries.values()))["notices:inbox"] == "1"


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_costs_the_same_with_many_rows(
    client: Client, outsider: User, rows: int, max_queries: Callable[[str], object]
) -> None:
    """The reader has no role, so that the menus' counts of other slices do not come into the number."""
    for number in range(rows):
        send(str(number), at=clock.now(), user_id=outsider.pk)
    client.force_login(outsider)
    client.get(INBOX)

    with max_queries("notices.inbox"):  # type: ignore[attr-defined]
        client.get(INBOX)
