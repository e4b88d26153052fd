"""Compute what was asked for, one run at a time.

Whoever works holds a lock of the database session. It ends with the session, so a run that is still called running
while the lock is free was left by a worker that is no more: it goes back into the queue and begins anew.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import shapely
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from blueprint.checks import citywide, loading, operations
from blueprint.checks.citywide import Step
from blueprint.checks.definitions import Definitions
from blueprint.checks.models import CheckRun, Patch
from blueprint.checks.results import EditionRef, PatchFound
from blueprint.checks.states import RunKind, RunState
from blueprint.citywide import districts, queries
from blueprint.citywide.districts import Districts
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import FAULTS
from portal.core.transitions import move
from portal.core.unit import operation

logger = logging.getLogger(__name__)

#: any number that no other advisory lock of the portal has
LOCK = 7_203_114
#: seconds between two looks at the row while computing
PULSE = 0.5
BATCH = 2000
#: a run counts in per cent
STEPS = 100


class Stopped(Exception):
    """Somebody stopped the run, or it is not ours any more."""


def work(*, at: datetime) -> int:
    """Compute the oldest run that waits; return how many were computed. Harmless beside itself and at any time."""
    with translation.override(settings.LANGUAGE_CODE), _alone() as alone:
        if not alone:
            return 0
        for lost in CheckRun.objects.citywide().filter(state=RunState.RUNNING).values_list("pk", flat=True):
            _change(lost, to=RunState.QUEUED, topic="citywide.run.requeued", at=at, steps_done=0)
        waiting = CheckRun.objects.citywide().filter(state=RunState.QUEUED).order_by("queued_at", "pk")
        run_id = waiting.values_list("pk", flat=True).first()
        if run_id is None:
            return 0
        _change(run_id, to=RunState.RUNNING, topic="citywide.run.started", at=at, started_at=at)
        _compute(CheckRun.objects.get(pk=run_id))
        return 1


def _compute(run: CheckRun) -> None:
    definitions = loading.definitions(run.pack_version_id)
    begin = time.perf_counter()
    try:
        places = districts.read()
        ground = _ground(run, places)
        refs, found = _find(run, definitions, ground, _pulse(run.pk))
        found.sort(key=lambda each: (each.kind, each.layer or "", -each.area, each.geometry.bounds))
        with operation():
            row = CheckRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run.pk)
            if row.state != RunState.RUNNING:
                raise Stopped
            for first in range(0, len(found), BATCH):
                Patch.objects.bulk_create(
                    operations.patch_row(row, number, each, district=places.of(each.geometry))
                    for number, each in enumerate(found[first : first + BATCH], start=first + 1)
                )
            row.editions = [ref.as_json() for ref in refs]
            row.result = {
                "patches": len(found),
                "area_m2": round(sum(each.area for each in found), 2),
                "took_s": round(time.perf_counter() - begin, 2),
            }
            row.finished_at, row.steps_done, row.steps_total = clock.now(), STEPS, STEPS
            move(
                row,
                to=RunState.DONE,
                actor=_system(),
                at=row.finished_at,
                topic="citywide.run.done",
                data=row.result,
                fields=["editions", "result", "finished_at", "steps_done", "steps_total"],
            )
    except Stopped:
        return
    except shapely.GEOSException:
        _fail(run.pk, _("图形计算没有完成，图层里可能有损坏的图形。请重新导入这个图层后再发起。"))
    except FAULTS:
        # else it would be taken for one whose worker was lost, and begin anew for ever, before all that wait behind it
        logger.exception("city-wide run %s was not completed", run.pk)
        _fail(run.pk, _("核查没有算完，原因已记入系统日志。请联系平台管理员后再发起。"))


def _fail(run_id: int, words: str) -> None:
    now = clock.now()
    _change(run_id, to=RunState.FAILED, topic="citywide.run.failed", at=now, error=words, finished_at=now)


def _ground(run: CheckRun, places: Districts) -> BaseGeometry | None:
    """Return the district that is asked about; None is the whole city.

    :raises LookupError: its boundary is no longer there
    """
    if not run.district:
        return None
    shape = places.shape(run.district)
    if shape is None:
        raise LookupError(run.district)
    return shape


def _find(
    run: CheckRun, definitions: Definitions, ground: BaseGeometry | None, step: Step
) -> tuple[list[EditionRef], list[PatchFound]]:
    current, previous = loading.editions(definitions)
    now = {ref.layer: ref for ref in current}
    if run.kind == RunKind.CONFLICT:
        check = queries.check_with(definitions, "plan_a")
        refs = [now[layer] for layer in run.layers]
        first, second = (loading.whole(ref) for ref in refs)
        return refs, citywide.conflicts(check, first, second, definitions, ground=ground, step=step)
    check = queries.check_with(definitions, "lines")
    layer = run.layers[0]
    refs = [now[layer], next(ref for ref in previous if ref.layer == layer)]
    new, old = (loading.whole(ref) for ref in refs)
    return refs, citywide.difference(check, new, old, definitions, ground=ground, step=step)


def _pulse(run_id: int) -> Step:
    """Return what tells the row how far the run is, and stops when the row is no longer running."""
    last = 0.0

    def beat(percent: float) -> None:
        nonlocal last
        if time.monotonic() - last < PULSE:
            return
        last = time.monotonic()
        running = CheckRun.objects.filter(pk=run_id, state=RunState.RUNNING)
        if running.update(steps_done=int(percent), steps_total=STEPS) != 1:
            raise Stopped

    return beat


def _change(run_id: int, *, to: RunState, topic: str, at: datetime, **fields: object) -> None:
    """Move a run that somebody else may have moved meanwhile; then nothing happens."""
    with operation():
        run = CheckRun.objects.select_for_update(of=("self",), no_key=True).get(pk=run_id)
        if to not in run.TRANSITIONS[run.state]:
            return
        for name, value in fields.items():
            setattr(run, name, value)
        move(run, to=to, actor=_system(), at=at, topic=topic, fields=list(fields))


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _system() -> Actor:
    return Actor.system(_("系统"))
