"""A person's own filters of the inbox: kept, counted, renamed, the default; and what comes next under them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review import queries
from approvals.review.models import Case, SavedFilter
from approvals.review.queries import Filters
from portal.accounts.models import User
from portal.core import clock, counting
from portal.core.errors import InvalidInput, NotFound
from tests.cast import as_actor
from tests.factories import review as factory

INBOX = "review:inbox"


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def case(application: Application) -> Case:
    return factory.case_of(application, "S1-07")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kept(client: Client, name: str, query: str) -> SavedFilter:
    client.post(reverse("review:filters"), {"name": name, "query": query})
    return SavedFilter.objects.get(name=name)


def test_the_filter_in_force_is_kept_under_a_name(case: Case, planning_handler: User) -> None:
    client = signed_in(planning_handler)

    saved = kept(client, "一阶段待领", "stage=S1&who=pool&sort=oldest&nonsense=1")

    assert queries.filters_of(saved) == Filters(stage="S1", who="pool", sort="oldest")
    page = client.get(reverse(INBOX) + "?who=pool&stage=S1&sort=oldest").content.decode()
    assert "<span>一阶段待领</span>" in page
    assert "保存当前筛选" not in page


def test_its_count_is_bounded_and_comes_in_two_statements(
    case: Case,
    planning_handler: User,
    monkeypatch: pytest.MonkeyPatch,
    max_queries: Callable[[str], AbstractContextManager[None]],
) -> None:
    actor, today = as_actor(planning_handler), clock.today()
    for number in range(5):
        review.save_filter(name=f"待领 {number}", filters=Filters(who="pool"), actor=actor)
    review.save_filter(name="第四阶段", filters=Filters(stage="S4"), actor=actor)

    with max_queries("review.saved_filters"):
        saved = queries.saved_filters(actor)
        counts = queries.counts_of(saved, actor, today=today)

    assert [counts[each.pk] for each in saved] == [1, 1, 1, 1, 1, 0]
    monkeypatch.setattr(counting, "MOST", 0)
    assert queries.counts_of(saved[:1], actor, today=today) == {saved[0].pk: 1}


def test_the_counts_come_after_the_page(case: Case, planning_handler: User) -> None:
    client = signed_in(planning_handler)
    kept(client, "待领的", "who=pool")

    page = client.get(reverse(INBOX) + "?who=all").content.decode()
    part = client.get(reverse("review:filter_counts") + "?who=pool", headers={"HX-Request": "true"}).content.decode()

    assert reverse("review:filter_counts") in page
    assert 'aria-current="true"><span>待领的</span><span>1</span>' in part


def test_the_default_is_what_an_inbox_without_a_filter_shows(case: Case, planning_handler: User) -> None:
    client = signed_in(planning_handler)
    first, second = kept(client, "第四阶段", "stage=S4"), kept(client, "我领的件", "who=mine")
    for saved in (first, second):
        client.post(reverse("review:filter_default", args=[saved.pk]))

    assert list(SavedFilter.objects.filter(is_default=True)) == [second]
    assert client.get(reverse(INBOX))["Location"] == f"{reverse(INBOX)}?who=mine&sort=due"
    assert client.get(reverse(INBOX) + "?who=all").status_code == 200

    client.post(reverse("review:filter_default", args=[second.pk]), {"default": "no"})
    assert client.get(reverse(INBOX)).status_code == 200


def test_filters_are_renamed_and_deleted(case: Case, planning_handler: User) -> None:
    client = signed_in(planning_handler)
    saved = kept(client, "待领的", "who=pool")

    client.post(reverse("review:filter_rename", args=[saved.pk]), {"name": "  科室   待领 "})
    assert "科室 待领" in client.get(reverse("review:filters")).content.decode()

    client.post(reverse("review:filter_delete", args=[saved.pk]))
    assert "还没有存过筛选" in client.get(reverse("review:filters")).content.decode()


def test_a_name_is_needed_and_used_once(planning_handler: User) -> None:
    actor = as_actor(planning_handler)
    saved = review.save_filter(name="甲", filters=Filters(), actor=actor)
    other = review.save_filter(name="乙", filters=Filters(), actor=actor)

    for name in ("", "   ", "甲", "很" * 21):
        with pytest.raises(InvalidInput):
            review.save_filter(name=name, filters=Filters(), actor=actor)
    with pytest.raises(InvalidInput):
        review.rename_filter(filter_id=other.pk, name="甲", actor=actor)
    assert review.rename_filter(filter_id=saved.pk, name="甲", actor=actor).name == "甲"


def test_there_is_an_end_to_their_number(planning_handler: User) -> None:
    actor = as_actor(planning_handler)
    for number in range(20):
        review.save_filter(name=str(number), filters=Filters(), actor=actor)

    with pytest.raises(InvalidInput):
        review.save_filter(name="20", filters=Filters(), actor=actor)


def test_nobody_touches_anothers_filters(planning_handler: User, planning_checker: User) -> None:
    saved = review.save_filter(name="甲", filters=Filters(), actor=as_actor(planning_handler))
    other = as_actor(planning_checker)

    with pytest.raises(NotFound):
        review.rename_filter(filter_id=saved.pk, name="乙", actor=other)
    with pytest.raises(NotFound):
        review.set_default_filter(filter_id=saved.pk, actor=other)
    with pytest.raises(NotFound):
        review.delete_filter(filter_id=saved.pk, actor=other)
    assert queries.saved_filters(other) == []


def test_the_next_task_is_the_first_due_that_nobody_else_holds(
    case: Case, planning_handler: User, owner_actor: object, clerk_actor: object, at: datetime
) -> None:
    actor, today = as_actor(planning_handler), clock.today()
    task = factory.open_task(case)

    assert queries.next_task(actor, Filters(), today=today) == task
    assert queries.next_task(actor, Filters(stage="S4"), today=today) is None
    assert queries.next_task(actor, Filters(), today=today, but=case.pk) is None

    review.claim(task_id=task.pk, actor=factory.member("zrzy", "handler"), at=at)
    assert queries.next_task(actor, Filters(), today=today) is None


def test_what_stands_still_is_not_next_unless_asked_for(case: Case, planning_handler: User, at: datetime) -> None:
    actor, today = as_actor(planning_handler), clock.today()
    review.place_hold(
        case_id=case.pk, reason="专家评审", clock="special", kind="expert", expected_days=5, actor=actor, at=at
    )

    assert queries.next_task(actor, Filters(), today=today) is None
    assert queries.next_task(actor, Filters(light="grey"), today=today) is not None


def test_the_key_leads_to_the_next_and_says_when_there_is_none(case: Case, planning_handler: User) -> None:
    client = signed_in(planning_handler)

    assert client.get(reverse("review:following"))["Location"] == reverse("review:case", args=[case.pk])
    # the filter of the inbox looked at last is in force
    client.get(reverse(INBOX) + "?stage=S4")
    assert client.get(reverse("review:following"))["Location"] == f"{reverse(INBOX)}?stage=S4&who=all&sort=due"


def test_after_a_step_the_next_under_the_filter_is_offered(
    case: Case, application: Application, planning_handler: User, at: datetime
) -> None:
    client = signed_in(planning_handler)
    client.get(reverse(INBOX) + "?item=S1-07")
    task = factory.open_task(case)

    answer = client.post(reverse("review:complete", args=[task.pk]), {"conclusion": "pass", "opinion": "符合要求"})

    assert answer["Location"] == reverse("review:case", args=[case.pk])
