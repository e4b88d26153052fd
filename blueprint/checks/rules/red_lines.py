"""红线重叠与重复供地: land that was given to somebody else already. Pure."""

from __future__ import annotations

import numpy as np

from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Ground
from blueprint.checks.results import LayerTotal, Outcome, m2, ratio
from blueprint.checks.rules import overlap
from blueprint.checks.rules.needs import Needs
from blueprint.checks.states import Severity, Verdict

NEEDS = Needs(roles=("issued",), tolerance=overlap.TOLERANCE)


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """Find land of other projects; the site's own land and that of the projects it names as related do not count."""
    said = Outcome()
    attributes = ground.plot.attributes
    own = {code for code in (attributes.project_code, *attributes.related_codes) if code}
    for layer in check.layers("issued"):
        coverage = ground.current(layer)
        if coverage is None:
            continue
        foreign = coverage.only(np.array([row.project_code not in own for row in coverage.rows], dtype=bool))
        measured = overlap.measure(check, ground.plot, foreign.inside)
        share = ratio(measured.total_m2, ground.plot.area)
        verdict = Verdict.FAIL if measured.is_hit else Verdict.PASS
        said.totals.append(LayerTotal(check.code, coverage.edition, m2(measured.total_m2), share, verdict))
        said.findings += overlap.findings(check, foreign, measured, severity=Severity.STOP)
    return said
