"""控制线侵占: 五线, clearance, and zones of which no more is told than that there is one. Pure."""

from __future__ import annotations

import numpy as np

from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Coverage, Ground
from blueprint.checks.results import Found, LayerTotal, Outcome, m2, ratio
from blueprint.checks.rules import overlap
from blueprint.checks.rules.needs import Needs
from blueprint.checks.states import Severity, Verdict

NEEDS = Needs(roles=("forbid", "consult", "surface", "masked"), tolerance=(*overlap.TOLERANCE, "height"))


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """Find what lies on a control line, or rises above a surface."""
    said = Outcome()
    surfaces = set(check.layers("surface"))
    for layer in check.layers("forbid", "consult"):
        coverage = ground.current(layer)
        if coverage is None:
            continue
        forbids = check.role_of(layer, "forbid", "consult") == "forbid"
        if layer in surfaces and ground.plot.attributes.height is not None:
            coverage = below(coverage, ground.plot.attributes.height, tolerance=check.tolerance["height"])
            forbids = True
        severity, failed = (Severity.STOP, Verdict.FAIL) if forbids else (Severity.REVIEW, Verdict.WARN)
        measured = overlap.measure(check, ground.plot, coverage.inside)
        verdict = failed if measured.is_hit else Verdict.PASS
        if layer in definitions.masked:
            said.totals.append(LayerTotal(check.code, coverage.edition, None, None, verdict))
            if measured.is_hit:
                found = Found(check=check.code, severity=severity, edition=coverage.edition, extra={"masked": True})
                said.findings.append(found)
            continue
        share = ratio(measured.total_m2, ground.plot.area)
        said.totals.append(LayerTotal(check.code, coverage.edition, m2(measured.total_m2), share, verdict))
        said.findings += overlap.findings(check, coverage, measured, severity=severity)
    return said


def below(coverage: Coverage, height: float, *, tolerance: float) -> Coverage:
    """Keep the surfaces a building of this height would pierce; one without a height forbids every building."""
    pierced = [row.height is None or row.height + tolerance < height for row in coverage.rows]
    return coverage.only(np.array(pierced, dtype=bool))
