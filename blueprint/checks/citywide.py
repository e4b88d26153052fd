"""Two layers of the whole city against each other: where plans contradict, what an edition of a line changed. Pure.

Linear in the number of polygons: a tree finds who meets whom, all meetings are computed in one vectorised call, and
only pieces that touch and say the same are united. Figures are those of a site (blueprint contract, 4) with the city as
site; shares are left out, since a city has no declared area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from blueprint.checks import overlay
from blueprint.checks.definitions import Check, Definitions
from blueprint.checks.overlay import Box, Shapes
from blueprint.checks.results import EditionRef, PatchFound
from blueprint.checks.rules import line_difference, two_plans
from blueprint.checks.rules.patches import pieces as worth_a_patch
from blueprint.checks.states import LineChange, PlanConflict

Numbers = npt.NDArray[np.int64]
#: told how far the work is, in per cent; it may raise to stop it
Step = Callable[[float], None]
#: meetings that are computed between two looks at the clock
_AT_ONCE = 4000


def _on(percent: float) -> None:
    """Go on; for who does not watch."""


def _part(step: Step, first: float, last: float) -> Callable[[int, int], None]:
    """Return what tells how far a part of the work is: `done` of `total`, between two per cents of the whole."""
    return lambda done, total: step(first + (last - first) * done / max(total, 1))


@dataclass(frozen=True)
class Whole:
    """All features of an edition."""

    edition: EditionRef
    shapes: Shapes
    #: '' = names none
    uses: Sequence[str]

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Return the tree that finds features by place."""
        return shapely.STRtree(self.shapes)

    def meeting(self, ground: BaseGeometry | None) -> Whole:
        """Return the same with the features that meet a part of the city; all of them where none is meant."""
        if ground is None:
            return self
        kept = np.sort(self.tree.query(ground, predicate="intersects"))
        return Whole(self.edition, self.shapes[kept], [self.uses[place] for place in kept])

    def about(self, box: Box) -> Shapes:
        """Return the features whose bounds meet a box."""
        return self.shapes[self.tree.query(shapely.box(*box))]


@dataclass(frozen=True)
class _Pieces:
    """Pieces that say something, each with the number of what it says."""

    shapes: Shapes
    says: Numbers


def conflicts(
    check: Check,
    plan_a: Whole,
    plan_b: Whole,
    definitions: Definitions,
    *,
    ground: BaseGeometry | None = None,
    step: Step = _on,
) -> list[PatchFound]:
    """List the patches on which two plans contradict each other, not yet in the order of their numbers.

    :param ground: the part of the city that is asked about, as if it were the site; the whole city if None
    """
    plan_a, plan_b = plan_a.meeting(ground), plan_b.meeting(ground)
    says = _Contradictions(check, plan_a, plan_b)
    found = [
        says.of_both(_part(step, 0, 50)),
        says.of_land_without(plan_a, plan_b, _part(step, 50, 60)),
        says.of_land_without(plan_b, plan_a, _part(step, 60, 70)),
    ]
    patches = []
    for saying, part in _patches(found, check, ground, _part(step, 70, 100)):
        kind, use_a, use_b = says.words[saying]
        owning = two_plans.owner_layers(check, kind)
        patches.append(
            PatchFound(
                check=check.code,
                kind=kind,
                area=part.area,
                share=None,
                geometry=part,
                use_a=use_a or None,
                use_b=use_b or None,
                owner_layers=owning,
                owners=definitions.owners_of(owning),
            )
        )
    return patches


def difference(
    check: Check,
    new: Whole,
    old: Whole,
    definitions: Definitions,
    *,
    ground: BaseGeometry | None = None,
    step: Step = _on,
) -> list[PatchFound]:
    """List what an edition of a line added to the one before and removed from it.

    :param ground: the part of the city that is asked about, as if it were the site; the whole city if None
    """
    layer = new.edition.layer
    patches = []
    for begin, kind, has, lacks in ((0, LineChange.ADDED, new, old), (50, LineChange.REMOVED, old, new)):
        # distances are to the whole other edition, wherever it is asked about
        near = has.meeting(ground)
        changed = near.shapes[_changed(near, lacks)]
        gained = _without(changed[~_covered(changed, lacks)], lacks, _part(step, begin, begin + 25))
        found = [_Pieces(gained, np.zeros(len(gained), dtype=np.int64))]
        for _saying, part in _patches(found, check, ground, _part(step, begin + 25, begin + 50)):
            others = lacks.about(line_difference.within_reach(part))
            patches.append(
                PatchFound(
                    check=check.code,
                    kind=kind,
                    area=part.area,
                    share=None,
                    geometry=part,
                    layer=layer,
                    offset_m=line_difference.offset(part, others, touch_m=check.tolerance["touch_m"]),
                    owners=definitions.owners_of([layer]),
                )
            )
    return patches


