"""Ask for a whole-city run, and stop one."""

from __future__ import annotations

from datetime import datetime

import shapely
from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blueprint.checks import loading
from blueprint.checks.models import CheckRun
from blueprint.checks.states import RunKind, RunState
from blueprint.citywide import districts, policies, queries
from blueprint.layers import frames
from portal.citypack import queries as citypack
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput, NotFound
from portal.core.transitions import TransitionRefused, move
from portal.core.unit import operation

#: held while somebody asks, so that two who ask at once get one run; no other advisory lock has this number
LOCK = 7_203_115


class NoEditions(Conflict):
    """A layer that is needed has no published edition, or a line has no earlier one."""

    code = "no_editions"
    message = gettext_lazy("需要的图层还没有发布的版本，暂时不能核查。请先导入并发布。")


def start_run(*, kind: str, layer: str, actor: Actor, at: datetime, district: str = "") -> CheckRun:
    """Queue a whole-city run; one of the same layers that is not finished is given instead of a second one.

    :param layer: the line to compare, for a difference run
    :param district: code of the one district that is asked about; blank for the whole city
    :raises NotAllowed: the actor may not start runs
    :raises InvalidInput: unknown kind, a layer that is no line, or a district whose boundary nobody published
    :raises NoEditions: there is nothing to lay over each other
    """
    policies.require(policies.can_start(actor))
    definitions = loading.definitions()
    chosen = queries.choices(definitions)
    if kind == RunKind.CONFLICT:
        layers = list(chosen.plans)
        ready = chosen.has_plans
    elif kind == RunKind.DIFFERENCE:
        if layer not in chosen.lines:
            raise InvalidInput(fields={"layer": _("请选择一个有前后两版的控制线图层。")})
        layers, ready = [layer], True
    else:
        raise InvalidInput(fields={"kind": _("请选择核查的种类。")})
    if not ready:
        raise NoEditions
    if district and districts.read().shape(district) is None:
        raise InvalidInput(fields={"district": _("这个行政区的界线还没有发布，请选择全市，或先导入行政区界线。")})
    with operation():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        unfinished = CheckRun.objects.unfinished().filter(kind=kind, layers=layers, district=district)
        waiting = unfinished.select_for_update(no_key=True).first()
        if waiting is not None:
            return waiting
        run = CheckRun.objects.create(
            kind=kind,
            layers=layers,
            district=district,
            department_id=min(actor.departments_for("check.run"), default=None),
            pack_version_id=citypack.current_id(),
            work_crs=frames.frame().work_crs,
            engine=f"GEOS {shapely.geos_version_string}",
            queued_at=at,
            asked_by=actor.name,
        )
        audit.record(
            stream=run.audit_stream,
            action="citywide.run.queued",
            actor=actor,
            at=at,
            subject=run,
            data={"kind": kind, "layers": layers, "district": district},
        )
        return run


def stop_run(*, run_id: int, actor: Actor, at: datetime) -> CheckRun:
    """Stop a run that is not finished; what it has computed is dropped. A worker notices at its next tile.

    :raises NotFound: there is none
    :raises NotAllowed: it is another department's
    :raises TransitionRefused: it is finished
    """
    with operation():
        run = CheckRun.objects.select_for_update(of=("self",), no_key=True).citywide().filter(pk=run_id).first()
        if run is None:
            raise NotFound
        policies.require(policies.can_stop(actor, run))
        if not run.is_unfinished:
            raise TransitionRefused
        run.error_code, run.finished_at = "stopped", at
        with translation.override(settings.LANGUAGE_CODE):
            run.error = _("%(name)s 停止了这次核查。可以重新发起。") % {"name": actor.name}
        return move(
            run,
            to=RunState.FAILED,
            actor=actor,
            at=at,
            topic="citywide.run.stopped",
            fields=["error_code", "error", "finished_at"],
        )
