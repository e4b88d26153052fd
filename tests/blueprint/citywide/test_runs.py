"""Whole-city runs: asked for once, computed, stopped, taken up again after a lost worker."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from blueprint.checks import citywide as pure
from blueprint.checks import loading
from blueprint.checks.models import CheckRun, Patch
from blueprint.checks.states import RunState
from blueprint.citywide import districts, queries
from blueprint.citywide import operations as citywide
from blueprint.citywide.operations import asking, working
from blueprint.layers.models import Edition
from portal.accounts.models import User
from portal.citypack.models import PackVersion
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import PLANNING, as_actor

pytestmark = pytest.mark.django_db


def test_a_conflict_run_finds_patches_with_districts_and_owners(done: CheckRun) -> None:
    assert done.state == RunState.DONE
    # farmland of one plan under the school of the other, and construction land of one that is a street's or nobody's
    school = Patch.objects.get(run=done, kind="城有土无", use_a="01")
    assert (school.use_b, school.area_m2, school.owners) == ("080403", 30_000.0, [PLANNING])
    assert school.district == "449904"
    assert set(Patch.objects.filter(run=done).values_list("district", flat=True)) == {"449902", "449904"}
    assert done.result["patches"] == Patch.objects.filter(run=done).count()
    assert [row["layer"] for row in done.editions] == ["L04.02.01", "L05.01.04"]
    actions = AuditEvent.objects.filter(stream="blueprint").values_list("action", flat=True)
    assert {"citywide.run.queued", "citywide.run.started", "citywide.run.done"} <= set(actions)


def test_a_difference_run_says_what_was_added(city: dict[str, Edition], planning_handler: User, at: datetime) -> None:
    run = citywide.start_run(kind="difference", layer="L04.01.02", actor=as_actor(planning_handler), at=at)
    citywide.work(at=at)

    (patch,) = Patch.objects.filter(run=run)
    assert (patch.kind, patch.area_m2, patch.offset_m, patch.layer_id) == ("added", 4_000.0, 10.0, "L04.01.02")


@pytest.mark.parametrize(("kind", "layer"), [("conflict", ""), ("difference", "L04.01.02")])
def test_the_runs_of_all_districts_are_the_run_of_the_city(
    city: dict[str, Edition], planning_handler: User, at: datetime, kind: str, layer: str
) -> None:
    areas = {}
    for district in ("", "449902", "449904"):
        run = citywide.start_run(kind=kind, layer=layer, district=district, actor=as_actor(planning_handler), at=at)
        citywide.work(at=at)
        run.refresh_from_db()
        patches = Patch.objects.filter(run=run)
        assert run.state == RunState.DONE
        assert {patch.district for patch in patches} <= ({district} if district else {"449902", "449904"})
        areas[district] = sum(patch.area_m2 for patch in patches)
    assert areas["449902"] + areas["449904"] == pytest.approx(areas[""], abs=0.05)
    assert min(areas.values()) >= 0 < areas[""]


def test_a_district_is_asked_for_on_the_form_and_has_to_have_a_boundary(
    client: Client, city: dict[str, Edition], planning_handler: User
) -> None:
    client.force_login(planning_handler)
    page = client.get(reverse("citywide:runs")).content.decode()
    assert 'name="district"' in page

    refused = client.post(reverse("citywide:runs"), {"about": "conflict:", "district": "449999"})
    assert refused.status_code == 422
    assert "界线还没有发布" in refused.content.decode()
    client.post(reverse("citywide:runs"), {"about": "conflict:", "district": "449902"})
    run = CheckRun.objects.get()
    assert run.district == "449902"
    name = districts.names()["449902"]
    assert name in client.get(reverse("citywide:run", args=[run.pk])).content.decode()


def test_asking_twice_gives_one_run(queued: CheckRun, planning_lead: User, at: datetime) -> None:
    again = citywide.start_run(kind="conflict", layer="", actor=as_actor(planning_lead), at=at)
    assert again.pk == queued.pk


def test_who_may_not_start_and_what_cannot_be_compared(
    city: dict[str, Edition], applicant: User, leader: User, planning_handler: User, at: datetime
) -> None:
    for user in (applicant, leader):
        with pytest.raises(NotAllowed):
            citywide.start_run(kind="conflict", layer="", actor=as_actor(user), at=at)
    for kind, layer in (("difference", "L01.01.01"), ("site", ""), ("", "")):
        with pytest.raises(InvalidInput):
            citywide.start_run(kind=kind, layer=layer, actor=as_actor(planning_handler), at=at)
    assert not CheckRun.objects.exists()


def test_without_editions_nothing_starts(pack: PackVersion, planning_handler: User, at: datetime) -> None:
    with pytest.raises(citywide.NoEditions):
        citywide.start_run(kind="conflict", layer="", actor=as_actor(planning_handler), at=at)


def test_the_department_is_told_when_it_is_over(
    done: CheckRun, at: datetime, drained: Callable[[datetime], int]
) -> None:
    from portal.core import clock

    drained(clock.now())
    notice = Notice.objects.get(kind="citywide.run")
    assert (notice.department_id, notice.url) == (PLANNING, f"/citywide/{done.pk}/")


def test_a_stopped_run_keeps_nothing(
    queued: CheckRun, planning_handler: User, fire_reviewer: User, at: datetime
) -> None:
    with pytest.raises(NotAllowed):
        citywide.stop_run(run_id=queued.pk, actor=as_actor(fire_reviewer), at=at)
    citywide.stop_run(run_id=queued.pk, actor=as_actor(planning_handler), at=at)
    assert citywide.work(at=at) == 0
    queued.refresh_from_db()
    assert (queued.state, queued.error_code) == (RunState.FAILED, "stopped")
    assert "规承" in queued.error
    with pytest.raises(TransitionRefused):
        citywide.stop_run(run_id=queued.pk, actor=as_actor(planning_handler), at=at)


def test_stopping_while_it_is_computed_leaves_no_patch(
    queued: CheckRun, planning_handler: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_meanwhile(run_id: int) -> Callable[[float], None]:
        def beat(percent: float) -> None:
            citywide.stop_run(run_id=run_id, actor=as_actor(planning_handler), at=at)
            raise working.Stopped

        return beat

    monkeypatch.setattr(working, "_pulse", stopped_meanwhile)
    citywide.work(at=at)

    queued.refresh_from_db()
    assert (queued.state, queued.error_code) == (RunState.FAILED, "stopped")
    assert not Patch.objects.exists()


def test_what_a_lost_worker_left_begins_anew(queued: CheckRun, at: datetime) -> None:
    CheckRun.objects.filter(pk=queued.pk).update(state=RunState.RUNNING, started_at=at, steps_done=3, steps_total=9)
    assert citywide.work(at=at) == 1
    queued.refresh_from_db()
    assert queued.state == RunState.DONE
    assert Patch.objects.filter(run=queued).count() == queued.result["patches"] > 0
    assert AuditEvent.objects.filter(action="citywide.run.requeued").exists()


def test_progress_runs_to_a_hundred_and_may_stop_the_work(queued: CheckRun) -> None:
    definitions = loading.definitions(queued.pack_version_id)
    refs = {ref.layer: ref for ref in loading.editions(definitions)[0]}
    plans = [loading.whole(refs[layer]) for layer in queued.layers]
    check = queries.check_with(definitions, "plan_a")
    seen: list[float] = []
    pure.conflicts(check, *plans, definitions, step=seen.append)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0, 100)

    def stop(percent: float) -> None:
        raise working.Stopped

    with pytest.raises(working.Stopped):
        pure.conflicts(check, *plans, definitions, step=stop)


def test_two_workers_at_once_are_harmless(queued: CheckRun, at: datetime) -> None:
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [working.LOCK])
    try:
        assert citywide.work(at=at) == 0
        queued.refresh_from_db()
        assert queued.state == RunState.QUEUED
    finally:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [working.LOCK])
        other.close()
    assert citywide.work(at=at) == 1
    assert citywide.work(at=at) == 0


def test_two_who_ask_at_once_wait_for_each_other(
    city: dict[str, Edition], planning_handler: User, at: datetime
) -> None:
    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [asking.LOCK])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError), transaction.atomic():
                citywide.start_run(kind="conflict", layer="", actor=as_actor(planning_handler), at=at)
    finally:
        other.close()
    assert not CheckRun.objects.exists()


def test_a_run_that_cannot_be_computed_fails_and_lets_the_next_one_pass(
    queued: CheckRun, planning_handler: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = citywide.start_run(kind="difference", layer="L04.01.02", actor=as_actor(planning_handler), at=at)
    whole = working._find

    def find(run: CheckRun, *rest: Any) -> Any:
        if run.pk == queued.pk:
            raise KeyError("a fault of ours")
        return whole(run, *rest)

    monkeypatch.setattr(working, "_find", find)
    assert [citywide.work(at=at) for _turn in range(3)] == [1, 1, 0]
    queued.refresh_from_db()
    behind.refresh_from_db()
    assert (queued.state, behind.state) == (RunState.FAILED, RunState.DONE)
    assert "系统日志" in queued.error


def test_why_a_run_ended_is_kept_in_the_language_of_the_city(
    queued: CheckRun, planning_handler: User, at: datetime
) -> None:
    with translation.override("en"):
        citywide.stop_run(run_id=queued.pk, actor=as_actor(planning_handler), at=at)
    queued.refresh_from_db()
    assert "停止了这次核查" in queued.error
