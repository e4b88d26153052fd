"""A promise from its printed form to its check, more time asked and given, and a colleague's desk, in a browser."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from approvals.review.models import Case, Opinion
from approvals.review.states import CommitmentState, DecisionKind
from portal.accounts.models import Delegation, Enterprise
from tests.cast import Person, as_actor
from tests.e2e.conftest import Visit
from tests.factories import acts
from tests.factories.projects import pdf


@pytest.fixture
def case(enterprise: Enterprise, applicant: Any, clerk: Any, person: Person, at: datetime) -> Case:
    made = acts.a_proposal(owner=enterprise, applicant=as_actor(applicant), clerk=as_actor(clerk), at=at)
    for username, role in (("desk-a", "handler"), ("desk-b", "handler"), ("desk-head", "approver")):
        person(username, role, department=made.department_id, name=username)
    return made


def test_a_promise_is_printed_signed_decided_on_and_checked(visit: Visit, case: Case) -> None:
    owner = visit("applicant-a")
    page = owner.go(f"/review/cases/{case.pk}/mine")
    with page.expect_download() as printed:
        page.get_by_role("link", name="下载待盖章的承诺书").click()
    assert printed.value.path().read_bytes().startswith(b"%PDF")
    signed = pdf("承诺书.pdf")
    page.get_by_label("签章后的承诺书").set_input_files(
        {"name": "承诺书.pdf", "mimeType": "application/pdf", "buffer": signed.read()}
    )
    owner.press("提交承诺书")
    commitment = case.commitments.get()
    assert commitment.state == CommitmentState.SIGNED

    handler = visit("desk-a")
    page = handler.go(f"/review/cases/{case.pk}")
    expect(page.locator("#commitment")).to_contain_text("当场作出决定")
    page.locator("#opinion").fill("申请人已承诺，准予。")
    handler.press("准予")
    case.refresh_from_db()
    assert case.decision is not None
    assert case.decision.kind == DecisionKind.COMMITMENT

    page = handler.go(f"/review/cases/{case.pk}")
    page.get_by_text("登记核查结果").click()
    handler.look("checking")
    page.locator("#commitment input[value=kept]").check(force=True)
    page.locator("#commitment").get_by_label("核查情况").fill("现场核对，与承诺一致。")
    handler.press("登记核查")
    commitment.refresh_from_db()
    assert commitment.state == CommitmentState.KEPT


def test_more_time_is_asked_with_a_reason_and_moves_the_due_day(visit: Visit, case: Case) -> None:
    due = case.timer.promised_due_on
    handler = visit("desk-a")
    page = handler.go(f"/review/cases/{case.pk}")
    page.get_by_text("申请延期").click()
    page.locator("#extension").get_by_label("延长天数").fill("5")
    page.locator("#extension").get_by_label("延期理由").fill("需要补充论证")
    handler.press("送批准延期")
    expect(page.locator("#extension")).to_contain_text("需要补充论证")

    head = visit("desk-head")
    page = head.go(f"/review/cases/{case.pk}")
    expect(page.locator("#extension")).to_contain_text("需要补充论证")
    head.press("同意延期")
    case.timer.refresh_from_db()
    assert case.timer.promised_due_on is not None
    assert case.timer.promised_due_on > due  # type: ignore[operator]

    owner = visit("applicant-a")
    page = owner.go(f"/review/cases/{case.pk}/mine")
    expect(page.locator("main")).to_contain_text(re.compile("延"))


def test_a_colleague_does_the_work_of_who_is_away(visit: Visit, case: Case, at: datetime) -> None:
    away = visit("desk-a")
    away.go(f"/review/cases/{case.pk}")
    away.press("领取")
    page = away.go("/accounts/absence/")
    substitutes = page.get_by_label("代办人", exact=True)
    substitutes.select_option(substitutes.locator("option", has_text="desk-b").get_attribute("value"))
    page.locator("input[name=from_on]").fill(at.date().isoformat())
    page.locator("input[name=until_on]").fill((at.date() + timedelta(days=2)).isoformat())
    away.press("安排代办")
    expect(page.locator("table")).to_contain_text("代办中")
    assert Delegation.objects.get().substitute.username == "desk-b"

    substitute = visit("desk-b")
    page = substitute.go(f"/review/cases/{case.pk}")
    page.locator("#opinion").fill("经核对，符合规定条件。")
    page.locator("input[name=conclusion][value=pass]").check(force=True)
    page.locator("form.op button.btn-primary").click()
    substitute.arrive()
    opinion = Opinion.objects.get(task__case=case)
    assert (opinion.author_name, opinion.on_behalf_of_name) == ("desk-b", "desk-a")
