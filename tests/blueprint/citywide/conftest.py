"""A small city with two plans and lines in two editions, and a run over it."""

from datetime import datetime

import pytest

from blueprint.checks.models import CheckRun
from blueprint.citywide import operations as citywide
from blueprint.layers.models import Edition
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from tests.cast import as_actor
from tests.factories.blueprint import a_box, a_small_city, an_edition, feature


@pytest.fixture
def city(pack: PackVersion) -> dict[str, Edition]:
    found = a_small_city()
    districts = [
        feature(a_box(-500, -500, 540, 900), "449902"),
        feature(a_box(540, -500, 2000, 900), "x", name="云岭区"),
    ]
    found["L01.02.02"] = an_edition("L01.02.02", districts)
    return found


@pytest.fixture
def queued(city: dict[str, Edition], planning_handler: User, at: datetime) -> CheckRun:
    """A conflict run that waits."""
    return citywide.start_run(kind="conflict", layer="", actor=as_actor(planning_handler), at=at)


@pytest.fixture
def done(queued: CheckRun, at: datetime) -> CheckRun:
    """The same run, computed."""
    assert citywide.work(at=at) == 1
    queued.refresh_from_db()
    return queued
