"""A person at a browser, who looks at every page he comes to: readable for all, quiet in the console."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, ViewportSize

from tests.cast import PASSWORD

#: impacts that keep somebody from using a page
GRAVE = {"serious", "critical"}
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 375, "height": 760}
#: milliseconds; a page that takes longer on a busy machine is broken
PATIENCE = 15_000


def assert_accessible(page: Page) -> None:
    """Fail on any serious or critical finding of axe, naming rule and elements, and on ids that occur twice."""
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    twice = {name for name in ids if ids.count(name) > 1}
    assert not twice, f"{page.url}: a label finds only the first of {twice}"
    found = Axe().run(page).response["violations"]
    grave = [
        f"{violation['id']}: {violation['help']}\n"
        + "\n".join(f"    {node['html'][:200]}" for node in violation["nodes"])
        for violation in found
        if violation["impact"] in GRAVE
    ]
    assert not grave, f"{page.url} ({page.title()})\n" + "\n".join(grave)


def assert_fits(page: Page) -> None:
    """Fail when a page must be moved sideways to be read, naming what stands out."""
    width, inner = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    if width > inner:
        outside = page.evaluate(
            """[...document.querySelectorAll('body *')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.tagName + '.' + e.className).slice(0, 12)"""
        )
        raise AssertionError(f"{page.url} is {width} px wide on a screen of {inner}: {outside}")


def wait_until(met: Callable[[], Any], what: str) -> None:
    """Wait for something; conditions in the page itself would need eval, which the portal forbids."""
    until = time.monotonic() + PATIENCE / 1000
    while not met():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)


class Visitor:
    """One person with a browser window of his own."""

    def __init__(self, browser: Browser, home: str, *, screen: ViewportSize | None = None, **options: Any) -> None:
        self.home = home
        self.context = browser.new_context(
            base_url=home, viewport=screen or DESK, locale="zh-CN", reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.expected: set[int] = set()
        self.seen: set[str] = set()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)

    def _listen(self, message: ConsoleMessage) -> None:
        # The browser reports each refused request as an error of the page; refusals a test provokes are named first.
        refused = re.search(r"status of (\d{3})", message.text)
        if message.type == "error" and not (refused and int(refused[1]) in self.expected):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def close(self) -> None:
        """Leave, and fail on anything the browser complained about on the way."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)

    def sign_in(self, username: str) -> Visitor:
        """Sign in by the login page."""
        self.go("/accounts/login/")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        return self

    def go(self, path: str) -> Page:
        """Open an address and look at the page."""
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {path}"
        self.look()
        return self.page

    def press(self, words: str, *, within: Locator | None = None) -> Page:
        """Press a button that leads to another page, and look at that."""
        (within or self.page.locator("main")).get_by_role("button", name=words, exact=True).first.click()
        return self.arrive()

    def follow(self, words: str | re.Pattern[str], *, within: Locator | None = None) -> Page:
        """Follow a link of the page, and look at where it leads."""
        exact = isinstance(words, str)
        (within or self.page.locator("main")).get_by_role("link", name=words, exact=exact).first.click()
        return self.arrive()

    def arrive(self) -> Page:
        """Wait for the page to be there and look at it."""
        self.page.wait_for_load_state("load")
        self.look()
        return self.page

    def look(self, state: str = "") -> None:
        """Check a page the first time it is seen; `state` names another look of the same page."""
        kind = re.sub(r"[0-9][^/?#]*", "*", self.page.url.removeprefix(self.home).split("?")[0]) + state
        if kind not in self.seen:
            self.seen.add(kind)
            assert_accessible(self.page)
