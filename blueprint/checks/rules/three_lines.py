"""三区三线: what no site may touch, and what it should lie within. Pure."""

from __future__ import annotations

from blueprint.checks import overlay
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Ground
from blueprint.checks.results import NO_EDITION, Found, LayerTotal, Outcome, Skipped, m2, ratio
from blueprint.checks.rules import overlap
from blueprint.checks.rules.needs import Needs
from blueprint.checks.states import Severity, Verdict

NEEDS = Needs(roles=("forbid", "contain"), tolerance=(*overlap.TOLERANCE, "area_rel"))


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """Find what lies on a line that forbids building, and what lies outside one that should contain the site."""
    said = Outcome()
    containing = set(check.layers("contain"))
    for layer in check.layers("forbid", "contain"):
        coverage = ground.current(layer)
        if coverage is None:
            said.skipped.append(Skipped(check.code, layer, NO_EDITION))
            continue
        outside = layer in containing
        measured = overlap.measure(check, ground.plot, coverage.outside if outside else coverage.inside)
        share = ratio(measured.total_m2, ground.plot.area)
        failed = Verdict.WARN if outside else Verdict.FAIL
        verdict = failed if measured.is_hit else Verdict.PASS
        said.totals.append(LayerTotal(check.code, coverage.edition, m2(measured.total_m2), share, verdict))
        if not outside:
            said.findings += overlap.findings(check, coverage, measured, severity=Severity.STOP)
        elif measured.is_hit:
            said.findings.append(
                Found(
                    check=check.code,
                    severity=Severity.REVIEW,
                    edition=coverage.edition,
                    overlap_m2=m2(measured.total_m2),
                    share=share,
                    extra={"relation": "outside"},
                    geometry=overlay.together(measured.parts),
                )
            )
    return said
