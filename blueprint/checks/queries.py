"""What changed from one run of checks to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from blueprint.checks.models import CheckRun, Finding


class Change(StrEnum):
    """What became of a finding from one run to a later one."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One matter in two runs."""

    change: Change
    before: Finding | None
    after: Finding | None

    @property
    def latest(self) -> Finding:
        """Return the finding as it was last said."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def difference_m2(self) -> float:
        """Return by how much the overlap grew; what is not there has none."""
        before, after = (row.overlap_m2 or 0.0 if row else 0.0 for row in (self.before, self.after))
        return round(after - before, 2)


@dataclass(frozen=True, slots=True)
class EditionChange:
    """A layer that was read in another edition, or in one of the runs only ("" = had none)."""

    layer: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another."""

    findings: tuple[FindingChange, ...]
    editions: tuple[EditionChange, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many findings are new, gone, changed and the same."""
        counted = Counter(row.change for row in self.findings)
        return {change.value: counted[change] for change in Change}


def compare(before: CheckRun, after: CheckRun, was: Sequence[Finding], found: Sequence[Finding]) -> Comparison:
    """Tell what changed from one run to another.

    Findings are the same matter when check, layer, feature and reason agree; what differs then is the figure, the
    gravity or what else it says. What comes twice under a key (a fid that is not unique) gets its turn in it. New
    matters come first, then what is gone, then what changed, each in the order of the runs.

    :param was: the findings of the earlier run, in their order
    :param found: those of the later run
    """
    return Comparison(tuple(_findings(was, found)), tuple(_editions(before, after)))


def _findings(was: Sequence[Finding], found: Sequence[Finding]) -> list[FindingChange]:
    then, now = _by_key(was), _by_key(found)
    changes = [FindingChange(Change.NEW, None, row) for key, row in now.items() if key not in then]
    changes += [FindingChange(Change.GONE, row, None) for key, row in then.items() if key not in now]
    both = [(then[key], row) for key, row in now.items() if key in then]
    changes += [FindingChange(Change.CHANGED, old, new) for old, new in both if _said(old) != _said(new)]
    return [*changes, *(FindingChange(Change.SAME, old, new) for old, new in both if _said(old) == _said(new))]


def _by_key(rows: Sequence[Finding]) -> dict[tuple[str, ...], Finding]:
    keyed: dict[tuple[str, ...], Finding] = {}
    turns: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        keyed[(*row.key, str(turns[row.key]))] = row
        turns[row.key] += 1
    return keyed


def _said(row: Finding) -> tuple[object, ...]:
    return (row.severity, row.overlap_m2, row.share, row.masked, row.details)


def _editions(before: CheckRun, after: CheckRun) -> Iterator[EditionChange]:
    then, now = (_current_editions(run) for run in (before, after))
    for layer in sorted(then.keys() | now.keys()):
        if then.get(layer) != now.get(layer):
            yield EditionChange(layer, then.get(layer, ""), now.get(layer, ""))


def _current_editions(run: CheckRun) -> dict[str, str]:
    """Return the edition each layer was read in; of two of a line, the later one."""
    names: dict[str, str] = {}
    for row in run.editions:
        names[row["layer"]] = max(names.get(row["layer"], ""), row["edition"])
    return names
