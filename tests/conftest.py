"""What every test shares: the loaded demo pack, moments in time, a drained outbox, the hypothesis profiles."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from portal.citypack import operations as citypack
from portal.citypack.models import PackVersion
from portal.core import outbox
from portal.core.actor import Actor
from portal.core.clock import SHANGHAI

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


def load_demo_pack() -> None:
    citypack.load(directory=DEMO_PACK, actor=Actor.system("tests"), at=NOON)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Load the demo pack once; ordinary tests see it and roll back to it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            # Tests with real transactions are cleaned by TRUNCATE, which the audit table refuses for good reason.
            cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_auditevent_no_truncate")
        load_demo_pack()


@pytest.fixture
def pack(db: None) -> PackVersion:
    """Return the current pack version, loading it again after a test with real transactions cleaned it away."""
    if not PackVersion.objects.current().exists():
        load_demo_pack()
    return PackVersion.objects.current().get()


@pytest.fixture(autouse=True)
def file_store(settings: object, tmp_path: Path) -> Path:
    """Give each test a file store of its own."""
    store = tmp_path / "files"
    settings.FILE_STORE = store  # type: ignore[attr-defined]
    return store


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
