"""A Chromium and a running portal for the tests that need both."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.e2e.visitor import PATIENCE, Visitor

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")

Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


def chromium() -> str:
    """Find a Chromium; without one skip the tests, in CI fail them."""
    found = os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, NAMES) if path), None)
    if found:
        return found
    reason = "no Chromium found: install the package `chromium` or name one in CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    return pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium()
    expect.set_options(timeout=PATIENCE)
    # Playwright keeps an event loop in this thread; Django would refuse to use the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def server(django_db_setup: None) -> Iterator[LiveServer]:
    """The portal on a port of its own, with a clock that stands still."""
    clocked = ["tests.e2e.stillclock.StillClockMiddleware", *django_settings.MIDDLEWARE]
    with override_settings(MIDDLEWARE=clocked):
        running = LiveServer("127.0.0.1")
        yield running
        running.stop()


@pytest.fixture
def visit(browser: Browser, server: LiveServer, settings: Any) -> Iterator[Visit]:
    """Return a maker of visitors: `visit("applicant-a")`, or `visit()` for the public."""
    settings.PUBLIC_URL = server.url
    visitors: list[Visitor] = []

    def make(username: str = "", **options: Any) -> Visitor:
        visitor = Visitor(browser, server.url, **options)
        visitors.append(visitor)
        return visitor.sign_in(username) if username else visitor

    yield make
    for visitor in visitors:
        visitor.close()
