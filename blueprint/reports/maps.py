"""The map in the browser beside the findings: the boundary, what was found, the patches."""

from __future__ import annotations

from typing import Any

from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.layers import maps
from portal.ui.maps import Overlay, collection


def run_map(run: CheckRun, *, label: str) -> dict[str, Any]:
    """Return the map of a run for components/_map.html; ids of features are those of the list beside it."""
    if run.version is None:
        raise ValueError("a run over layers has no site to show")
    crs = run.work_crs
    site = maps.shape(run.version.geom, work_crs=crs, id="site")
    findings = [
        maps.shape(each.geom, work_crs=crs, id=f"F{each.number}", tone=each.severity, label=str(each.number))
        for each in Finding.objects.filter(run=run, geom__isnull=False).in_order()
    ]
    patches = [
        maps.shape(each.geom, work_crs=crs, id=each.code, tone=_tone(each), label=each.code)
        for each in Patch.objects.filter(run=run).in_order()
    ]
    return maps.view(
        overlays=[
            Overlay(id="site", features=collection([site]), tone="site", fill=0.08),
            Overlay(id="patches", features=collection(patches), fill=0.2, dashed=True),
            Overlay(id="findings", features=collection(findings), fill=0.4),
        ],
        label=label,
    )


def _tone(patch: Patch) -> str:
    return patch.kind if patch.kind in ("added", "removed") else "info"
