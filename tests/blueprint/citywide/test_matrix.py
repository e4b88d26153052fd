"""Every verb in every state of a city-wide run: what the table allows, and nothing else."""

from datetime import datetime
from typing import Any

import pytest

from blueprint.checks.models import CheckRun
from blueprint.checks.states import RunState
from blueprint.citywide import operations as citywide
from portal.accounts.models import User
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from tests.cast import as_actor

pytestmark = pytest.mark.django_db
OPEN = (RunState.QUEUED, RunState.RUNNING)


@pytest.fixture(params=RunState.values)
def run(request: pytest.FixtureRequest, queued: CheckRun, at: datetime) -> CheckRun:
    """A conflict run in each state."""
    state = request.param
    more: dict[str, Any] = {} if state in OPEN else {"finished_at": at}
    if state == RunState.FAILED:
        more["error"] = "没有算完"
    CheckRun.objects.filter(pk=queued.pk).update(state=state, **more)
    queued.refresh_from_db()
    return queued


def test_stopping(run: CheckRun, planning_handler: User, at: datetime) -> None:
    was = run.state
    call = {"run_id": run.pk, "actor": as_actor(planning_handler), "at": at}

    if was in OPEN:
        citywide.stop_run(**call)
        run.refresh_from_db()
        assert (run.state, run.error_code, run.finished_at) == (RunState.FAILED, "stopped", at)
        assert AuditEvent.objects.get(action="citywide.run.stopped").data["from"] == was
    with pytest.raises(TransitionRefused):
        citywide.stop_run(**call)
    run.refresh_from_db()
    assert run.state == (RunState.FAILED if was in OPEN else was)


def test_working(run: CheckRun, at: datetime) -> None:
    was = run.state

    assert citywide.work(at=at) == (was in OPEN)
    assert citywide.work(at=at) == 0

    run.refresh_from_db()
    assert run.state == (RunState.DONE if was in OPEN else was)
    assert AuditEvent.objects.filter(action="citywide.run.requeued").exists() == (was == RunState.RUNNING)


def test_asking_again(run: CheckRun, planning_handler: User, at: datetime) -> None:
    again = citywide.start_run(kind="conflict", layer="", actor=as_actor(planning_handler), at=at)
    elsewhere = citywide.start_run(
        kind="conflict", layer="", district="449902", actor=as_actor(planning_handler), at=at
    )

    assert (again.pk == run.pk) == (run.state in OPEN)
    assert elsewhere.pk not in (run.pk, again.pk)
    assert elsewhere.state == RunState.QUEUED
