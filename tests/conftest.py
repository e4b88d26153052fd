"""What every test shares: the loaded demo pack, moments in time, a drained outbox, the hypothesis profiles."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from portal.citypack import operations as citypack
from portal.citypack import queries as citypack_queries
from portal.citypack.models import PackVersion
from portal.core import calendars, outbox
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI
from tests import pristine

pytest_plugins = ["tests.baselines.plugin", "tests.cast"]

DEMO_PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
PROPERTIES = Path(__file__).parent / "properties"
#: Tuesday, the day of the mock-ups
NOON = datetime(2026, 4, 14, 12, 0, tzinfo=SHANGHAI)

hypothesis_settings.register_profile("quick", max_examples=60, deadline=None)
hypothesis_settings.register_profile(
    "full", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "full" if os.environ.get("CI") == "true" else "quick")
)
#: for properties that write rows: what the pure ones try 2,000 times needs no database
WITH_ROWS = hypothesis_settings(
    max_examples=min(200, hypothesis_settings.default.max_examples),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: for properties that write and read files
WITH_FILES = hypothesis_settings(
    max_examples=min(300, hypothesis_settings.default.max_examples), suppress_health_check=[HealthCheck.too_slow]
)


def load_demo_pack() -> None:
    citypack.load(directory=DEMO_PACK, actor=Actor.system("tests"), at=NOON)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the demo pack once; tests see it, and what they leave is rolled back or taken away."""
    with django_db_blocker.unblock():
        load_demo_pack()
        pristine.keep()
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", pristine.restore):
        yield


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest, so that no process waits for the other's at the end: a browser, then properties."""
    items.sort(key=lambda item: (item.get_closest_marker("e2e") is None, PROPERTIES not in item.path.parents))


@pytest.fixture
def pack(db: None) -> PackVersion:
    """Return the current pack version."""
    return PackVersion.objects.current().get()


@pytest.fixture(autouse=True)
def file_store(settings: object, tmp_path: Path) -> Path:
    """Give each test a file store of its own."""
    store = tmp_path / "files"
    settings.FILE_STORE = store  # type: ignore[attr-defined]
    return store


@pytest.fixture(autouse=True)
def chinese() -> None:
    """Speak Chinese again: a request in English leaves its language with the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def held(settings: Any, pack: PackVersion) -> Iterator[None]:
    """Let a process hold calendar and pack as in production, instead of asking before every look."""
    calendars.forget()
    citypack_queries.forget()
    settings.CALENDAR_RECHECK_SECONDS = settings.PACK_RECHECK_SECONDS = 60
    yield
    calendars.forget()
    citypack_queries.forget()


@pytest.fixture
def at() -> datetime:
    """Return the moment at which a test's acts happen: Tuesday noon."""
    return NOON


@pytest.fixture
def drained() -> Callable[[datetime], int]:
    """Return a function that delivers all waiting news as of a moment, also news of news."""

    def drain(at: datetime) -> int:
        return outbox.drain(at=at, limit=10_000)

    return drain
