"""The verbs of checks: have a site checked. A run is kept with its editions and never changed; a repeat is another."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from typing import Any, cast

import shapely
from django.conf import settings
from django.contrib.gis import geos
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from blueprint.checks import engine, loading, policies
from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Plot
from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.checks.results import Found, PatchFound, SiteResult, m2
from blueprint.checks.states import RunKind, RunState, Severity
from blueprint.geometry import overlap
from blueprint.geometry.shapes import Attributes
from blueprint.geometry.stored import geos_of, shape_of
from blueprint.siting.models import SiteVersion
from portal.citypack import queries as citypack
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import FAULTS, NotFound
from portal.core.transitions import move
from portal.core.unit import operation
from projects.registry import queries as registry

logger = logging.getLogger(__name__)

#: how long a check may be called running
LOST = timedelta(minutes=2)
#: in the transaction of a message nothing can be written after a fault of the database; the message comes again
_FAULTS = tuple(fault for fault in FAULTS if fault is not DatabaseError)


def check_entered_version(*, version_id: int, at: datetime) -> CheckRun | None:
    """Check a version that was just entered; one that has a run already is left alone."""
    if CheckRun.objects.filter(version_id=version_id).exists():
        return None
    return run_site_check(version_id=version_id, actor=Actor.system(_("系统")), at=at)


def run_site_check(*, version_id: int, actor: Actor, at: datetime) -> CheckRun:
    """Check a version of a site against the current editions and keep what was found.

    The run is kept before it is computed, outside of its transactions; if the geometry library gives up, or we have a
    fault, it is kept as failed.
    :raises NotFound: there is no such version
    :raises NotAllowed: the actor may not see the site
    """
    run, version = _begin(version_id, actor, at)
    begin = time.perf_counter()
    definitions = loading.definitions(run.pack_version_id)
    try:
        result = examine_version(version, definitions)
    except shapely.GEOSException:
        # kept for everybody who looks at the run later, whatever the language of who asked
        with translation.override(settings.LANGUAGE_CODE):
            message = _(
                "图形计算没有完成。请检查红线是否有重复的点或过窄的缺口，修正后重新上传；仍不行请联系平台管理员。"
            )
        return _fail(run.pk, code="geometry", message=message, actor=actor, at=at)
    except _FAULTS:
        logger.exception("check run %s was not completed", run.pk)
        with translation.override(settings.LANGUAGE_CODE):
            message = _("核查没有算完，原因已记入系统日志。请稍后再核查一次；若仍不行，请联系平台管理员。")
        return _fail(run.pk, code="fault", message=message, actor=actor, at=at)
    return _finish(run.pk, result, took_ms=(time.perf_counter() - begin) * 1000, actor=actor, at=at)


def fail_lost(*, at: datetime) -> int:
    """Fail the checks of sites that nobody computes any more, so that they can be asked for again; return how many.

    A check takes less than a second. One that is called running after `LOST` was left by a process that is no more.
    """
    lost = CheckRun.objects.of_kind(RunKind.SITE).filter(state=RunState.RUNNING, started_at__lt=at - LOST)
    with translation.override(settings.LANGUAGE_CODE):
        message = _("核查中断了，没有结论。请再核查一次。")
        actor = Actor.system(_("系统"))
    ids = list(lost.order_by("pk").values_list("pk", flat=True))
    failed = [_fail(run_id, code="lost", message=message, actor=actor, at=at) for run_id in ids]
    return len(failed)


def examine_version(version: SiteVersion, definitions: Definitions) -> SiteResult:
    """Check a version without keeping anything; its site and project must have been loaded with it."""
    plot = Plot(shape_of(version.geom), declared(version, definitions))
    return engine.examine(loading.ground(plot, definitions), definitions)


def declared(version: SiteVersion, definitions: Definitions) -> Attributes:
    """Return what is declared for a site: what its file says; where that is silent, what is known of its project.

    Land of the project itself and of the one it is a phase or part of is never somebody else's.
    """
    said: dict[str, Any] = {name: value for name, value in version.attributes.items() if value not in (None, "", [])}
    codes: list[str | None] = [said.pop("project_code", None), *said.pop("related_codes", ())]
    project = version.site.project
    if project is not None:
        known = registry.fact_values(project.pk)
        for name, fields in definitions.declares.items():
            value = next((known[field] for field in fields if known.get(field) not in (None, "")), None)
            if name not in said and value is not None:
                said[name] = str(value) if name == "use" else float(value)
        codes += [project.code, project.parent.code if project.parent is not None else None]
    said |= {"declared_m2": version.declared_m2, "related_codes": tuple(code for code in codes if code)}
    return Attributes(**said)


def _begin(version_id: int, actor: Actor, at: datetime) -> tuple[CheckRun, SiteVersion]:
    with operation():
        version = SiteVersion.objects.select_related("site__project__parent").filter(pk=version_id).first()
        if version is None:
            raise NotFound(fields={"version": version_id})
        policies.require(policies.can_check_site(actor, version.site))
        run = CheckRun.objects.create(
            kind=RunKind.SITE,
            version=version,
            department_id=version.site.department_id,
            pack_version_id=citypack.current_id(),
            work_crs=version.work_crs,
            state=RunState.RUNNING,
            engine=f"GEOS {shapely.geos_version_string}",
            queued_at=at,
            started_at=at,
            asked_by=actor.name,
        )
        audit.record(
            stream=run.audit_stream,
            action="checks.run.started",
            actor=actor,
            at=at,
            subject=run,
            data={"kind": run.kind, "version": version.number},
        )
        return run, version


def _finish(run_id: int, result: SiteResult, *, took_ms: float, actor: Actor, at: datetime) -> CheckRun:
    with operation():
        run = _lock(run_id)
        if not run.is_unfinished:
            # given up meanwhile: it is not changed any more
            return run
        Finding.objects.bulk_create(_finding(run, number, found) for number, found in enumerate(result.findings, 1))
        Patch.objects.bulk_create(patch_row(run, number, found) for number, found in enumerate(result.patches, 1))
        run.editions = [edition.as_json() for edition in result.editions]
        run.result = summary(result, run, took_ms)
        run.finished_at = at
        return move(
            run,
            to=RunState.DONE,
            actor=actor,
            at=at,
            topic="checks.run.done",
            data=run.result["counts"],
            fields=["editions", "result", "finished_at"],
        )


def _fail(run_id: int, *, code: str, message: str, actor: Actor, at: datetime) -> CheckRun:
    with operation():
        run = _lock(run_id)
        if not run.is_unfinished:
            return run
        run.error_code, run.error, run.finished_at = code, message, at
        return move(
            run,
            to=RunState.FAILED,
            actor=actor,
            at=at,
            topic="checks.run.failed",
            data={"code": code},
            fields=["error_code", "error", "finished_at"],
        )


def _lock(run_id: int) -> CheckRun:
    runs = CheckRun.objects.select_for_update(of=("self",), no_key=True).select_related("version__site__project")
    return runs.get(pk=run_id)


def summary(result: SiteResult, run: CheckRun, took_ms: float) -> dict[str, Any]:
    """Return what a run of a site says as a whole."""
    version = run.version
    severities = [found.severity for found in result.findings]
    return {
        "area_m2": m2(result.area),
        "declared_m2": version.declared_m2 if version is not None else None,
        "repairs": version.repairs if version is not None else [],
        "totals": [row.as_json() for row in result.totals],
        "skipped": [row.as_json() for row in result.skipped],
        "inventory": [row.as_json() for row in result.inventory],
        "counts": {
            **{severity.value: severities.count(severity) for severity in Severity},
            "patches": len(result.patches),
        },
        "took_ms": round(took_ms, 1),
    }


def _finding(run: CheckRun, number: int, found: Found) -> Finding:
    kept = {key: value for key, value in found.extra.items() if key not in ("kind", "masked")}
    return Finding(
        run=run,
        number=number,
        check_code=found.check,
        layer_id=found.layer,
        edition_id=found.edition.id if found.edition else None,
        feature=found.feature or "",
        feature_name=found.name,
        overlap_m2=found.overlap_m2,
        share=found.share,
        severity=found.severity,
        kind=found.extra.get("kind", ""),
        masked=bool(found.extra.get("masked")),
        details=kept,
        geom=None if found.geometry is None else cast(geos.MultiPolygon, geos_of(multi(found.geometry))),
    )


def patch_row(run: CheckRun, number: int, found: PatchFound, *, district: str = "") -> Patch:
    """Return a patch of a run as it is kept."""
    return Patch(
        run=run,
        number=number,
        check_code=found.check,
        kind=found.kind,
        layer_id=found.layer,
        district=district,
        area_m2=found.area_m2,
        share=found.share,
        use_a=found.use_a or "",
        use_b=found.use_b or "",
        offset_m=found.offset_m,
        owner_layers=list(found.owner_layers),
        owners=list(found.owners),
        geom=cast(geos.Polygon, geos_of(found.geometry)),
    )


def multi(geometry: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a geometry as one multipolygon."""
    return MultiPolygon([part for part in overlap.polygons(geometry) if isinstance(part, Polygon)])
