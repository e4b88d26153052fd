"""数据质量: does the declared area agree with the boundary? Everything else was judged when the file was read. Pure."""

from __future__ import annotations

from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Ground
from blueprint.checks.results import Found, Outcome, m2, ratio
from blueprint.checks.rules.needs import Needs
from blueprint.checks.states import Severity

NEEDS = Needs(tolerance=("area_rel",))


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """Compare the declared area with the computed one."""
    declared, area = ground.plot.attributes.declared_m2, ground.plot.area
    if declared is None or abs(declared - area) / area <= check.tolerance["area_rel"]:
        return Outcome()
    said = {"reason": "area_mismatch", "declared_m2": m2(declared)}
    found = Found(check=check.code, severity=Severity.REVIEW, share=ratio(abs(declared - area), area), extra=said)
    return Outcome(findings=[found])
