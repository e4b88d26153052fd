"""One finding per feature of a layer that is hit (blueprint contract, 3). Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.checks import overlay
from blueprint.checks.definitions import Check
from blueprint.checks.ground import Coverage, Plot
from blueprint.checks.results import Found, m2, ratio
from blueprint.geometry import overlap
from blueprint.geometry.overlap import Overlap, Tolerance

TOLERANCE = ("area_abs_m2", "sliver_ratio_m", "piece_m2")


def measure(check: Check, plot: Plot, geometry: BaseGeometry) -> Overlap:
    """Tell what of a layer counts in the site, with the check's tolerances."""
    return overlap.measure(geometry, Tolerance.of_check({"tolerance": check.tolerance}), site_m2=plot.area)


def findings(check: Check, coverage: Coverage, measured: Overlap, *, severity: str) -> Iterator[Found]:
    """Yield one finding per feature with what it has of the kept parts, the largest first."""
    if not measured.is_hit:
        return
    pieces, areas = coverage.pieces, coverage.areas
    if measured.has_slivers:
        pieces = shapely.intersection(overlay.together(measured.parts), coverage.shapes)
        areas = shapely.area(pieces)
    plot = coverage.plot
    counted = np.flatnonzero(areas >= check.tolerance["piece_m2"])
    for index in counted[np.argsort(-areas[counted], kind="stable")]:
        row = coverage.rows[index]
        yield Found(
            check=check.code,
            severity=severity,
            edition=coverage.edition,
            feature=row.fid,
            name=row.name,
            overlap_m2=m2(areas[index]),
            share=ratio(areas[index], plot.area),
            geometry=pieces[index],
        )
