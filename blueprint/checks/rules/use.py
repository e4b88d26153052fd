"""用途一致: does the plan give the site the use it declares? Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.checks import overlay
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Coverage, Ground
from blueprint.checks.results import NO_EDITION, NOT_DECLARED, Found, Outcome, Skipped, m2, ratio
from blueprint.checks.rules.needs import Needs
from blueprint.checks.states import Severity

NEEDS = Needs(single=("blocks",), tolerance=("share", "planned_share", "area_abs_m2", "piece_m2"))


def agree(one: str, other: str) -> bool:
    """Tell whether two codes of uses are the same, or one is the finer code of the other."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """Compare the declared use with the blocks of the plan; an area counts once, however many blocks lie there."""
    layer = check.layer("blocks")
    coverage, declared = ground.current(layer), ground.plot.attributes.use
    if coverage is None:
        return Outcome(skipped=[Skipped(check.code, layer, NO_EDITION)])
    if not declared:
        return Outcome(skipped=[Skipped(check.code, layer, NOT_DECLARED)])
    blocks = coverage.only(coverage.areas >= check.tolerance["piece_m2"])
    whole = ground.plot.area
    uncovered = blocks.outside
    if float(whole - uncovered.area) < check.tolerance["planned_share"] * whole:
        return Outcome(findings=[_finding(check, blocks, Severity.REVIEW, "no_plan", uncovered)])
    said = Outcome()
    agreeing = blocks.only(np.array([agree(row.use, declared) for row in blocks.rows], dtype=bool))
    if agreeing.inside.area < (1 - check.tolerance["share"]) * whole:
        said.findings.append(_finding(check, blocks, Severity.STOP, "mismatch", agreeing.outside))
    said.findings += _others(check, blocks, declared, uncovered)
    return said


def _others(check: Check, blocks: Coverage, declared: str, uncovered: BaseGeometry) -> Iterable[Found]:
    """List the other uses that are no trifle, the largest first; what no block or none with a use covers is null."""
    areas = {use: part.inside for use, part in blocks.by_use().items() if not agree(use, declared)}
    areas[""] = overlay.union(overlay.shapes([uncovered, areas[""]])) if "" in areas else uncovered
    whole = blocks.plot.area
    for use, geometry in sorted(areas.items(), key=lambda item: (-round(item[1].area, 2), item[0])):
        if geometry.area > check.tolerance["share"] * whole and geometry.area > check.tolerance["area_abs_m2"]:
            yield _finding(check, blocks, Severity.INFO, "other_use", geometry, use=use or None)


def _finding(check: Check, blocks: Coverage, severity: str, reason: str, geometry: BaseGeometry, **more: Any) -> Found:
    return Found(
        check=check.code,
        severity=severity,
        edition=blocks.edition,
        overlap_m2=m2(shapely.area(geometry)),
        share=ratio(shapely.area(geometry), blocks.plot.area),
        extra={"reason": reason, **more},
        geometry=geometry,
    )
