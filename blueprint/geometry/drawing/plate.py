"""One picture: layers, the site, what was found with its numbers, the grid, the scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy
import shapely
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

from blueprint.geometry.drawing.inks import SITE, Ink, pattern_svg
from blueprint.geometry.drawing.view import View, round_down, view_of

#: millimetres around the map for the coordinates at its edge
LEFT, TOP, RIGHT, BOTTOM = 5.5, 5.5, 1.5, 9.5
HALF_WORDS = 6.0
"""Millimetres from the middle of a coordinate to its end."""
#: what is smaller on paper than this is not drawn, in millimetres
FINEST = 0.04
MARK_RADIUS = 2.3
#: from here on the corners of the site keep their numbers for the table
MOST_CORNERS = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """The shapes of one layer."""

    name: str
    shapes: Sequence[BaseGeometry]
    ink: Ink


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in a disc at the middle of a shape: the same as in the list beside the picture."""

    text: str
    shape: BaseGeometry
    line: str = "#17222e"


@dataclass(frozen=True, slots=True)
class Plate:
    """What a picture shows."""

    key: str
    """Name of the picture in its page; letters, digits and hyphens."""
    label: str
    """What a reader of the screen is told."""
    site: BaseGeometry | None = None
    sheets: Sequence[Sheet] = ()
    marks: Sequence[Mark] = ()
    corners: Sequence[tuple[str, float, float]] = ()
    """Numbered corners of the site: name, east, north."""
    around: BaseGeometry | None = None
    """What has to be in the picture when it is not the site."""


def draw(plate: Plate, *, width_mm: float, height_mm: float) -> SafeString:
    """Draw a picture at a round scale; its size on paper is `width_mm` by `height_mm`."""
    centre = plate.around if plate.around is not None else plate.site
    if centre is None or centre.is_empty:
        raise ValueError("a picture shows something")
    inner = (width_mm - LEFT - RIGHT, height_mm - TOP - BOTTOM)
    view = view_of(centre.bounds, width_mm=inner[0], height_mm=inner[1])
    canvas = _Canvas(view, plate.key)
    parts = [canvas.sheet(sheet, number) for number, sheet in enumerate(plate.sheets)]
    if plate.site is not None:
        parts.append(canvas.site(plate.site))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plate" viewBox="0 0 {w} {h}" width="{w}mm" height="{h}mm" '
        'role="img" aria-label="{label}">'
        '<defs>{defs}<clipPath id="{key}-frame"><rect x="{x}" y="{y}" width="{iw}" height="{ih}"/></clipPath></defs>'
        '<rect x="{x}" y="{y}" width="{iw}" height="{ih}" fill="#fff"/>'
        '<g clip-path="url(#{key}-frame)">{shapes}{grid}{corners}{marks}{arrow}</g>'
        '<rect x="{x}" y="{y}" width="{iw}" height="{ih}" fill="none" stroke="#17222e" stroke-width=".3"/>{edge}{bar}'
        "</svg>",
        w=_short(width_mm),
        h=_short(height_mm),
        label=plate.label,
        key=plate.key,
        defs=format_html_join("", "{}", ((each,) for each in canvas.patterns)),
        x=LEFT,
        y=TOP,
        iw=_short(inner[0]),
        ih=_short(inner[1]),
        shapes=format_html_join("", "{}", ((part,) for part in parts)),
        grid=canvas.grid(),
        corners=canvas.corners(plate.corners),
        marks=canvas.marks(plate.marks),
        arrow=_arrow(LEFT + inner[0] - 6, TOP + 3),
        edge=canvas.edge(*inner),
        bar=_bar(view, LEFT, TOP + inner[1] + 4.6, inner[0]),
    )


