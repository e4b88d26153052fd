"""What changed between two runs of a site, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from blueprint.checks import queries
from blueprint.checks.models import CheckRun, Finding
from blueprint.checks.queries import FindingChange
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
    compared = queries.compare(earlier, run, before, findings)
    said = {each.latest.number: _change(each) for each in compared.findings if each.after is not None}
    gone = [each.before for each in compared.findings if each.before is not None and each.after is None]
    return Comparison(
        earlier=earlier,
        changes={number: change for number, change in said.items() if change},
        gone=tuple(rows(gone, (), words)),
        area=_area(run, earlier),
        editions=tuple(
            f"{names.get(each.layer, each.layer)} {each.before or _('无')} → {each.after or _('无')}"
            for each in compared.editions
        ),
    )


def _change(each: FindingChange) -> str:
    """Say what became of a matter that is there; nothing when it is as it was, but for the noise of computing."""
    if each.before is None or each.after is None:
        return _("新出现")
    if each.before.severity != each.after.severity:
        was, now = (row.get_severity_display() for row in (each.before, each.after))
        return _("由“%(was)s”变为“%(now)s”") % {"was": was, "now": now}
    moved = each.difference_m2
    if abs(moved) <= SAME_M2:
        return ""
    return (_("多 %(area)s") if moved > 0 else _("少 %(area)s")) % {"area": say.area_m2(abs(moved), 1)}


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
