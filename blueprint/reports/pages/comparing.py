"""What changed between two runs of a site. A matter is the same when its key agrees, whatever its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from blueprint.checks.models import CheckRun, Finding
from blueprint.reports.meanings import Words
from blueprint.reports.pages.findings import FindingRow, rows
from portal.ui import words as say

#: square metres by which an area must differ to be called another one (blueprint contract, 5)
SAME_M2 = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """An earlier run beside the present one."""

    earlier: CheckRun
    changes: dict[int, str] = field(default_factory=dict)
    """Number of a finding -> what is different, in words; those that stayed are left out."""
    gone: tuple[FindingRow, ...] = ()
    """Findings of the earlier run that are no longer there."""
    area: str = ""
    """How the area of the boundary changed; empty when it did not."""
    editions: tuple[str, ...] = ()
    """Layers that were read in another edition: 永久基本农田 2023 → 2026."""

    @property
    def is_same(self) -> bool:
        return not (self.changes or self.gone or self.area or self.editions)


def compare(
    run: CheckRun,
    findings: Sequence[Finding],
    earlier: CheckRun,
    before: Sequence[Finding],
    words: Words,
    names: dict[str, str],
) -> Comparison:
    """Lay two runs of a site beside each other."""
    old = {each.key: each for each in before}
    new = {each.key for each in findings}
    changes = {}
    for each in findings:
        was = old.get(each.key)
        if was is None:
            changes[each.number] = _("新出现")
            continue
        moved = (each.overlap_m2 or 0) - (was.overlap_m2 or 0)
        if abs(moved) > SAME_M2:
            changes[each.number] = (_("多 %(area)s") if moved > 0 else _("少 %(area)s")) % {
                "area": say.area_m2(abs(moved), 1)
            }
    return Comparison(
        earlier=earlier,
        changes=changes,
        gone=tuple(rows([each for each in before if each.key not in new], (), words)),
        area=_area(run, earlier),
        editions=tuple(_editions(run, earlier, names)),
    )


def _area(run: CheckRun, earlier: CheckRun) -> str:
    if run.version is None or earlier.version is None or run.version_id == earlier.version_id:
        return ""
    difference = run.version.area_m2 - earlier.version.area_m2
    return _("红线第 %(old)s 版 → 第 %(new)s 版，面积 %(sign)s%(area)s") % {
        "old": earlier.version.number,
        "new": run.version.number,
        "sign": "+" if difference >= 0 else "−",
        "area": say.area_m2(abs(difference), 1),
    }


def _editions(run: CheckRun, earlier: CheckRun, names: dict[str, str]) -> list[str]:
    """Name the layers whose newest edition is another one than in the earlier run."""
    now, then = _newest(run), _newest(earlier)
    return [
        f"{names.get(layer, layer)} {then.get(layer, _('无'))} → {now.get(layer, _('无'))}"
        for layer in sorted(now.keys() | then.keys())
        if now.get(layer) != then.get(layer)
    ]


def _newest(run: CheckRun) -> dict[str, str]:
    newest: dict[str, str] = {}
    for row in run.editions:
        newest[row["layer"]] = max(row["edition"], newest.get(row["layer"], ""))
    return newest
