"""两规冲突: where two plans contradict each other inside the site. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
    for kind, use_a, use_b, geometry in conflicts(check, _uses(first), _uses(second), ground.plot.box_shape):
        clipped = shapely.intersection(ground.plot.geometry, geometry)
        parts = pieces(clipped, check.tolerance)
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


def conflicts(
    check: Check, plan_a: Mapping[str, BaseGeometry], plan_b: Mapping[str, BaseGeometry], area: BaseGeometry
) -> Iterator[tuple[PlanConflict, str, str, BaseGeometry]]:
    """Yield kind, both uses and where: all of it, not split, slivers and all.

    :param plan_a: use -> union of the features that have it; '' = those without one
    :param area: where to look; land no plan speaks of counts as land without a use
    """
    all_a, all_b = _complete(plan_a, area), _complete(plan_b, area)
    for use_a, where_a in all_a.items():
        for use_b, where_b in all_b.items():
            kind = kind_of(check, use_a, use_b)
            if kind is not None:
                both = shapely.intersection(where_a, where_b)
                if not both.is_empty:
                    yield kind, use_a, use_b, both


def _uses(coverage: Coverage) -> Mapping[str, BaseGeometry]:
    """Return the land of each use, of the features that have any of the site."""
    near = coverage.only(coverage.areas > 0)
    return {use: part.whole for use, part in near.by_use().items()}


def _complete(plan: Mapping[str, BaseGeometry], area: BaseGeometry) -> Mapping[str, BaseGeometry]:
    """Add the land without a use: features that name none, and what no feature covers."""
    named = overlay.union(overlay.shapes(where for use, where in plan.items() if use))
    nothing = shapely.difference(area, named)
    unnamed = plan.get("", overlay.EMPTY)
    return {**plan, "": nothing if unnamed.is_empty else overlay.union(overlay.shapes([nothing, unnamed]))}