class _Canvas:
    """Turn shapes of the plane into paths of the paper."""

    def __init__(self, view: View, key: str) -> None:
        self.view = view
        self.key = key
        self.patterns: list[SafeString] = []
        margin = 4 * view.metres_per_mm
        west, south, east, north = view.bounds
        # a little more than the frame, so that no line runs along the cut
        self._window = shapely.box(west - margin, south - margin, east + margin, north + margin)
        self._frame = shapely.box(west, south, east, north)

    def sheet(self, sheet: Sheet, number: int) -> SafeString:
        path = "".join(self._paths(sheet.shapes))
        if not path:
            return mark_safe("")
        ink, key = sheet.ink, f"{self.key}-{number}"
        self.patterns.append(pattern_svg(ink, key=key))
        return format_html(
            '<path d="{}" fill="{}" fill-opacity="{}" fill-rule="evenodd" stroke="{}" stroke-width="{}" '
            'stroke-linejoin="round"{}/>',
            path,
            f"url(#{key})" if ink.pattern else ink.fill,
            ink.opacity,
            ink.line,
            ink.width,
            mark_safe(f' stroke-dasharray="{ink.dash}"') if ink.dash else "",  # noqa: S308 - from our own table
        )

    def site(self, shape: BaseGeometry) -> SafeString:
        path = "".join(self._paths([shape]))
        # white under the red, so that the boundary stands out on any ground
        return format_html(
            '<path d="{0}" fill="none" stroke="#fff" stroke-width="1.4" stroke-linejoin="round" stroke-opacity=".85"/>'
            '<path d="{0}" fill="none" stroke="{1}" stroke-width="{2}" stroke-linejoin="round"/>',
            path,
            SITE.line,
            SITE.width,
        )

    def corners(self, corners: Sequence[tuple[str, float, float]]) -> SafeString:
        if len(corners) > MOST_CORNERS:
            return mark_safe("")
        placed = [(name, *self._point(east, north)) for name, east, north in corners]
        return format_html_join(
            "",
            '<circle cx="{1}" cy="{2}" r=".55" fill="#fff" stroke="#c8202a" stroke-width=".3"/>'
            # the halo first: not every reader of a picture knows paint-order
            '<text class="plate-s" x="{3}" y="{4}" font-size="2.1" stroke="#fff" stroke-width=".7">{0}</text>'
            '<text class="plate-s" x="{3}" y="{4}" font-size="2.1" fill="#17222e">{0}</text>',
            ((name, _short(x), _short(y), _short(x + 0.9), _short(y - 0.7)) for name, x, y in placed),
        )

    def marks(self, marks: Sequence[Mark]) -> SafeString:
        taken: list[tuple[float, float]] = []
        drawn: list[SafeString] = []
        for mark in marks:
            seen = shapely.intersection(mark.shape, self._frame)
            if seen.is_empty:
                continue
            largest = max(getattr(seen, "geoms", [seen]), key=lambda part: part.area)
            anchor = largest.representative_point()
            x, y = self._point(anchor.x, anchor.y)
            put = _free(x, y, taken)
            taken.append(put)
            drawn.append(_disc(mark, (x, y), put))
        return format_html_join("", "{}", ((each,) for each in drawn))

    def grid(self) -> SafeString:
        """Draw a cross where two round coordinates meet."""
        west, south, east, north = self.view.bounds
        crosses = [self._point(x, y) for x in self.view.ticks(west, east) for y in self.view.ticks(south, north)]
        path = "".join(f"M{_short(x - 1.2)} {_short(y)}h2.4M{_short(x)} {_short(y - 1.2)}v2.4" for x, y in crosses)
        return format_html('<path d="{}" stroke="#5a6673" stroke-width=".18" fill="none"/>', path)

    def edge(self, width: float, height: float) -> SafeString:
        """Write the coordinates of the ticks at the top and at the left edge, in metres; none that would be cut off."""
        west, south, east, north = self.view.bounds
        right, bottom = LEFT + width + RIGHT - HALF_WORDS, TOP + height + BOTTOM - HALF_WORDS
        across = [(self._point(x, north)[0], _metres(x)) for x in self.view.ticks(west, east)]
        along = [(self._point(west, y)[1], _metres(y)) for y in self.view.ticks(south, north)]
        above = [(_short(x), words if HALF_WORDS < x < right else "") for x, words in across]
        beside = [(_short(y), words if HALF_WORDS < y < bottom else "") for y, words in along]
        return format_html(
            "{}{}",
            format_html_join(
                "",
                '<path d="M{0} {1}v-1" stroke="#17222e" stroke-width=".25"/>'
                '<text class="plate-s" x="{0}" y="{2}" text-anchor="middle" font-size="2.1" fill="#44515f">{3}</text>',
                ((x, TOP, TOP - 1.8, words) for x, words in above),
            ),
            format_html_join(
                "",
                '<path d="M{0} {1}h-1" stroke="#17222e" stroke-width=".25"/>'
                '<text class="plate-s" transform="translate({2} {1}) rotate(-90)" text-anchor="middle" '
                'font-size="2.1" fill="#44515f">{3}</text>',
                ((LEFT, y, LEFT - 1.8, words) for y, words in beside),
            ),
        )

    def _point(self, east: float, north: float) -> tuple[float, float]:
        each = self.view.metres_per_mm
        return LEFT + (east - self.view.west) / each, TOP + (self.view.north - north) / each

    def _paths(self, shapes: Sequence[BaseGeometry]) -> Iterator[str]:
        if not len(shapes):
            return
        cut = shapely.intersection(numpy.asarray(shapes, dtype=object), self._window)
        fine = shapely.simplify(cut, FINEST * self.view.metres_per_mm, preserve_topology=True)
        for part in shapely.get_parts(fine):
            if part.geom_type == "Polygon" and not part.is_empty:
                for ring in (part.exterior, *part.interiors):
                    yield self._ring(shapely.get_coordinates(ring))

    def _ring(self, coordinates: numpy.ndarray) -> str:
        each = self.view.metres_per_mm
        x = numpy.round(LEFT + (coordinates[:-1, 0] - self.view.west) / each, 2)
        y = numpy.round(TOP + (self.view.north - coordinates[:-1, 1]) / each, 2)
        return "M" + "L".join(f"{a:g} {b:g}" for a, b in zip(x.tolist(), y.tolist(), strict=True)) + "z"


