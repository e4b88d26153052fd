"""Pictures of a site drawn by the server: for paper, for who has no map in the browser, small ones for panels."""

from __future__ import annotations

import shapely
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from blueprint.geometry.drawing import TONES, Ink, Plate, Sheet, draw
from blueprint.siting.queries.comparing import Comparison
from blueprint.siting.queries.outlines import PointRow

WIDTH_MM, HEIGHT_MM = 180, 110
#: of the small picture, in its own units
SKETCH_WIDTH, SKETCH_HEIGHT, SKETCH_MARGIN = 240.0, 150.0, 8.0
#: of what a small picture can show
SKETCH_FINEST = 0.4
ADDED = Ink("#cfe3d4", "#2f7d4f", "rise", width=0.4, opacity=0.9)


def site(shape: MultiPolygon, *, label: str, corners: list[PointRow] | None = None) -> SafeString:
    """Draw a boundary at a round scale, its corners with their numbers."""
    named = [(row.name, row.east, row.north) for row in corners or []]
    plate = Plate(key="site", label=label, site=shape, corners=named)
    return draw(plate, width_mm=WIDTH_MM, height_mm=HEIGHT_MM)


def comparison(found: Comparison, before: MultiPolygon, after: MultiPolygon) -> SafeString:
    """Draw two versions: the newer one as the site, what came and what went with patterns of their own."""
    label = _("第 %(before)d 版与第 %(after)d 版的差别") % {"before": found.before.number, "after": found.after.number}
    plate = Plate(
        key="difference",
        label=label,
        site=after,
        sheets=[Sheet("gained", found.gained, ADDED), Sheet("lost", found.lost, TONES["stop"])],
        around=shapely.union(before, after),
    )
    return draw(plate, width_mm=WIDTH_MM, height_mm=HEIGHT_MM)


def sketch(shape: BaseGeometry, *, label: str) -> SafeString:
    """Draw the outline alone, small, north above; colours come from the style sheet of the page."""
    west, south, east, north = shape.bounds
    room = SKETCH_WIDTH - 2 * SKETCH_MARGIN, SKETCH_HEIGHT - 2 * SKETCH_MARGIN
    each = max((east - west) / room[0], (north - south) / room[1]) or 1.0
    left = (SKETCH_WIDTH - (east - west) / each) / 2
    top = (SKETCH_HEIGHT - (north - south) / each) / 2
    fine = shapely.simplify(shape, SKETCH_FINEST * each, preserve_topology=True)
    path = "".join(
        "M"
        + "L".join(f"{left + (x - west) / each:.1f} {top + (north - y) / each:.1f}" for x, y in ring.coords[:-1])
        + "z"
        for part in shapely.get_parts(fine)
        for ring in (part.exterior, *part.interiors)
    )
    return format_html(
        '<svg class="sketch" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="sketch-site" d="{}"/>{}</svg>',
        f"{SKETCH_WIDTH:g}",
        f"{SKETCH_HEIGHT:g}",
        label,
        path,
        mark_safe('<path class="sketch-north" d="M228 8l4 12-4-3-4 3z"/>'),
    )
