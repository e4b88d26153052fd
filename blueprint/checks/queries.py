"""Read runs: a run with what it found, and what changed from one run to another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from blueprint.checks.models import CheckRun, Finding, Patch


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
class PatchChange:
    """Patches of one kind, layer and pair of uses: how many, and how much, in both runs."""

    check_code: str
    kind: str
    layer: str
    use_a: str
    use_b: str
    before: int
    after: int
    before_m2: float
    after_m2: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one run to another."""

    before: CheckRun
    after: CheckRun
    same_boundary: bool
    findings: tuple[FindingChange, ...]
    editions: tuple[EditionChange, ...]
    patches: tuple[PatchChange, ...]
    """Only groups that differ."""

    @property
    def counts(self) -> dict[str, int]:
        """Return how many findings are new, gone, changed and the same."""
        counted = Counter(row.change for row in self.findings)
        return {change.value: counted[change] for change in Change}


def run_with_findings(run_id: int) -> CheckRun | None:
    """Give a run with its version, site, project, findings and patches in their order; five statements."""
    return (
        CheckRun.objects.select_related("version__site__project", "department", "pack_version")
        .prefetch_related("findings__layer", "findings__edition", "patches__layer")
        .filter(pk=run_id)
        .first()
    )


def runs_of_site(site_id: int, *, limit: int = 20) -> list[CheckRun]:
    """List the last runs of a site, the newest first, with their versions."""
    return list(CheckRun.objects.of_site(site_id).newest_first().select_related("version")[:limit])


def compare(before: CheckRun, after: CheckRun) -> Comparison:
    """Tell what changed from one run to another: four statements, whatever the number of findings.

    Findings are the same matter when check, layer, feature and reason agree; what differs then is the figure, the
    gravity or what else it says. New matters come first, then what is gone, then what changed, each in the order of the
    runs.
    """
    return Comparison(
        before=before,
        after=after,
        same_boundary=before.version_id == after.version_id,
        findings=tuple(_findings(before, after)),
        editions=tuple(_editions(before, after)),
        patches=tuple(_patches(before, after)),
    )


def _findings(before: CheckRun, after: CheckRun) -> Iterable[FindingChange]:
    then, now = (_by_key(run) for run in (before, after))
    changes = [FindingChange(Change.NEW, None, row) for key, row in now.items() if key not in then]
    changes += [FindingChange(Change.GONE, row, None) for key, row in then.items() if key not in now]
    both = [(then[key], row) for key, row in now.items() if key in then]
    changes += [FindingChange(Change.CHANGED, old, new) for old, new in both if _said(old) != _said(new)]
    return [*changes, *(FindingChange(Change.SAME, old, new) for old, new in both if _said(old) == _said(new))]


def _by_key(run: CheckRun) -> dict[tuple[str, ...], Finding]:
    """Key the findings of a run; what comes twice under a key (a fid that is not unique) gets its turn in it."""
    keyed: dict[tuple[str, ...], Finding] = {}
    turns: Counter[tuple[str, ...]] = Counter()
    for row in run.findings.in_order().select_related("layer", "edition").defer("geom"):
        keyed[(*row.key, str(turns[row.key]))] = row
        turns[row.key] += 1
    return keyed


def _said(row: Finding) -> tuple[object, ...]:
    return (row.severity, row.overlap_m2, row.share, row.masked, row.details)


def _editions(before: CheckRun, after: CheckRun) -> Iterable[EditionChange]:
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


def _patches(before: CheckRun, after: CheckRun) -> Iterable[PatchChange]:
    then, now = (_patch_sums(run) for run in (before, after))
    for key in sorted(then.keys() | now.keys()):
        old, new = then.get(key, (0, 0.0)), now.get(key, (0, 0.0))
        if old != new:
            yield PatchChange(*key, before=old[0], after=new[0], before_m2=old[1], after_m2=new[1])


def _patch_sums(run: CheckRun) -> dict[tuple[str, str, str, str, str], tuple[int, float]]:
    areas: dict[tuple[str, str, str, str, str], list[float]] = defaultdict(list)
    for check, kind, layer, use_a, use_b, area in Patch.objects.filter(run=run).values_list(
        "check_code", "kind", "layer_id", "use_a", "use_b", "area_m2"
    ):
        areas[check, kind, layer or "", use_a, use_b].append(area)
    return {key: (len(found), round(sum(found), 2)) for key, found in areas.items()}