def _free(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return a place for a disc near a point where no other disc is."""
    for ring in range(8):
        for turn in range(max(1, 8 * ring)):
            angle = 2 * math.pi * turn / max(1, 8 * ring)
            place = x + 5 * ring * math.cos(angle), y - 5 * ring * math.sin(angle)
            if all(math.dist(place, other) >= 2 * MARK_RADIUS for other in taken):
                return place
    return x, y


def _disc(mark: Mark, anchor: tuple[float, float], put: tuple[float, float]) -> SafeString:
    lead = ""
    if math.dist(anchor, put) > 0.1:
        lead = format_html(
            '<path d="M{} {}L{} {}" stroke="{}" stroke-width=".25"/>', *map(_short, (*anchor, *put)), mark.line
        )
    return format_html(
        '{}<g class="plate-mark" data-mark="{}"><circle cx="{}" cy="{}" r="{}" fill="#fff" stroke="{}" '
        'stroke-width=".5"/><text x="{}" y="{}" text-anchor="middle" font-size="{}" font-weight="700" fill="{}">{}'
        "</text></g>",
        lead,
        mark.text,
        _short(put[0]),
        _short(put[1]),
        MARK_RADIUS,
        mark.line,
        _short(put[0]),
        _short(put[1] + 0.95),
        2.6 if len(mark.text) < 3 else 1.9,
        mark.line,
        mark.text,
    )


def _arrow(x: float, y: float) -> SafeString:
    return format_html(
        '<g transform="translate({} {})"><circle cx="2" cy="4.5" r="4.6" fill="#fff" fill-opacity=".85"/>'
        '<path d="M2 0l2 7.5-2-1.6z" fill="#17222e"/><path d="M2 0l-2 7.5 2-1.6z" fill="#fff" stroke="#17222e" '
        'stroke-width=".2"/><text x="2" y="-.3" text-anchor="middle" font-size="2.4" font-weight="700" '
        'fill="#17222e">N</text></g>',
        _short(x),
        _short(y + 1),
    )


def _bar(view: View, x: float, y: float, width: float) -> SafeString:
    """Draw the scale bar of four fields with its numbers, and write the scale."""
    metres = round_down(min(48, width * 0.4) * view.metres_per_mm / 2) * 2
    length = metres / view.metres_per_mm
    field = length / 4
    unit, per = ("km", 1000) if metres >= 4000 else ("m", 1)
    fields = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="1.1" fill="{}" stroke="#17222e" stroke-width=".2"/>',
        ((_short(x + n * field), _short(y), _short(field), "#17222e" if n % 2 == 0 else "#fff") for n in range(4)),
    )
    numbers = format_html_join(
        "",
        '<text class="plate-s" x="{}" y="{}" text-anchor="middle" font-size="2.1" fill="#17222e">{}</text>',
        (
            (_short(x + n * field), _short(y + 3.4), f"{n * metres / 4 / per:,g}" + (f" {unit}" if n == 4 else ""))
            for n in (0, 2, 4)
        ),
    )
    return format_html(
        '{}{}<text class="plate-s" x="{}" y="{}" font-size="2.6" font-weight="700" fill="#17222e">1:{}</text>',
        fields,
        numbers,
        _short(x + length + 6),
        _short(y + 1.6),
        f"{view.scale:,}",
    )


def _short(value: float) -> str:
    return f"{round(value, 2):g}"


def _metres(value: int) -> str:
    """Write a coordinate in groups of three: 38 440 100."""
    return f"{value:,}".replace(",", "\u2009")
