"""The page of a run: everything it shows, in words, already loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.checks.states import Severity
from blueprint.layers.models import Layer
from blueprint.reports import meanings, policies, queries
from blueprint.reports.meanings import Words
from blueprint.reports.models import Report
from blueprint.reports.pages import comparing, findings, results
from blueprint.reports.pages.pictures import Atlas
from portal.core.actor import Actor


@dataclass(frozen=True, slots=True)
class RunPage:
    """What the page and the paper of a run show."""

    run: CheckRun
    title: str
    """Of the project or the idea."""
    code: str
    light: str
    verdict: str
    findings: list[findings.FindingRow]
    checks: list[results.CheckRow]
    totals: list[results.TotalRow]
    patches: list[results.PatchRow]
    skipped: list[results.SkippedRow]
    editions: list[results.EditionRow]
    repairs: list[str]
    atlas: Atlas
    words: Words
    report: Report | None
    others: list[CheckRun]
    comparison: comparing.Comparison | None
    may_issue: bool
    may_repeat: bool

    @property
    def passed(self) -> int:
        """Count the layers that pass."""
        return sum(row.light == "ok" for row in self.totals)

    @property
    def has_dates(self) -> bool:
        """Tell whether any edition says of when its data are."""
        return any(row.dated_on is not None for row in self.editions)


def run_page(run: CheckRun, actor: Actor, *, against: int | None = None, reader: Actor | None = None) -> RunPage:
    """Read a run that was found for the actor.

    :param against: another run of the same site to compare with
    :param reader: for whom maps are drawn; a paper is drawn for everybody
    """
    version = run.version
    if version is None:
        raise ValueError("a run over layers has a page of its own")
    words = meanings.words(run.pack_version_id)
    found = _findings(run)
    patches = list(Patch.objects.filter(run=run).in_order())
    others = queries.earlier(run)
    earlier = next((each for each in others if each.pk == against), None)
    layers = _layers(run, patches, earlier)
    comparison = None
    if earlier is not None:
        names = {code: layer.name for code, layer in layers.items()}
        comparison = comparing.compare(run, found, earlier, _findings(earlier), words, names)
    # what was not computed to its end has passed nothing
    light, verdict = verdict_of(found) if run.is_done else _unfinished(run)
    site = version.site
    return RunPage(
        run=run,
        title=site.project.name if site.project else site.title,
        code=(site.project.code or "") if site.project else "",
        light=light,
        verdict=verdict,
        findings=findings.rows(found, patches, words, changes=comparison.changes if comparison else None),
        checks=results.checks(run, found, words),
        totals=results.totals(run, layers, words),
        patches=results.patches(patches, layers, words),
        skipped=results.skipped(run, layers, words),
        editions=results.editions(run, layers, words.used),
        repairs=[repair(row) for row in version.repairs],
        atlas=Atlas(run, found, patches, layers, words, reader or actor),
        words=words,
        report=getattr(run, "report", None),
        others=others,
        comparison=comparison,
        may_issue=policies.can_issue(actor, run),
        may_repeat=policies.can_repeat(actor, run),
    )


def verdict_of(found: Iterable[Finding]) -> tuple[str, str]:
    """Say what findings come to as a whole: a light and its words."""
    counts = dict.fromkeys(Severity, 0)
    for each in found:
        counts[Severity(each.severity)] += 1
    if counts[Severity.STOP]:
        return "late", _("%(n)s 条不通过") % {"n": counts[Severity.STOP]}
    if counts[Severity.REVIEW]:
        return "due", _("%(n)s 条需研究") % {"n": counts[Severity.REVIEW]}
    return "ok", _("通过")


def _unfinished(run: CheckRun) -> tuple[str, str]:
    return "wait" if run.is_unfinished else "late", run.get_state_display()


def repair(row: dict[str, Any]) -> str:
    """Say what had to be repaired when the boundary was read."""
    known = {
        "duplicate_vertices": _("删去重复的顶点"),
        "make_valid": _("修复自相交"),
        "parts_dissolved": _("合并重叠的部分"),
        "open_polyline_ignored": _("没有闭合的线没有采用"),
        "other_geometry_ignored": _("点和线没有采用"),
        "crs_assumed": _("文件没有写坐标系，按城市坐标系判读"),
        "zone_assumed": _("坐标没有带号，按城市带号判读"),
        "zone_conflict": _("带号与坐标不一致，以坐标为准"),
        "degrees": _("坐标为经纬度，已投影"),
    }
    return known.get(row["code"], row["code"])


def _findings(run: CheckRun) -> list[Finding]:
    rows = Finding.objects.filter(run=run).select_related("layer__subtopic__topic", "edition")
    return list(rows.in_order())


def _layers(run: CheckRun, patches: Iterable[Patch], earlier: CheckRun | None) -> dict[str, Layer]:
    codes = {row["layer"] for part in ("totals", "skipped") for row in run.result.get(part, []) if row.get("layer")}
    codes |= {row["layer"] for row in run.editions} | {each.layer_id for each in patches if each.layer_id}
    codes |= {row["layer"] for row in (earlier.editions if earlier else [])}
    return {layer.code: layer for layer in Layer.objects.filter(code__in=codes)}
