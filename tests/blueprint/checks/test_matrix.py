"""Every verb in every state of a check of a site: what the table allows, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from blueprint.checks import engine, loading
from blueprint.checks import operations as checks
from blueprint.checks.ground import Plot
from blueprint.checks.models import CheckRun
from blueprint.checks.states import RUN_TRANSITIONS, RunState
from blueprint.geometry.shapes import Attributes
from blueprint.geometry.stored import shape_of
from blueprint.siting.models import SiteVersion
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core.actor import Actor
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation
from tests.blueprint.checks.conftest import a_run
from tests.cast import as_actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def in_state(state: str, version: SiteVersion, pack: PackVersion, at: datetime) -> CheckRun:
    over: dict[str, Any] = {"finished_at": at} if state in (RunState.DONE, RunState.FAILED) else {}
    why = {"error": "没有算完", "error_code": "fault"} if state == RunState.FAILED else {}
    begun = {"started_at": at} if state != RunState.QUEUED else {}
    return a_run(pack=pack, at=at, version=version, state=state, **over, **why, **begun)


@pytest.mark.parametrize("to", RunState.values)
@pytest.mark.parametrize("state", RunState.values)
def test_moves_only_along_the_table(version: SiteVersion, pack: PackVersion, at: datetime, state: str, to: str) -> None:
    run = in_state(state, version, pack, at)
    run.finished_at = at if to in (RunState.DONE, RunState.FAILED) else None
    run.error = "没有算完" if to == RunState.FAILED else ""

    def go() -> None:
        with operation():
            move(run, to=RunState(to), actor=SYSTEM, at=at, topic="test.run.moved", fields=["finished_at", "error"])

    if to in RUN_TRANSITIONS[state]:
        go()
    else:
        with pytest.raises(TransitionRefused):
            go()
    assert CheckRun.objects.get().state == (to if to in RUN_TRANSITIONS[state] else state)


@pytest.mark.parametrize("verb", ["finish", "fail", "sweep"])
@pytest.mark.parametrize("state", RunState.values)
def test_what_is_over_is_never_changed(
    version: SiteVersion, pack: PackVersion, at: datetime, state: str, verb: str
) -> None:
    run = in_state(state, version, pack, at)
    before = CheckRun.objects.filter(pk=run.pk).values().get()
    later = at + 2 * checks.LOST

    if verb == "finish":
        definitions = loading.definitions(run.pack_version_id)
        plot = Plot(shape_of(version.geom), Attributes())
        result = engine.examine(loading.ground(plot, definitions), definitions)
        if state == RunState.QUEUED:
            with pytest.raises(TransitionRefused):
                checks._finish(run.pk, result, took_ms=1.0, actor=SYSTEM, at=later)
        else:
            checks._finish(run.pk, result, took_ms=1.0, actor=SYSTEM, at=later)
    elif verb == "fail":
        checks._fail(run.pk, code="fault", message="没有算完", actor=SYSTEM, at=later)
    else:
        assert checks.fail_lost(at=later) == (state == RunState.RUNNING)

    run.refresh_from_db()
    if state in (RunState.DONE, RunState.FAILED):
        assert CheckRun.objects.filter(pk=run.pk).values().get() == before
        assert not AuditEvent.objects.filter(action__startswith="checks.run").exists()
    elif state == RunState.RUNNING:
        assert run.state == (RunState.DONE if verb == "finish" else RunState.FAILED)
        assert run.finished_at == later
    else:
        assert run.state == (RunState.FAILED if verb == "fail" else RunState.QUEUED)


@pytest.mark.parametrize("state", RunState.values)
def test_a_boundary_can_be_checked_again_whatever_became_of_the_run_before(
    version: SiteVersion, pack: PackVersion, applicant: User, at: datetime, state: str
) -> None:
    run = in_state(state, version, pack, at)

    again = checks.run_site_check(version_id=version.pk, actor=as_actor(applicant), at=at + timedelta(hours=1))

    run.refresh_from_db()
    assert (run.state, again.state) == (state, RunState.DONE)
    assert again.pk != run.pk
