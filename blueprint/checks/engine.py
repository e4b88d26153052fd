"""Check a site: all rules of the pack over what lies about it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from blueprint.checks.definitions import Definitions
from blueprint.checks.ground import Ground
from blueprint.checks.results import InventoryRow, Outcome, PatchFound, SiteResult
from blueprint.checks.rules import RULES
from blueprint.checks.states import LineChange, PlanConflict

#: in this order patches are numbered
_KINDS: Mapping[str, int] = {str(kind): index for index, kind in enumerate((*PlanConflict, *LineChange))}


def examine(ground: Ground, definitions: Definitions) -> SiteResult:
    """Apply every rule whose check the pack defines, in the order of the contract, and number the patches."""
    said = Outcome()
    for code, rule in RULES.items():
        if code in definitions.checks:
            said.add(rule.judge(definitions.checks[code], ground, definitions))
    return SiteResult(
        area=ground.plot.area,
        editions=ground.editions,
        findings=tuple(said.findings),
        patches=tuple(sorted(said.patches, key=_order)),
        totals=tuple(said.totals),
        skipped=tuple(said.skipped),
        inventory=_inventory(ground, without=definitions.masked),
    )


def _order(patch: PatchFound) -> tuple[object, ...]:
    """Sort by kind, layer, falling area, uses; what is equal in all by place, so that a repeat numbers alike."""
    place = patch.geometry.bounds
    return (_KINDS[patch.kind], patch.layer or "", -patch.area_m2, patch.use_a or "", patch.use_b or "", place)


def _inventory(ground: Ground, *, without: Collection[str]) -> tuple[InventoryRow, ...]:
    """Sum up every layer that has anything in the site, but those of which no figures are told."""
    return tuple(InventoryRow(*row) for row in ground.inventory() if row[0].layer not in without)
