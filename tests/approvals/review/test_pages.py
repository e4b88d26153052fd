"""The reviewers' screens: who sees what, what a click does, how many statements a list takes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case, OpinionDraft, ReviewTask
from approvals.review.states import CaseState, Step, TaskState
from portal.accounts.models import Enterprise, User
from portal.core import clock
from portal.core.actor import Actor
from tests.cast import as_actor
from tests.factories import review as factory


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


def test_the_inbox_shows_project_item_light_and_due_day(case: Case, planning_handler: User) -> None:
    page = signed_in(planning_handler).get(reverse("review:inbox"))

    text = page.content.decode()
    assert page.status_code == 200
    for words in ("山前小型仓储用房", case.service_item.name, "4月16日", "还剩 2 天", "领取", "办下一件"):
        assert words in text


def test_the_inbox_shows_the_lanes_of_the_neighbours(case: Case, planning_handler: User) -> None:
    text = signed_in(planning_handler).get(reverse("review:inbox")).content.decode()

    assert "其他部门：" in text
    assert "0 / 1" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?light=green", False),
        ("?light=yellow", False),
        ("?light=red", False),
        ("?stage=S1", True),
        ("?stage=S2", False),
        ("?item=S1-07", True),
        ("?region=449904", True),
        ("?region=449902", False),
        ("?who=pool", True),
        ("?who=mine", False),
        ("?sort=newest", True),
        ("?stage=nonsense&sort=nonsense&who=nonsense&light=nonsense&cursor=nonsense", True),
    ],
)
def test_the_inbox_filters(case: Case, planning_handler: User, query: str, found: bool) -> None:
    light = as_light(case)
    text = signed_in(planning_handler).get(reverse("review:inbox") + query).content.decode()

    expected = found or query == f"?light={light}"
    assert (reverse("review:case", args=[case.pk]) in text) == expected


def as_light(case: Case) -> str:
    return str(case.timer.light_on(clock.today()))


def test_an_empty_inbox_says_what_will_fill_it(planning_handler: User) -> None:
    assert "没有待办" in signed_in(planning_handler).get(reverse("review:inbox")).content.decode()


def test_claiming_opens_the_case(case: Case, planning_handler: User) -> None:
    task = factory.open_task(case)

    answer = signed_in(planning_handler).post(reverse("review:claim", args=[task.pk]))

    assert answer["Location"] == reverse("review:case", args=[case.pk])
    task.refresh_from_db()
    assert task.assignee_id == planning_handler.pk


def test_the_case_page_shows_clock_extract_results_and_lanes(
    application: Application, case: Case, planning_handler: User, at: datetime
) -> None:
    factory.finish(factory.case_of(application, "S1-04"), at=at)

    text = signed_in(planning_handler).get(reverse("review:case", args=[case.pk])).content.decode()

    for words in (
        "为什么是这天",
        "申请表摘录",
        "企业投资项目备案证",
        "滨发改〔2026〕S1-04-0001号",
        "同阶段各部门",
        "送审核",
    ):
        assert words in text, words


def test_completing_leads_to_the_next_task(case: Case, planning_handler: User) -> None:
    task = factory.open_task(case)

    answer = signed_in(planning_handler).post(
        reverse("review:complete", args=[task.pk]), {"conclusion": "pass", "opinion": "符合要求"}
    )

    assert answer.status_code == 302
    assert factory.open_task(case).step == Step.CHECKER


def test_what_cannot_be_taken_comes_back_with_the_text(case: Case, planning_handler: User) -> None:
    task = factory.open_task(case)

    answer = signed_in(planning_handler).post(
        reverse("review:complete", args=[task.pk]), {"conclusion": "grant", "opinion": "写了很久的意见"}
    )

    assert answer.status_code == 422
    assert "写了很久的意见" in answer.content.decode()
    assert "这一环节只能选" in answer.content.decode()


def test_the_deciding_step_offers_grant_and_asks_again_before_refusing(case: Case, at: datetime) -> None:
    task = factory.up_to_decision(case, at=at)
    approver = User.objects.get(pk=factory.member(case.department_id, "approver").user_id)
    client = signed_in(approver)

    text = client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert 'value="grant"' in text
    assert "不予办理" in text

    client.post(reverse("review:complete", args=[task.pk]), {"conclusion": "reject", "opinion": "不符合规划条件"})
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED
    assert case.decision.reason == "不符合规划条件"


def test_a_person_of_another_step_is_told_politely(case: Case, at: datetime, planning_handler: User) -> None:
    task = factory.open_task(case)
    review.complete_task(task_id=task.pk, conclusion="pass", opinion="", actor=as_actor(planning_handler), at=at)
    from portal.accounts.models import Membership
    from tests.cast import SINCE

    Membership.objects.create(user=planning_handler, role_id="checker", department_id="zrzy", active_from=SINCE)
    client = signed_in(planning_handler)

    assert "您办过别的环节" in client.get(reverse("review:inbox")).content.decode()
    page = client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert "各环节须由不同的人办理" in page


def test_drafts_are_saved_and_conflicts_told(case: Case, planning_handler: User) -> None:
    task = factory.open_task(case)
    client = signed_in(planning_handler)
    url = reverse("review:draft", args=[task.pk])

    saved = client.post(f"{url}?version=0&window=a", {"opinion": "甲", "field": "opinion"})
    assert saved.json() == {"saved_at": "12:00"}
    client.post(f"{url}?version=0&window=a", {"opinion": "甲乙"})
    assert OpinionDraft.objects.get(task=task).text == "甲乙"
    other = client.post(f"{url}?version=0&window=b", {"opinion": "丙"})
    assert other.status_code == 409
    assert other.json()["theirs"] == "甲乙"
    assert "甲乙" in client.get(reverse("review:case", args=[case.pk])).content.decode()


def test_holds_are_placed_and_ended_on_the_page(case: Case, planning_handler: User) -> None:
    client = signed_in(planning_handler)
    url = reverse("review:hold", args=[case.pk])

    refused = client.post(url, {"reason": "专家评审", "clock": "special"})
    assert refused.status_code == 422
    special = {"reason": "专家评审", "clock": "special", "kind": "expert", "expected_days": "5"}
    client.post(url, {**special, "send": "1"})
    case.refresh_from_db()
    assert case.state == CaseState.HELD
    assert "停：专家评审" in client.get(reverse("review:case", args=[case.pk])).content.decode()

    client.post(reverse("review:release", args=[case.pk, case.holds.get().pk]))
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_handing_back_returns_the_task_to_the_pool(case: Case, planning_handler: User) -> None:
    task = factory.open_task(case)
    client = signed_in(planning_handler)
    client.post(reverse("review:claim", args=[task.pk]))

    client.post(reverse("review:hand_back", args=[task.pk]))

    task.refresh_from_db()
    assert task.state == TaskState.WAITING


def test_the_lead_sees_the_whole_stage(application: Application, case: Case, planning_lead: User) -> None:
    client = signed_in(planning_lead)

    listed = client.get(reverse("review:stages")).content.decode()
    assert reverse("review:stage", args=[case.stage_run_id]) in listed
    page = client.get(reverse("review:stage", args=[case.stage_run_id])).content.decode()
    assert "在谁手里" in page
    assert factory.case_of(application, "S1-04").service_item.name in page


def test_a_neighbour_sees_the_lanes_but_not_the_other_case(application: Application, case: Case) -> None:
    neighbour = User.objects.get(pk=factory.member("fgw", "handler").user_id)
    client = signed_in(neighbour)

    assert client.get(reverse("review:stage", args=[case.stage_run_id])).status_code == 200
    assert client.get(reverse("review:case", args=[case.pk])).status_code == 404


def test_what_was_done_is_listed(case: Case, planning_handler: User, at: datetime) -> None:
    review.complete_task(
        task_id=factory.open_task(case).pk,
        conclusion="pass",
        opinion="",
        actor=as_actor(planning_handler),
        at=at,
    )

    assert "山前小型仓储用房" in signed_in(planning_handler).get(reverse("review:done")).content.decode()


@pytest.mark.parametrize("who", ["other_applicant", "fire_reviewer", "agent"])
def test_outsiders_find_nothing(
    application: Application, case: Case, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    outsider: User = request.getfixturevalue(who)
    client = signed_in(outsider)
    task = factory.open_task(case)
    hold = review.place_hold(
        case_id=case.pk, reason="等意见", actor=factory.member(case.department_id, "handler"), at=at
    )

    assert client.get(reverse("review:case", args=[case.pk])).status_code == 404
    assert client.get(reverse("review:stage", args=[case.stage_run_id])).status_code == 404
    for name in ("claim", "hand_back", "complete", "draft"):
        assert client.post(reverse(f"review:{name}", args=[task.pk]), {"conclusion": "pass"}).status_code == 404
    assert client.post(reverse("review:hold", args=[case.pk]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("review:release", args=[case.pk, hold.pk])).status_code == 404
    assert "山前小型仓储用房" not in client.get(reverse("review:inbox")).content.decode()
    assert "山前小型仓储用房" not in client.get(reverse("review:done")).content.decode()
    assert "山前小型仓储用房" not in client.get(reverse("review:stages")).content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.WAITING


def test_strangers_are_sent_to_the_login(case: Case) -> None:
    for url in (reverse("review:inbox"), reverse("review:case", args=[case.pk]), reverse("review:stages")):
        assert Client().get(url).status_code == 302


def test_can_view_case_and_visible_to_agree(
    application: Application,
    applicant: User,
    other_applicant: User,
    planning_handler: User,
    planning_lead: User,
    fire_reviewer: User,
    leader: User,
    clerk: User,
    agent: User,
) -> None:
    from approvals.review import policies

    people = [applicant, other_applicant, planning_handler, planning_lead, fire_reviewer, leader, clerk, agent]
    for person in people:
        actor = as_actor(person)
        seen = set(Case.objects.visible_to(actor).values_list("pk", flat=True))
        for found in Case.objects.select_related("project", "stage_run"):
            assert policies.can_view_case(actor, found) == (found.pk in seen), person.username


@pytest.mark.parametrize("count", [3, 30])
def test_lists_take_a_fixed_number_of_statements(
    enterprise: Enterprise,
    owner_actor: Actor,
    clerk_actor: Actor,
    planning_handler: User,
    planning_lead: User,
    at: datetime,
    max_queries: Callable[[str], AbstractContextManager[None]],
    settings: object,
    count: int,
) -> None:
    settings.CALENDAR_RECHECK_SECONDS = 60  # type: ignore[attr-defined]  # as in production: held, not asked per row
    for index in range(count):
        project = factory.a_running_project(owner=enterprise, actor=owner_actor, at=at, name=f"第 {index} 个项目")
        factory.accepted(project=project, stage="S1", applicant=owner_actor, clerk=clerk_actor, at=at)
    client = signed_in(planning_handler)
    client.get(reverse("review:inbox"))  # fills the caches of a process

    with max_queries("review.inbox"):
        client.get(reverse("review:inbox"))
    with max_queries("review.case"):
        client.get(reverse("review:case", args=[ReviewTask.objects.inbox_of(as_actor(planning_handler))[0].case_id]))
    with max_queries("review.done"):
        client.get(reverse("review:done"))
    lead = signed_in(planning_lead)
    lead.get(reverse("review:stages"))
    with max_queries("review.stages"):
        lead.get(reverse("review:stages"))


def test_an_inbox_takes_six_statements_whoever_asks(
    application: Application,
    planning_handler: User,
    held: None,
    settings: Any,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """The person with what he may do, his filters, the page, the lanes, its counts, and those of the menu."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    client = signed_in(planning_handler)
    assert "data-row" in client.get(reverse("review:inbox")).content.decode()  # fills what a process holds

    with django_assert_max_num_queries(6):
        client.get(reverse("review:inbox"))


@pytest.mark.parametrize("typed", ["²", "9" * 5000, "x"])
def test_a_number_nobody_types_breaks_no_page(case: Case, planning_handler: User, typed: str) -> None:
    reviewer = signed_in(planning_handler)
    task = case.tasks.get()

    shown = reviewer.get(reverse("review:case", args=[case.pk]), {"document": typed})
    following = reviewer.get(reverse("review:following"), {"but": typed})
    kept = reviewer.post(reverse("review:draft", args=[task.pk]) + f"?version={typed}", {"opinion": "初稿"})
    back = reviewer.post(reverse("review:take_back", args=[task.pk]), {"version": typed})

    assert [shown.status_code, following.status_code, kept.status_code] == [200, 302, 200]
    assert back.status_code in (302, 403)


def test_the_clock_bar_of_a_case_is_laid_out_for_the_column_it_has(case: Case, planning_handler: User) -> None:
    page = signed_in(planning_handler).get(reverse("review:case", args=[case.pk]))

    bar = page.context["page"].bar
    assert bar.width_px == 500
