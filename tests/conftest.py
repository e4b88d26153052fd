"""What every test shares: the loaded demo pack, moments in time, a drained outbox, the hypothesis profiles."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
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

BLOCKER = pytest.StashKey[DjangoDbBlocker]()
#: whether a test with real transactions has left the tables empty
EMPTIED = pytest.StashKey[bool]()

pytest_plugins = ["tests.baselines.plugin", "tests.cast"]

DEMO_PACK = Path(settings.BASE_DIR) / "portal" / "citypack" / "packs" / "binhai"
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


def load_demo_pack() -> None:
    citypack.load(directory=DEMO_PACK, actor=Actor.system("tests"), at=NOON)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> None:
    """Load the demo pack once; ordinary tests see it and roll back to it."""
    request.config.stash[BLOCKER] = django_db_blocker
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            # Tests with real transactions are cleaned by TRUNCATE, which the audit table refuses for good reason.
            cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_auditevent_no_truncate")
        load_demo_pack()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: the tests in a browser, so that no process waits for the other's at the end."""
    items.sort(key=lambda item: item.get_closest_marker("e2e") is None)


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and (marker.kwargs.get("transaction") or bool(marker.args and marker.args[0]))
    return bool(asked) or "transactional_db" in getattr(item, "fixturenames", ())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Load the pack for good, outside any test's transaction, when a test with real transactions cleaned it away."""
    if item.session.stash.get(EMPTIED, False) and not _empties_tables(item):
        with item.config.stash[BLOCKER].unblock():
            load_demo_pack()
        item.session.stash[EMPTIED] = False


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    if _empties_tables(item):
        item.session.stash[EMPTIED] = True


@pytest.fixture
def pack(db: None) -> PackVersion:
    """Return the current pack version; a test with real transactions, whose tables are empty, gets it loaded."""
    if not PackVersion.objects.current().exists():
        load_demo_pack()
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
