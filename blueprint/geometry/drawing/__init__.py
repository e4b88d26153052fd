"""Pictures of shapes as inline SVG, to scale and for paper: no browser, no screenshot. Pure.

    sheets = [Sheet(name, shapes, ink_of(code))]
    plate = Plate(key="site", label=..., site=site, sheets=sheets, marks=[Mark("1", shape)])
    draw(plate, width_mm=170, height_mm=110)

The picture has a frame at a round scale, ticks of the grid with coordinates in metres, a scale bar and a north arrow.
Its legend is text and stands beside it in the page: `swatch(ink)` draws the sample.
"""

from blueprint.geometry.drawing.inks import INKS, SITE, TONES, Ink, ink_of, swatch
from blueprint.geometry.drawing.plate import Mark, Plate, Sheet, draw
from blueprint.geometry.drawing.view import View, view_of

__all__ = ["INKS", "SITE", "TONES", "Ink", "Mark", "Plate", "Sheet", "View", "draw", "ink_of", "swatch", "view_of"]
