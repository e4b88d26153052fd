"""Which of a project's documents may fill a material slot: one set of papers, never asked twice. Pure.

A document may fill any number of slots; only its material, its term, its unit and newer versions count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from projects.catalogue.definitions import MaterialDef

PRIOR_RESULT = "prior_result"
#: what an office delivered stands before a copy that the applicant brought
_RANKS = {PRIOR_RESULT: 0, "e_cert": 1, "system": 2, "third_party": 3, "applicant": 4}


@dataclass(frozen=True, slots=True)
class Paper:
    """What the rules need to know of a document."""

    id: int
    material: str
    source: str
    version: int
    unit_id: int | None
    """None: it is about the project as a whole."""
    valid_until: date | None
    """Last day of its term; None = no end."""
    is_withdrawn: bool


def usable(
    material: MaterialDef, papers: Iterable[Paper], *, on: date, units: Collection[int] = ()
) -> tuple[Paper, ...]:
    """Give the papers that may fill a slot of this material on a day, the best first.

    :param units: the unit applied for and its ancestors; another unit's papers prove nothing here
    """
    if not (material.reusable or material.source == PRIOR_RESULT):
        return ()
    standing = [
        paper
        for paper in papers
        if paper.material == material.id
        and not paper.is_withdrawn
        and (paper.unit_id is None or paper.unit_id in units)
    ]
    newest: dict[tuple[int | None, bool], Paper] = {}
    for paper in sorted(standing, key=lambda found: found.version):
        # An uploaded copy of a result is a newer version, but it does not replace the result itself.
        newest[paper.unit_id, paper.source == PRIOR_RESULT] = paper
    in_force = [paper for paper in newest.values() if paper.valid_until is None or on <= paper.valid_until]
    return tuple(sorted(in_force, key=lambda paper: (_RANKS[paper.source], paper.unit_id is None, -paper.version)))
