"""The pages of those who review, with everything on them that may be there; and a decision without a mouse."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from approvals.deadlines import links
from approvals.joint.models import Session
from approvals.review import operations as review
from approvals.review.models import Case, Opinion, ReviewTask
from approvals.review.states import HoldClock, Outcome
from portal.accounts import operations as accounts
from portal.accounts.models import Enterprise
from tests.cast import PLANNING, Person, as_actor
from tests.e2e.conftest import Visit
from tests.e2e.test_keyboard import tab_to
from tests.e2e.visitor import DESK, PHONE, assert_accessible, assert_fits
from tests.factories import joint as factory
from tests.factories import review as reviewing

ITEM = "S1-07"


@pytest.fixture
def case(enterprise: Enterprise, applicant: Any, clerk: Any, at: datetime) -> Case:
    project = reviewing.a_running_project(owner=enterprise, actor=as_actor(applicant), at=at)
    application = reviewing.accepted(
        project=project, stage="S1", applicant=as_actor(applicant), clerk=as_actor(clerk), at=at
    )
    return reviewing.case_of(application, ITEM)


@pytest.fixture
def session(case: Case, at: datetime) -> Session:
    """A meeting that was held: one agrees, one has put two points on the list, which is sent."""
    session = factory.held(factory.called(case.stage_run_id or 0, at=at), at=at)
    factory.a_point(session, factory.FIRST, at=at)
    factory.a_point(session, factory.SECOND, at=at, mandatory=False)
    return factory.list_sent(session, at=at)


@pytest.fixture
def busy(case: Case, session: Session, person: Person, planning_handler: Any, at: datetime) -> Case:
    """The case with a special procedure, an extension asked for, two questions and a colleague who is away."""
    actor = as_actor(planning_handler)
    asked = factory.asked(case, "sthj", ("zj", ""), at=at, is_blocking=True)
    factory.replied(factory.request_to(asked, "sthj"), at=at, position="conditions", text="同意，须落实防噪措施")
    review.claim(task_id=reviewing.open_task(case).pk, actor=actor, at=at)
    review.ask_extension(case_id=case.pk, days=5, reason="需要补充论证", actor=actor, at=at)
    review.place_hold(
        case_id=case.pk, reason="专家评审", clock=HoldClock.SPECIAL, kind="expert", expected_days=5, actor=actor, at=at
    )
    second = person("planning-second", "handler", department=PLANNING, name="规承二")
    accounts.arrange_substitute(
        person_id=planning_handler.pk,
        substitute_id=second.pk,
        department_id=PLANNING,
        from_on=at.date(),
        until_on=at.date() + timedelta(days=4),
        actor=actor,
        at=at,
    )
    return case


def in_english(page: Page) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])


def test_every_page_of_the_review_fits_a_desk_and_a_telephone(
    visit: Visit, busy: Case, session: Session, planning_lead: Any, planning_approver: Any
) -> None:
    run = busy.stage_run_id
    waiting = ReviewTask.objects.filter(case__department=PLANNING).values_list("pk", flat=True)
    batch = "&".join(f"task={pk}" for pk in waiting)
    meeting = f"/joint/sessions/{session.pk}"
    walks = {
        "planning-handler": (f"/review/cases/{busy.pk}", f"/review/batches/new?kind=claim&{batch}", meeting),
        "planning-approver": (f"/review/cases/{busy.pk}", "/review/"),
        "planning-lead": (f"/review/stages/{run}", "/accounts/absence/", links.ledger_url(busy.timer_id)),
        "applicant-a": (f"/review/cases/{busy.pk}/mine", meeting),
    }
    for username, paths in walks.items():
        visitor = visit(username)
        page = visitor.page
        for path in paths:
            for english in (False, True):
                if english:
                    in_english(page)
                answer = page.goto(path)
                assert answer is not None
                assert answer.status == 200, f"{answer.status} {path}"
                for screen in (PHONE, DESK):
                    page.set_viewport_size(screen)
                    assert_fits(page)
                    if not english:
                        assert_accessible(page)
            page.context.clear_cookies(name="django_language")


def test_the_case_says_what_stands_in_its_way(visit: Visit, busy: Case, planning_lead: Any) -> None:
    reader = visit("planning-handler")
    page = reader.go(f"/review/cases/{busy.pk}")
    expect(page.locator("#holds")).to_contain_text("专家评审")
    expect(page.locator("main")).to_contain_text("同意，须落实防噪措施")
    expect(page.locator("main")).to_contain_text("联合评估")
    expect(page.locator("aside.rt")).to_contain_text("需要补充论证")


def test_decides_a_case_without_a_mouse(visit: Visit, case: Case, planning_handler: Any) -> None:
    reader = visit("planning-handler")
    page = reader.go(f"/review/cases/{case.pk}")
    tab_to(page, 'form[action$="/claim"] button', steps=120)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert reviewing.open_task(case).assignee_id == planning_handler.pk

    tab_to(page, "#opinion", steps=120)
    page.keyboard.type("经核对【】，符合规定条件。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.evaluate("getSelection().toString()") == "【】", "an open blank is led to, not sent"
    page.keyboard.type("用地范围")
    page.keyboard.press("Control+Enter")
    preview = page.locator("dialog[open]")
    expect(preview).to_contain_text("经核对用地范围，符合规定条件。")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#opinion")).to_be_focused()
    assert not Opinion.objects.filter(task__case=case).exists(), "a preview sends nothing"

    page.keyboard.press("Control+Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Opinion.objects.get(task__case=case).text == "经核对用地范围，符合规定条件。"


def test_the_decision_itself_is_previewed_by_its_name(
    visit: Visit, case: Case, planning_approver: Any, at: datetime
) -> None:
    reviewing.up_to_decision(case, at=at)
    reader = visit("planning-approver")
    page = reader.go(f"/review/cases/{case.pk}")
    tab_to(page, "#opinion", steps=120)
    page.keyboard.type("同意。")
    page.keyboard.press("Control+Enter")
    preview = page.locator("dialog[open]")
    expect(preview.get_by_role("heading")).to_contain_text(case.service_item.name)
    expect(preview).to_contain_text("准予")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    case.refresh_from_db()
    assert case.decision is not None
    assert case.decision.outcome == Outcome.GRANTED
