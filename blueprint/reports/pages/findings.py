"""One finding in words: what it is about, how much, what it means, who can resolve it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from blueprint.checks.models import Finding, Patch
from blueprint.checks.states import Severity
from blueprint.reports.meanings import Meaning, Words
from blueprint.reports.pages.kinds import kind
from portal.ui import words as say

LIGHTS = {Severity.STOP: "late", Severity.REVIEW: "due", Severity.INFO: "wait"}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A line of the list beside the map."""

    number: int
    severity: str
    light: str
    word: str
    """Of the severity."""
    title: str
    layer: str
    topic: str
    edition: str
    area: str
    share: str
    sentences: tuple[str, ...]
    meaning: Meaning
    patches: tuple[str, ...]
    has_shape: bool
    change: str = ""
    """Against an earlier run: new, more, less; empty without one, or when nothing changed."""

    @property
    def key(self) -> str:
        """Name the finding for the map beside the list."""
        return f"F{self.number}"


def rows(
    findings: Sequence[Finding],
    patches: Sequence[Patch],
    words: Words,
    *,
    changes: dict[int, str] | None = None,
) -> list[FindingRow]:
    """Put findings into words; their layers with topics and editions are loaded."""
    return [_row(each, patches, words, (changes or {}).get(each.number, "")) for each in findings]


def _row(finding: Finding, patches: Sequence[Patch], words: Words, change: str) -> FindingRow:
    layer = finding.layer
    return FindingRow(
        number=finding.number,
        severity=finding.severity,
        light=LIGHTS[Severity(finding.severity)],
        word=finding.get_severity_display(),
        title=_title(finding, words),
        layer=layer.name if layer else "",
        topic=layer.subtopic.topic.name if layer else "",
        edition=finding.edition.name if finding.edition else "",
        area=say.area_m2(finding.overlap_m2, 1) if finding.overlap_m2 is not None else "",
        share=f"{say.number(finding.share * 100, 2)}%" if finding.share is not None else "",
        sentences=tuple(_sentences(finding, words)),
        meaning=words.meaning_of(finding),
        patches=tuple(each.code for each in patches if _belongs(each, finding)),
        has_shape=finding.geom is not None,
        change=change,
    )


def _title(finding: Finding, words: Words) -> str:
    """Name what was found: the feature of the layer where there is one, else what the check is about."""
    details = finding.details
    layer = finding.layer.name if finding.layer else ""
    if finding.masked:
        return layer
    if finding.kind:
        return kind(finding.kind)
    if details.get("relation") == "outside":
        return _("%(layer)s以外") % {"layer": layer}
    if "indicator" in details:
        return indicator(details["indicator"])
    if details.get("reason") == "other_use":
        return words.use(details["use"]) if details.get("use") else _("没有规划用途")
    feature = finding.feature_name or finding.feature
    if feature:
        return f"{layer} {feature}"
    return layer or words.checks.get(finding.check_code, finding.check_code)


def _sentences(finding: Finding, words: Words) -> Iterator[str]:
    """Say the figures of a finding that are not its area."""
    details = finding.details
    if finding.masked:
        return
    if "indicator" in details:
        yield _("申报 %(design)s，规划 %(plan)s") % {
            "design": measured(details["indicator"], details["design"]),
            "plan": measured(details["indicator"], details["plan"]),
        }
    if details.get("reason") == "mismatch":
        yield _("与申报用途不一致的部分")
    if details.get("reason") == "no_plan":
        yield _("没有控规地块的部分")
    if "added_m2" in details:
        yield _("%(old)s 版到 %(new)s 版：增加 %(added)s，减少 %(removed)s") % {
            "old": details.get("from", ""),
            "new": finding.edition.name if finding.edition else "",
            "added": say.area_m2(details["added_m2"], 1),
            "removed": say.area_m2(details["removed_m2"], 1),
        }
        if details.get("moved_m") is not None:
            yield _("边线最大偏移 %(moved)s 米") % {"moved": say.number(details["moved_m"], 2)}
    if "declared_m2" in details:
        yield _("申报 %(declared)s，相差 %(share)s%%") % {
            "declared": say.area_m2(details["declared_m2"], 2),
            "share": say.number((finding.share or 0) * 100, 2),
        }


def indicator(name: str) -> str:
    """Name an indicator of the plan."""
    return {
        "far": _("容积率"),
        "density": _("建筑密度"),
        "green": _("绿地率"),
        "height": _("建筑高度"),
    }.get(name, name)


def measured(name: str, value: float) -> str:
    """Write the value of an indicator with its unit."""
    unit = {"density": "%", "green": "%", "height": f"{say.SPACE}m"}.get(name, "")
    return f"{say.number(value, 2)}{unit}"


def _belongs(patch: Patch, finding: Finding) -> bool:
    """Tell whether a patch is a part of what a finding sums up."""
    if patch.check_code != finding.check_code:
        return False
    return patch.kind == finding.kind if finding.kind else patch.layer_id == finding.layer_id
