"""One small private project goes in a browser from registration to the certificates of its first stage.

The applicant, the window, three departments and the leader each work in their own pages; every page is looked at.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from playwright.sync_api import expect

from approvals.applications.models import Application, ApplicationNotice
from approvals.certificates.models import Certificate
from approvals.review.models import Case
from tests.cast import Person
from tests.e2e.conftest import Visit
from tests.e2e.form import answer_everything, bring_materials, put, saved, upload
from tests.e2e.visitor import Visitor

NAME = "云岭小型仓储用房"
DECIDING = {
    "fund_source": "social",
    "is_linear": False,
    "floor_area_m2": 7200,
    "plan_height_m": 18,
    "low_risk": True,
    "land_mode": "transfer",
}
#: what keeps the items of the project as they are; everything else is invented by the type of the field
ANSWERS = {"industry": "G5990", "purpose": "industry", "land_area_m2": 12000}
#: department -> whether one person decides on the day
DESKS = {"fgw": True, "zrzy": False, "sw": False}

Drain = Callable[[datetime], int]


def test_from_registration_to_certificates(
    visit: Visit, person: Person, applicant: Any, clerk: Any, leader: Any, drained: Drain, at: datetime
) -> None:
    for department in DESKS:
        for role in ("handler", "checker", "approver"):
            person(f"{department}-{role}", role, department=department)
    look_around(visit())

    owner = visit("applicant-a")
    register(owner)
    main = apply(owner, "S1", applicant)
    parallel = apply(owner, "P", applicant, item="生产建设项目水土保持方案审批")
    drained(at)

    at_the_window(visit("clerk-a"), main, parallel)
    drained(at)
    kinds = set(ApplicationNotice.objects.filter(blob__isnull=False).values_list("kind", flat=True))
    assert {"receipt", "acceptance"} <= kinds

    for department, at_once in DESKS.items():
        decide(visit, department, at_once=at_once, drained=drained, at=at)
    assert not Case.objects.filter(decision__isnull=True).exists()

    collect(owner, visit)
    look_over(visit("leader-a"))


def look_around(stranger: Visitor) -> None:
    """A member of the public reads what there is before he signs in."""
    page = stranger.go("/")
    expect(page.locator("h1")).to_be_visible()
    stranger.go("/guides/")
    stranger.follow(re.compile("备案"))
    stranger.go("/v/")
    stranger.go("/x/")
    stranger.go("/accounts/sign-up/")


def register(owner: Visitor) -> None:
    """Register: the flow is told while the facts are being typed."""
    owner.go("/projects/")
    page = owner.go("/projects/register/")
    owner.expected = {422}
    owner.press("登记并赋码")
    expect(page.locator(".errsum")).to_contain_text("项目名称")
    owner.look("refused")
    put(page, "name", NAME)
    put(page, "region", "449904")
    for field, value in DECIDING.items():
        put(page, field, value)
    page.keyboard.press("Tab")
    expect(page.locator("#flow-preview")).to_contain_text("小型")
    put(page, "project_basis", "3")
    owner.press("登记并赋码")
    expect(page.locator("h1")).to_have_text(NAME)
    expect(page.locator(".ph .facts .code")).to_have_text(re.compile(r"^2604-449904-04-01-\d{5}"))
    owner.follow("全部事项清单")
    owner.follow(NAME, within=page.locator("body"))
    owner.follow("项目信息")
    page.go_back()


def apply(owner: Visitor, stage: str, applicant: Any, *, item: str = "") -> int:
    """Apply for a stage in one form; hand it in when the page has nothing left to say."""
    page = owner.page
    code = page.url.rstrip("/").rsplit("/", 1)[-1] if "/projects/" in page.url else code_of(owner)
    owner.go(f"/projects/{code}/apply/{stage}/")
    if item:
        page.get_by_label(item).check()
    owner.press("开始填表")
    number = int(page.url.split("/")[-3])
    if not item:
        expect(page.locator("#floor_area_m2-field .src")).to_have_text("项目登记")
        expect(page.locator("#floor_area_m2")).to_have_value("7200")
        refuse_the_incomplete(owner)
        refuse_the_wrong_file(owner)
        owner.go(f"/applications/{number}/form/")
    answer_everything(owner, number, applicant, ANSWERS)
    bring_materials(owner)
    owner.follow("检查并提交")
    if not item:
        owner.press("提交申报")
        expect(page.locator("#commitment-error")).to_be_visible()
        owner.look("unconfirmed")
    page.locator("#commitment").check()
    owner.press("提交申报")
    expect(page.locator("h1")).to_be_visible()
    assert Application.objects.get(pk=number).state == "submitted"
    return number


def code_of(owner: Visitor) -> str:
    return Application.objects.select_related("project").latest("pk").project.code or ""


def refuse_the_incomplete(owner: Visitor) -> None:
    """Everything missing is listed at the top, and each line leads to its field."""
    page = owner.page
    owner.follow("检查并提交")
    summary = page.locator(".errsum")
    expect(summary).to_be_visible()
    owner.look("incomplete")
    first = summary.get_by_role("link").first
    target = (first.get_attribute("href") or "").removeprefix("#")
    first.click()
    expect(page.locator(f'[id="{target}"]')).to_be_in_viewport()


def refuse_the_wrong_file(owner: Visitor) -> None:
    """A file that is not what its name says is refused at its slot, and the slot stays empty."""
    page = owner.page
    slot = page.locator("[data-slot]").first
    owner.expected |= {400, 415}
    upload(slot, "材料.pdf", b"MZ\x90\x00 this is a program")
    expect(slot.locator(".up .s")).to_have_class(re.compile("alarm"))
    expect(slot.locator(".up .s")).not_to_be_empty()
    owner.look("refused file")


def at_the_window(clerk: Visitor, *applications: int) -> None:
    """Check each material and accept: the paper that says so is there afterwards."""
    page = clerk.page
    clerk.go("/window/paper/")
    clerk.go("/window/correcting/")
    clerk.go("/window/handover/")
    clerk.go("/window/")
    for number in applications:
        clerk.go(f"/window/{number}/")
        complete = page.locator("ol.ck button[value=complete]").first
        complete.click()
        expect(complete).to_have_attribute("aria-pressed", "true")
        if page.get_by_role("button", name="全部标为齐").count():
            page.get_by_role("button", name="全部标为齐").click()
            expect(page.get_by_role("button", name="全部标为齐")).to_have_count(0)
        clerk.look("checked")
        clerk.press("受理")
        assert Application.objects.get(pk=number).accepted_at
    clerk.go(f"/applications/{applications[0]}/")


def decide(visit: Visit, department: str, *, at_once: bool, drained: Drain, at: datetime) -> None:
    """Let a department work its inbox empty, each step by another person."""
    for role in ("handler",) if at_once else ("handler", "checker", "approver"):
        reviewer = visit(f"{department}-{role}")
        page = reviewer.go("/review/")
        rows = page.locator("tr[data-row]")
        assert rows.count(), f"nothing on the desk of {department} {role}"
        while rows.count():
            rows.first.locator("[data-open]").click()
            reviewer.arrive()
            give_opinion(reviewer, deciding=at_once or role == "approver")
            drained(at)
            reviewer.go("/review/")
        if role == "handler":
            reviewer.go("/review/done")
            reviewer.go("/deliveries/")
        reviewer.context.close()


def give_opinion(reviewer: Visitor, *, deciding: bool) -> None:
    """Write an opinion, find it again after a reload, and send it on."""
    page = reviewer.page
    page.locator("#opinion").fill("经核对，符合规定条件。")
    saved(reviewer)
    page.reload()
    expect(page.locator("#opinion")).to_have_value("经核对，符合规定条件。")
    if deciding:
        reviewer.press("准予")
    else:
        page.locator("input[name=conclusion][value=pass]").check(force=True)
        page.locator("form.op button.btn-primary").click()
        reviewer.arrive()


def collect(owner: Visitor, visit: Visit) -> None:
    """The applicant finds his certificates; anyone who holds one can prove it."""
    code = code_of(owner)
    page = owner.go(f"/projects/{code}/")
    titles = page.locator(".card", has=page.get_by_role("heading", name="已得证照文书")).locator(".files li")
    comments = page.locator(".card", has=page.get_by_role("heading", name="阶段意见汇总")).locator(".files li")
    assert comments.count() == 2, "one for each application"
    assert titles.count() == Certificate.objects.exclude(document=None).count() == len(DESKS)
    titles.first.get_by_role("link").click()
    owner.arrive()
    owner.go("/deliveries/mine")
    owner.go("/notices/")
    owner.go(f"/certificates/project/{code}")
    owner.go(f"/archive/projects/{code}/")
    certificate = Certificate.objects.select_related("project").filter(kind="certificate").first()
    assert certificate
    stranger = visit()
    page = stranger.go("/v/")
    page.locator("main input[type=text], main input:not([type])").first.fill(certificate.verify_code)
    page.keyboard.press("Enter")
    expect(page.locator(".res h1")).to_contain_text("有效")
    expect(page.locator(".res")).to_contain_text(certificate.number)
    stranger.arrive()
    stranger.go(f"/x/{code}/")


def look_over(leader: Visitor) -> None:
    """The leader's numbers lead to their lists."""
    page = leader.go("/dashboard/")
    expect(page.locator("main")).to_contain_text(re.compile(r"[1-9]"))
    page.locator('main a[href*="/dashboard/projects/"]').first.click()
    leader.arrive()
    expect(page.get_by_role("link", name=NAME).first).to_be_visible()
    leader.go("/dashboard/cases/")
    leader.go("/dashboard/late/")
    leader.go("/dashboard/stalled/")
