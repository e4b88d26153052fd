"""How the units of a project descend from each other, also where several were merged into one. Pure.

A unit is named by its engineering code; no code stands for the project as a whole, from which all descend.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

#: the project as a whole
WHOLE = ""
#: characters of a code for one level
PAIR = 2


def level_of(unit: str) -> int:
    """Return the level of a unit: 0 for the project as a whole."""
    return len(unit.rpartition("-")[2]) // PAIR


def parent_of(unit: str) -> str:
    """Return the unit a code stands under by its grammar."""
    return unit[:-PAIR] if level_of(unit) > 1 else WHOLE


@dataclass(frozen=True, slots=True)
class Lines:
    """The units that may be applied for, each with those of the level above that it came from.

    A unit that is not among them (it was given up, or nobody asked) descends as its code says.
    """

    came_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def by_grammar(cls, units: Iterable[str]) -> Lines:
        """Return the lines of units none of which was merged."""
        found: dict[str, tuple[str, ...]] = {}
        for unit in units:
            step = unit
            while step != WHOLE and step not in found:
                found[step] = (parent_of(step),)
                step = parent_of(step)
        return cls(found)

    def above(self, unit: str) -> tuple[str, ...]:
        """Return what a unit came from directly; nothing for the project as a whole."""
        if unit == WHOLE:
            return ()
        return self.came_from.get(unit) or (parent_of(unit),)

    def below(self, unit: str) -> tuple[str, ...]:
        """Return what came directly from a unit, in the order of the codes."""
        return tuple(sorted(other for other in self.came_from if unit in self.above(other)))

    def ancestry(self, unit: str) -> frozenset[str]:
        """Return a unit and all it came from, the project as a whole among them."""
        found = {unit}
        for before in self.above(unit):
            found |= self.ancestry(before)
        return frozenset(found)

    def related(self, one: str, other: str) -> bool:
        """Tell whether one came from the other, or they are the same."""
        return one in self.ancestry(other) or other in self.ancestry(one)

    def covers(self, places: Collection[str], unit: str) -> bool:
        """Tell whether what was granted at some places holds for a unit.

        It does where it was granted for the unit itself or for all that it came from, so that a merged unit has it
        when each of its predecessors has; and where everything below has it.
        """
        return self._from_above(places, unit) or self._from_below(places, unit)

    def _from_above(self, places: Collection[str], unit: str) -> bool:
        if unit in places:
            return True
        above = self.above(unit)
        return bool(above) and all(self._from_above(places, before) for before in above)

    def _from_below(self, places: Collection[str], unit: str) -> bool:
        below = self.below(unit)
        return bool(below) and all(after in places or self._from_below(places, after) for after in below)

    def ends(self, level: int) -> tuple[str, ...]:
        """Return the units at which the lines end when nothing deeper than a level is looked at.

        One stage of that level has one run for each of them; an undivided project has one end.
        """
        near = [unit for unit in self.came_from if level_of(unit) <= level]
        found = [unit for unit in near if not any(level_of(after) <= level for after in self.below(unit))]
        return tuple(sorted(found)) or (WHOLE,)

    def below_undivided(self, unit: str) -> tuple[str, ...]:
        """Follow the one undivided path below a unit, the nearest first; it ends where a unit was divided or merged."""
        found: list[str] = []
        while len(below := self.below(found[-1] if found else unit)) == 1 and len(self.above(below[0])) == 1:
            found += below
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Layout:
    """What has to change so that every stage has one run for each of its units."""

    retire: tuple[int, ...]
    """Runs whose unit was divided or merged."""
    create: tuple[tuple[str, str], ...]
    """Stage and unit of the runs that are missing."""


def lay_out(lines: Lines, runs: Iterable[tuple[int, str, str]], levels: Mapping[str, int]) -> Layout:
    """Compare the runs with the units as they are now.

    A run stays when exactly one end lies in its line and in that of no other run: then it is the same line as before.
    :param runs: id, stage and unit of those that go on
    :param levels: stage -> level of the unit it is permitted under
    """
    retire: list[int] = []
    create: list[tuple[str, str]] = []
    listed = tuple(runs)
    for stage, level in levels.items():
        ends = lines.ends(level)
        own = {run: [end for end in ends if lines.related(end, unit)] for run, of, unit in listed if of == stage}
        kept = {
            run: found[0]
            for run, found in own.items()
            if len(found) == 1 and sum(found[0] in others for others in own.values()) == 1
        }
        retire += [run for run in own if run not in kept]
        create += [(stage, end) for end in ends if end not in kept.values()]
    return Layout(tuple(retire), tuple(create))
