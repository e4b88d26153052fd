"""The maps of a run, drawn on the server: the site among the layers, then one for each check that found something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.gis.geos import Polygon as GeosPolygon
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from blueprint.checks.models import CheckRun, Finding, Patch
from blueprint.geometry import drawing
from blueprint.geometry.drawing import TONES, Ink, Mark, Plate, Sheet
from blueprint.geometry.stored import shape_of
from blueprint.layers import policies as layers
from blueprint.layers.models import Feature, Layer
from blueprint.reports.meanings import Words
from portal.core.actor import Actor

WIDTH_MM, HEIGHT_MM = 166.0, 100.0
#: layers and features in one picture at most; the list beside it is complete
MOST_LAYERS, MOST_FEATURES = 8, 4000


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A sample of an ink and what it stands for."""

    sample: SafeString
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A map with its title and legend."""

    key: str
    title: str
    svg: SafeString
    legend: tuple[LegendRow, ...]


class Atlas:
    """Draws the maps of one run; the features around the site are read for the first, once for all."""

    def __init__(
        self,
        run: CheckRun,
        findings: Sequence[Finding],
        patches: Sequence[Patch],
        named: dict[str, Layer],
        words: Words,
        reader: Actor,
    ) -> None:
        if run.version is None:
            raise ValueError("a run over layers has no site to draw")
        self._run, self._findings, self._patches, self._layers, self._words = run, findings, patches, named, words
        self.site = shape_of(run.version.geom)
        self._reader = reader

    def overview(self) -> Picture:
        """Draw the site with everything that was found."""
        hit = [row["layer"] for row in self._run.result.get("totals", []) if row["result"] != "pass"]
        found = [each.layer_id for each in self._findings if each.layer_id]
        order = dict.fromkeys([*hit, *found, *self._around])
        return self._draw("overview", _("总图"), order, self._findings, ())

    def of_checks(self) -> list[Picture]:
        """Draw a map for each check that found something with a place."""
        pictures = []
        for code, name in self._words.checks.items():
            findings = [each for each in self._findings if each.check_code == code]
            patches = [each for each in self._patches if each.check_code == code]
            if not patches and not any(each.geom for each in findings):
                continue
            order = [code for code in (*(f.layer_id for f in findings), *(p.layer_id for p in patches)) if code]
            pictures.append(self._draw(code.replace("_", "-"), name, order, findings, patches))
        return pictures

    def _draw(
        self, key: str, title: str, order: Iterable[str], findings: Sequence[Finding], patches: Sequence[Patch]
    ) -> Picture:
        codes = [code for code in dict.fromkeys(order) if code in self._around][:MOST_LAYERS]
        sheets = [Sheet(self._name(code), self._around[code], self._ink(code)) for code in codes]
        marks: list[Mark] = []
        legend = [LegendRow(drawing.swatch(drawing.SITE, key=f"{key}-site"), _("用地红线"))]
        legend += [
            LegendRow(drawing.swatch(sheet.ink, key=f"{key}-k{number}"), self._dated(code))
            for number, (code, sheet) in enumerate(zip(codes, sheets, strict=True))
        ]
        for severity, ink in TONES.items():
            # a conflict or a difference is drawn by its patches, with their own numbers
            chosen = [(each, shape_of(each.geom)) for each in findings if each.severity == severity and each.geom]
            shapes = [shape for _finding, shape in chosen]
            if severity == "info":
                shapes += [shape_of(each.geom) for each in patches]
                marks += [Mark(each.code, shape_of(each.geom), ink.line) for each in patches[:40]]
            if not shapes:
                continue
            sheets.append(Sheet(severity, shapes, ink))
            label = chosen[0][0].get_severity_display() if chosen else _("差异图斑")
            legend.append(LegendRow(drawing.swatch(ink, key=f"{key}-{severity}"), str(label)))
            if not patches:
                marks += [Mark(str(each.number), shape, ink.line) for each, shape in chosen]
        plate = Plate(
            key=key,
            label=_("%(title)s：用地红线和 %(n)s 条结论的位置") % {"title": title, "n": len(marks)},
            site=self.site,
            sheets=sheets,
            marks=marks,
            corners=[(name, east, north) for name, _ring, east, north in corners(self.site)]
            if key == "overview"
            else (),
        )
        return Picture(key, title, drawing.draw(plate, width_mm=WIDTH_MM, height_mm=HEIGHT_MM), tuple(legend))

    @cached_property
    def _around(self) -> dict[str, list[BaseGeometry]]:
        """Read what of the used editions lies around the site: the newest edition of each layer the reader may see."""
        # what the checks are about; a run reads every layer there is
        asked = {row["layer"] for row in self._run.result.get("totals", [])}
        asked |= {each.layer_id for each in self._findings} | {each.layer_id for each in self._patches}
        seen = {
            code for code, layer in self._layers.items() if code in asked and layers.can_see_layer(self._reader, layer)
        }
        newest: dict[str, tuple[str, int]] = {}
        for row in self._run.editions:
            if row["layer"] in seen and row.get("edition_id"):
                newest[row["layer"]] = max((row["edition"], row["edition_id"]), newest.get(row["layer"], ("", 0)))
        layer_of = {edition: layer for layer, (_name, edition) in newest.items()}
        view = drawing.view_of(self.site.bounds, width_mm=WIDTH_MM, height_mm=HEIGHT_MM)
        window = GeosPolygon.from_bbox(view.bounds)
        rows = Feature.objects.of_editions(layer_of).filter(geom__bboverlaps=window).order_by("pk")
        found: dict[str, list[BaseGeometry]] = {layer: [] for layer in newest}
        for edition_id, geom in rows.values_list("edition_id", "geom")[:MOST_FEATURES]:
            found[layer_of[edition_id]].append(shape_of(geom))
        return {layer: shapes for layer, shapes in found.items() if shapes}

    def _ink(self, code: str) -> Ink:
        """Draw a layer as the pack says, with a pattern where it says so."""
        symbol = self._layers[code].symbol
        own = drawing.ink_of(code)
        if not symbol:
            return own
        line = symbol.get("line") or symbol.get("fill") or own.line
        return Ink(
            fill=symbol.get("fill", "none"),
            line=line,
            pattern=(own.pattern or "fall") if symbol.get("hatch") else "",
            width=0.3 * float(symbol.get("width", 1)),
            opacity=float(symbol.get("opacity", 0.5)),
        )

    def _name(self, code: str) -> str:
        return self._layers[code].name if code in self._layers else code

    def _dated(self, code: str) -> str:
        names = [row["edition"] for row in self._run.editions if row["layer"] == code]
        return _("%(layer)s（%(edition)s 版）") % {"layer": self._name(code), "edition": max(names, default="")}


def corners(site: BaseGeometry) -> list[tuple[str, int, float, float]]:
    """Number the corners of a site as the exchange format does: name, ring, east, north; the closing point is left out.

    Points run on through all rings; ring 1 of a part is its outline, the following ones are holes.
    """
    rows: list[tuple[str, int, float, float]] = []
    for part in getattr(site, "geoms", [site]):
        for ring, line in enumerate((part.exterior, *part.interiors), start=1):
            for east, north in list(line.coords)[:-1]:
                rows.append((f"J{len(rows) + 1}", ring, east, north))
    return rows
