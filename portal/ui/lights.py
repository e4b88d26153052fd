"""Name the lights: a word, a shape and a colour that always stand together.

The value of a light is decided by the clock (thresholds live in the city pack). Here it only gets its drawing:
``ok`` disc, ``due`` triangle, ``late`` diamond, ``late2`` two diamonds on red, ``hold`` two bars, ``wait`` ring,
``done`` tick, ``no`` cross, ``off`` dash.
"""

from __future__ import annotations

from enum import StrEnum


class Light(StrEnum):
    """List the shapes a state can take on screen and paper."""

    OK = "ok"
    DUE = "due"
    LATE = "late"
    LATE2 = "late2"
    HOLD = "hold"
    WAIT = "wait"
    DONE = "done"
    NO = "no"
    OFF = "off"


# One drawing per light in a box of 12 by 12 (late2: 16 by 12), filled with the current colour.
SHAPES: dict[Light, str] = {
    Light.OK: '<circle cx="6" cy="6" r="6"/>',
    Light.DUE: '<path d="M6 .5l6 11H0z"/>',
    Light.LATE: '<path d="M6 0l6 6-6 6-6-6z"/>',
    Light.LATE2: '<path d="M4 0l4 6-4 6-4-6zM12 0l4 6-4 6-4-6z"/>',
    Light.HOLD: '<path d="M0 0h4v12H0zM8 0h4v12H8z"/>',
    Light.WAIT: '<circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" stroke-width="2.5"/>',
    Light.DONE: '<path d="M0 6.2l1.9-1.9 2.7 2.6L10.1 1.2 12 3.1l-7.4 7.7z"/>',
    Light.NO: '<path d="M2.2.5L6 4.3 9.8.5l1.7 1.7L7.7 6l3.8 3.8-1.7 1.7L6 7.7l-3.8 3.8L.5 9.8 4.3 6 .5 2.2z"/>',
    Light.OFF: '<path d="M0 5h12v2H0z"/>',
}


def shape_width(light: Light) -> int:
    """Return the width of a shape in px; its height is always 12."""
    return 16 if light is Light.LATE2 else 12