class _Contradictions:
    """What each pair of uses says: the kind of contradiction, by number."""

    def __init__(self, check: Check, plan_a: Whole, plan_b: Whole) -> None:
        self.plan_a, self.plan_b = plan_a, plan_b
        self.uses_a, self.coded_a = _coded(plan_a.uses)
        self.uses_b, self.coded_b = _coded(plan_b.uses)
        self.words: list[tuple[PlanConflict, str, str]] = []
        #: number of what use a and use b say together, -1 for nothing
        self.table = np.full((len(self.uses_a), len(self.uses_b)), -1, dtype=np.int64)
        for row, use_a in enumerate(self.uses_a):
            for column, use_b in enumerate(self.uses_b):
                kind = two_plans.kind_of(check, use_a, use_b)
                if kind is not None:
                    self.table[row, column] = len(self.words)
                    self.words.append((kind, use_a, use_b))

    def of_both(self, step: Callable[[int, int], None]) -> _Pieces:
        """Return the land of which both plans speak, and contradict each other."""
        first, second = self.plan_b.tree.query(self.plan_a.shapes, predicate="intersects")
        says = self.table[self.coded_a[first], self.coded_b[second]]
        told = says >= 0
        of_a, of_b = self.plan_a.shapes[first[told]], self.plan_b.shapes[second[told]]
        met = [overlay.shapes([])]
        for begin in range(0, len(of_a), _AT_ONCE):
            step(begin, len(of_a))
            met.append(overlay.intersections(of_a[begin : begin + _AT_ONCE], of_b[begin : begin + _AT_ONCE]))
        return _Pieces(np.concatenate(met), says[told])

    def of_land_without(self, plan: Whole, other: Whole, step: Callable[[int, int], None]) -> _Pieces:
        """Return the construction land of a plan that no feature of the other covers."""
        turned = plan is self.plan_b
        nothing = (self.uses_a if turned else self.uses_b).index("")
        says = self.table[nothing][self.coded_b] if turned else self.table[:, nothing][self.coded_a]
        told = np.flatnonzero(says >= 0)
        uncovered = told[~_covered(plan.shapes[told], other)]
        return _Pieces(_without(plan.shapes[uncovered], other, step), says[uncovered])


def _coded(uses: Sequence[str]) -> tuple[list[str], Numbers]:
    """Return the different uses, '' among them, and the number of each feature's."""
    different = sorted({"", *uses})
    place = {use: number for number, use in enumerate(different)}
    return different, np.array([place[use] for use in uses], dtype=np.int64)


def _covered(items: Shapes, other: Whole) -> npt.NDArray[np.bool_]:
    """Tell which shapes lie in the land of a layer as a whole: one union for all of them, of what is near any."""
    near = other.shapes[np.unique(other.tree.query(items)[1])]
    is_partition = len(near) > 0 and shapely.coverage_is_valid(near)
    land = shapely.coverage_union_all(near) if is_partition else overlay.union(near)
    shapely.prepare(land)
    covered: npt.NDArray[np.bool_] = shapely.covers(land, items)
    return covered


def _without(items: Shapes, other: Whole, step: Callable[[int, int], None]) -> Shapes:
    """Return shapes less the land of a layer."""
    left = []
    for done, item in enumerate(items):
        step(done, len(items))
        near = other.shapes[other.tree.query(item, predicate="intersects")]
        left.append(shapely.difference(item, overlay.union(near)) if len(near) else item)
    return overlay.shapes(left)


def _changed(has: Whole, lacks: Whole) -> npt.NDArray[np.bool_]:
    """Tell which features are not in the other edition as they are."""
    known = set(shapely.to_wkb(lacks.shapes))
    return np.array([wkb not in known for wkb in shapely.to_wkb(has.shapes)], dtype=bool)


def _patches(
    found: Sequence[_Pieces], check: Check, ground: BaseGeometry | None, step: Callable[[int, int], None]
) -> Iterator[tuple[int, BaseGeometry]]:
    """Unite the pieces that touch and say the same, split, and drop what is not worth a patch."""
    shapes = np.concatenate([pieces.shapes for pieces in found])
    says = np.concatenate([pieces.says for pieces in found])
    if ground is not None:
        crossing = np.flatnonzero(~shapely.covered_by(shapes, ground))
        shapes[crossing] = overlay.intersection(ground, shapes[crossing])
    real = shapely.area(shapes) > 0
    if not real.any():
        return
    shapes, says = overlay.weld_cuts(shapes[real]), says[real]
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    same = (one < other) & (says[one] == says[other])
    group = _groups(len(shapes), one[same], other[same])
    order = np.argsort(group, kind="stable")
    begins = np.flatnonzero(np.diff(group[order], prepend=-1))
    for begin, end in zip(begins, [*begins[1:], len(order)], strict=True):
        step(int(end), len(order))
        members = order[begin:end]
        for part in worth_a_patch(overlay.union(shapes[members]), check.tolerance):
            yield int(says[members[0]]), part


def _groups(count: int, one: Numbers, other: Numbers) -> Numbers:
    """Return the number of the group of each of `count` things, of which pairs belong together."""
    leader = np.arange(count)
    for left, right in zip(one.tolist(), other.tolist(), strict=True):
        a, b = left, right
        while leader[a] != a:
            leader[a] = leader[leader[a]]
            a = leader[a]
        while leader[b] != b:
            leader[b] = leader[leader[b]]
            b = leader[b]
        leader[max(a, b)] = min(a, b)
    while not np.array_equal(leader, leader[leader]):
        leader = leader[leader]
    return leader
