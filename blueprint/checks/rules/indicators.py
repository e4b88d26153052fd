"""规划指标: is the design within what the plan allows? Pure."""

from __future__ import annotations

import numpy as np

from blueprint.checks import overlay
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Ground
from blueprint.checks.results import NO_EDITION, NOT_DECLARED, Found, Outcome, Skipped, m2, ratio
from blueprint.checks.rules.needs import Needs
from blueprint.checks.states import Severity

#: indicator -> 1 where the plan is an upper limit, -1 where it is a lower one
INDICATORS = {"far": 1, "density": 1, "green": -1, "height": 1}
NEEDS = Needs(single=("blocks",), tolerance=(*INDICATORS, "piece_m2"))


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """Compare each declared figure with the mean of the blocks that have one, weighted by their area in the site."""
    layer = check.layer("blocks")
    coverage, attributes = ground.current(layer), ground.plot.attributes
    declared = {name: value for name in INDICATORS if (value := getattr(attributes, name)) is not None}
    if coverage is None:
        return Outcome(skipped=[Skipped(check.code, layer, NO_EDITION)])
    if not declared:
        return Outcome(skipped=[Skipped(check.code, layer, NOT_DECLARED)])
    said = Outcome()
    in_site = coverage.areas >= check.tolerance["piece_m2"]
    for name, design in declared.items():
        values = np.array([getattr(row, name) for row in coverage.rows], dtype=float)
        counted = in_site & ~np.isnan(values)
        if not counted.any():
            continue
        areas = coverage.areas[counted]
        plan = float((areas * values[counted]).sum() / areas.sum())
        if (design - plan) * INDICATORS[name] > check.tolerance[name]:
            said.findings.append(
                Found(
                    check=check.code,
                    severity=Severity.STOP,
                    edition=coverage.edition,
                    overlap_m2=m2(areas.sum()),
                    share=ratio(areas.sum(), ground.plot.area),
                    extra={"indicator": name, "design": design, "plan": round(plan, 4)},
                    geometry=overlay.union(coverage.pieces[counted]),
                )
            )
    return said
