"""Check boundaries against the blueprint and keep nothing: `check_site FILE [FILE ...] [--json] [--crs EPSG:n]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from blueprint.checks import instant, loading
from blueprint.checks.states import Severity, Verdict
from blueprint.layers import frames


class Command(BaseCommand):
    """Print what the blueprint says of each file; exit with 1 when one was refused."""

    help = "Check boundaries (GeoJSON, SHP zip, DXF, 界址点 txt) against the blueprint; nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="an object for one file, a list for several")
        parser.add_argument("--crs", metavar="EPSG:n", help="the CRS of the coordinates, whatever the files say")

    def handle(self, *args: Any, files: list[Path], json: bool, crs: str | None, **options: Any) -> None:
        answers = instant.answers(files, frame=frames.frame(), definitions=loading.definitions(), crs=crs)
        if json:
            self.stdout.write(_as_json(answers[0] if len(answers) == 1 else answers))
        else:
            for answer in answers:
                self.stdout.write("\n".join(_lines(answer)))
        if any("error" in answer for answer in answers):
            raise SystemExit(1)


def _as_json(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False)


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    """Say a result in lines that people read."""
    if "error" in answer:
        yield f"{answer['file']}  {answer['error']['message']}（{answer['error']['code']}）"
        return
    words = {"file": answer["file"], "area": answer["area_m2"], "crs": answer["source_crs"], "ms": answer["timing_ms"]}
    yield _("%(file)s  面积 %(area).2f 平方米，坐标系 %(crs)s，用时 %(ms).0f 毫秒") % words
    for repair in answer["repairs"]:
        yield "  " + _("已修复：%s") % repair["code"]
    for row in answer["totals"]:
        figures = _figures(row["overlap_m2"], row["share"])
        yield f"  {row['check']:<14}{row['layer']:<11}{row['edition']:<10}{figures}  {Verdict(row['result']).label}"
    for row in answer["findings"]:
        about = (
            row["feature"] or row.get("reason") or row.get("kind") or row.get("relation") or row.get("indicator") or ""
        )
        figures = _figures(row["overlap_m2"], row["share"])
        severity = Severity(row["severity"]).label
        yield f"  {severity} {row['check']:<14}{row['layer'] or '':<11}{about:<12}{figures}"
    for row in answer["patches"]:
        uses = f"{row.get('use_a') or '-'}/{row.get('use_b') or '-'}" if "layer" not in row else row["layer"]
        yield f"  {row['id']} {row['kind']} {uses} {_figures(row['area_m2'], row['share'])}"
    for row in answer["skipped"]:
        yield "  " + _("未核查：%(check)s %(layer)s（%(reason)s）") % row
    yield ""


def _figures(area: float | None, share: float | None) -> str:
    said = "-" if area is None else f"{area:,.2f} m²"
    return f"{said:>18}{'' if share is None else f'{share:10.4%}'}"
