"""The rest of a run in words: what each check came to, totals of layers, patches, what was skipped, editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.checks.states import Severity, Verdict
from blueprint.layers.models import Edition, Layer
from blueprint.reports.meanings import Words
from blueprint.reports.pages.findings import LIGHTS
from blueprint.reports.pages.kinds import kind
from portal.ui import words as say

VERDICT_LIGHTS = {Verdict.PASS: "ok", Verdict.WARN: "due", Verdict.FAIL: "late"}
WEIGHT = {Severity.STOP: 0, Severity.REVIEW: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What one check came to."""

    name: str
    light: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One layer that was laid over the site, hit or not."""

    check: str
    layer: str
    edition: str
    area: str
    share: str
    light: str
    word: str


@dataclass(frozen=True, slots=True)
class PatchRow:
    """One piece of a difference."""

    code: str
    kind: str
    layer: str
    area: str
    share: str
    uses: str
    offset: str
    owners: str


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A check that could not be made, and why."""

    check: str
    layer: str
    reason: str


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition that was read."""

    layer: str
    name: str
    source: str
    dated_on: date | None


def checks(run: CheckRun, findings: Sequence[Finding], words: Words) -> list[CheckRow]:
    """Say of each check of the pack what it came to, in the pack's order."""
    skipped = {row["check"] for row in run.result.get("skipped", [])}
    counted = {row["check"] for row in run.result.get("totals", [])}
    found: dict[str, list[Severity]] = {}
    for finding in findings:
        found.setdefault(finding.check_code, []).append(Severity(finding.severity))
    rows = []
    for code, name in words.checks.items():
        if code in found:
            worst = min(found[code], key=WEIGHT.__getitem__)
            rows.append(CheckRow(name, LIGHTS[worst], str(worst.label), len(found[code])))
        elif code in skipped and code not in counted:
            rows.append(CheckRow(name, "off", _("没有核查"), 0))
        else:
            rows.append(CheckRow(name, "ok", str(Verdict.PASS.label), 0))
    return rows


def totals(run: CheckRun, layers: Mapping[str, Layer], words: Words) -> list[TotalRow]:
    """Say of each layer how much of the site lies in it, also where that is nothing."""
    return [_total(row, layers, words) for row in run.result.get("totals", [])]


def _total(row: Mapping[str, Any], layers: Mapping[str, Layer], words: Words) -> TotalRow:
    verdict = Verdict(row["result"])
    masked = row.get("masked") or row.get("overlap_m2") is None
    word = _("需征询") if masked and verdict != Verdict.PASS else str(verdict.label)
    return TotalRow(
        check=words.checks.get(row["check"], row["check"]),
        layer=layer_name(layers, row["layer"]),
        edition=row.get("edition") or "",
        area=say.NONE if masked else say.area_m2(row["overlap_m2"], 1),
        share=say.NONE if masked else f"{say.number((row.get('share') or 0) * 100, 2)}%",
        light=VERDICT_LIGHTS[verdict],
        word=word,
    )


def patches(rows: Sequence[Patch], layers: Mapping[str, Layer], words: Words) -> list[PatchRow]:
    """Put the pieces of differences into words."""
    return [
        PatchRow(
            code=row.code,
            kind=kind(row.kind),
            layer=layer_name(layers, row.layer_id) if row.layer_id else "",
            area=say.area_m2(row.area_m2, 1),
            share=f"{say.number(row.share * 100, 2)}%" if row.share is not None else "",
            uses=_uses(row, words),
            offset=f"{say.number(row.offset_m, 2)}{say.SPACE}m" if row.offset_m is not None else "",
            owners=_("、").join(words.short_names(row.owners)),
        )
        for row in rows
    ]


def _uses(row: Patch, words: Words) -> str:
    if not row.use_a and not row.use_b:
        return ""
    sides = (words.use(code) if code else _("无") for code in (row.use_a, row.use_b))
    return " → ".join(sides)


def skipped(run: CheckRun, layers: Mapping[str, Layer], words: Words) -> list[SkippedRow]:
    """Say what was not checked and why."""
    reasons = {"no_edition": _("这个图层还没有发布的数据"), "not_declared": _("没有申报这项用途或指标")}
    return [
        SkippedRow(
            check=words.checks.get(row["check"], row["check"]),
            layer=layer_name(layers, row.get("layer")),
            reason=reasons.get(row["reason"], row["reason"]),
        )
        for row in run.result.get("skipped", [])
    ]


def editions(run: CheckRun, layers: Mapping[str, Layer], used: frozenset[str]) -> list[EditionRow]:
    """List what the checks are about, with source and date; a run also reads all other layers, for its inventory."""
    ids = [row["edition_id"] for row in run.editions if row["layer"] in used]
    kept = Edition.objects.only("pk", "source", "dated_on").in_bulk(ids)
    rows = []
    for row in run.editions:
        if row["layer"] not in used:
            continue
        edition = kept.get(row.get("edition_id"))
        rows.append(
            EditionRow(
                layer=f"{row['layer']} {layer_name(layers, row['layer'])}",
                name=row["edition"],
                source=edition.source if edition else "",
                dated_on=edition.dated_on if edition else None,
            )
        )
    return rows


def layer_name(layers: Mapping[str, Layer], code: str | None) -> str:
    """Name a layer by its code."""
    if not code:
        return ""
    return layers[code].name if code in layers else code
