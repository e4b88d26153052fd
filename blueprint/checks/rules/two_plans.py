"""两规冲突: where two plans contradict each other inside the site. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.checks import overlay
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.ground import Coverage, Ground
from blueprint.checks.results import NO_EDITION, Found, Outcome, PatchFound, Skipped, m2, ratio
from blueprint.checks.rules.needs import Needs
from blueprint.checks.rules.patches import pieces
from blueprint.checks.states import PlanConflict, Severity

NEEDS = Needs(single=("plan_a", "plan_b"), tolerance=("area_abs_m2", "sliver_ratio_m"), construction=True)


def kind_of(check: Check, use_a: str, use_b: str) -> PlanConflict | None:
    """Return how two uses contradict each other; '' is land without a use."""
    in_a, in_b = check.is_construction(use_a), check.is_construction(use_b)
    if in_a and in_b:
        return PlanConflict.USES_DIFFER if use_a[:2] != use_b[:2] else None
    if in_a:
        return PlanConflict.ONLY_A
    return PlanConflict.ONLY_B if in_b else None


def owner_layers(check: Check, kind: PlanConflict) -> tuple[str, ...]:
    """Return the plans to amend: the one that lacks what the other has, or both."""
    plan_a, plan_b = check.layer("plan_a"), check.layer("plan_b")
    return {
        PlanConflict.ONLY_A: (plan_b,),
        PlanConflict.ONLY_B: (plan_a,),
        PlanConflict.USES_DIFFER: (plan_a, plan_b),
    }[kind]


def judge(check: Check, ground: Ground, definitions: Definitions) -> Outcome:
    """List the patches on which the plans differ in construction land, with who has to amend which plan."""
    plans = {role: ground.current(check.layer(role)) for role in ("plan_a", "plan_b")}
    missing = next((check.layer(role) for role, coverage in plans.items() if coverage is None), None)
    first, second = plans["plan_a"], plans["plan_b"]
    if first is None or second is None:
        return Outcome(skipped=[Skipped(check.code, str(missing), NO_EDITION)])
    said = Outcome()
    whole = ground.plot.area
    plot = ground.plot.geometry
    for kind, use_a, use_b, geometry in conflicts(check, _Land(first), _Land(second)):
        parts = pieces(shapely.intersection(plot, geometry), check.tolerance)
        owning = owner_layers(check, kind)
        said.patches += [
            PatchFound(
                check=check.code,
                kind=kind,
                area=part.area,
                share=ratio(part.area, whole),
                geometry=part,
                use_a=use_a or None,
                use_b=use_b or None,
                owner_layers=owning,
                owners=definitions.owners_of(owning),
            )
            for part in parts
        ]
    for kind in PlanConflict:
        patches = [patch for patch in said.patches if patch.kind == kind]
        area = sum(patch.area for patch in patches)
        if patches:
            said.findings.append(
                Found(
                    check=check.code,
                    severity=Severity.INFO,
                    edition=second.edition,
                    overlap_m2=m2(area),
                    share=ratio(area, whole),
                    extra={"kind": str(kind)},
                    geometry=overlay.together(patch.geometry for patch in patches),
                )
            )
    return said


class _Land:
    """The land of each use in a plan, exact near the site; '' is land without a use."""

    def __init__(self, coverage: Coverage) -> None:
        self._plot = coverage.plot
        self._near = coverage.only(shapely.intersects(self._plot.geometry, coverage.shapes))
        self._parts = self._near.by_use()
        self._known: dict[str, BaseGeometry] = {}
        self.uses = [use for use in self._parts if use]
        if "" in self._parts or not self._is_covered():
            self.uses.append("")

    def _is_covered(self) -> bool:
        """Tell whether one feature alone covers the site: the common case, in which nothing is left without a use."""
        return bool(shapely.covers(self._near.shapes, self._plot.geometry).any())

    def of(self, use: str) -> BaseGeometry:
        """Return the land of a use: the union of the features that have it."""
        if use not in self._known:
            self._known[use] = self._parts[use].whole if use else self._without_use()
        return self._known[use]

    def _without_use(self) -> BaseGeometry:
        """Return the land of features that name no use, and what no feature covers."""
        named = overlay.union(overlay.shapes(self.of(use) for use in self._parts if use))
        nothing = shapely.difference(self._plot.box_shape, named)
        return overlay.union(overlay.shapes([nothing, self._parts[""].whole])) if "" in self._parts else nothing


def conflicts(check: Check, plan_a: _Land, plan_b: _Land) -> Iterator[tuple[PlanConflict, str, str, BaseGeometry]]:
    """Yield kind, both uses and where near the site: all of it, not split, slivers and all."""
    for use_a in plan_a.uses:
        for use_b in plan_b.uses:
            kind = kind_of(check, use_a, use_b)
            if kind is not None:
                both = shapely.intersection(plan_a.of(use_a), plan_b.of(use_b))
                if not both.is_empty:
                    yield kind, use_a, use_b, both
