"""Who uses no mouse signs in and works through a list."""

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.models import Enterprise
from tests.cast import PASSWORD, as_actor
from tests.e2e.conftest import Visit
from tests.factories.projects import GOV_BUILDING
from tests.factories.review import a_running_project, accepted


@pytest.fixture
def desk(
    pack: object, enterprise: Enterprise, applicant: Any, clerk: Any, planning_handler: Any, at: datetime
) -> list[str]:
    """Two tasks on the desk of one handler; return the projects in the order of the list."""
    names = ["第一实验学校", "第二实验学校"]
    for name in names:
        project = a_running_project(owner=enterprise, actor=as_actor(applicant), at=at, facts=GOV_BUILDING, name=name)
        accepted(
            project=project,
            stage="S1",
            applicant=as_actor(applicant),
            clerk=as_actor(clerk),
            at=at,
            items=["S1-05"],
        )
    return names


def tab_to(page: Page, selector: str, *, steps: int = 40) -> None:
    """Move on with the tab key until an element has the focus."""
    for _step in range(steps):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard on {page.url}")


def test_signs_in_and_opens_a_case_without_a_mouse(visit: Visit, desk: list[str]) -> None:
    reader = visit()
    page = reader.go("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip", "the first stop leads past the menu"
    page = reader.go("/accounts/login/?next=/review/")
    tab_to(page, "input[name=username]")
    page.keyboard.type("planning-handler")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{reader.home}/review/")
    reader.arrive()

    rows = page.locator("tr[data-row]")
    assert rows.count() == len(desk)
    page.keyboard.press("j")
    expect(rows.nth(0).locator("[data-open]")).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1).locator("[data-open]")).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0).locator("[data-open]")).to_be_focused()
    chosen = rows.nth(0).locator("[data-open]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/cases/*")
    expect(page.locator("main")).to_contain_text(chosen)
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    reader.look("shortcuts")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
