"""Who reads no Chinese switches once and stays in English."""

from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import Visit


def test_the_switch_holds_from_page_to_page(visit: Visit, applicant: Any) -> None:
    reader = visit()
    page = reader.go("/accounts/login/")
    page.get_by_role("button", name="English").first.click()
    page.wait_for_load_state("load")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    reader.look("english")
    reader.go("/v/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text("Verify")
    page.get_by_role("button", name="中文").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
