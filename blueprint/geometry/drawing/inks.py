"""How layers are told from each other: a colour and a pattern each, so that a print in black and white still tells."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

Pattern = Literal["", "rise", "fall", "cross", "dots"]


@dataclass(frozen=True, slots=True)
class Ink:
    """Fill, line and pattern of one kind of shape; widths in millimetres of paper."""

    fill: str
    line: str
    pattern: Pattern = ""
    width: float = 0.25
    dash: str = ""
    opacity: float = 0.55


#: the boundary of the site
SITE = Ink(fill="none", line="#c8202a", width=0.7)
#: layers of the picture, in the order they are met; all carry dark text
INKS = (
    Ink("#cfe3d4", "#2f7d4f"),
    Ink("#f6e3b4", "#a87300", "dots"),
    Ink("#d5e3f5", "#2f66ad", "rise"),
    Ink("#e6d9ee", "#7a4fa0"),
    Ink("#f3d5cf", "#a6452f", "fall"),
    Ink("#d3e8ea", "#257f88", "dots"),
    Ink("#e4e4d3", "#6f6f39", "rise"),
    Ink("#e9edf1", "#5a6673", "fall"),
)
#: what was found, by its weight; drawn over everything
TONES = {
    "stop": Ink("#fce8e6", "#a8141a", "cross", width=0.4, opacity=0.8),
    "review": Ink("#fff2cc", "#a86200", "rise", width=0.4, opacity=0.8),
    "info": Ink("#e7f0fa", "#0b4ea2", "fall", width=0.4, opacity=0.8),
}

_LINES = {
    "rise": '<path d="M-.5 .5l1-1M0 2l2-2M1.5 2.5l1-1" stroke="{0}" stroke-width=".18"/>',
    "fall": '<path d="M-.5 1.5l1 1M0 0l2 2M1.5-.5l1 1" stroke="{0}" stroke-width=".18"/>',
    "cross": '<path d="M0 0l2 2M0 2l2-2" stroke="{0}" stroke-width=".16"/>',
    "dots": '<circle cx="1" cy="1" r=".25" fill="{0}"/>',
}


def ink_of(code: str) -> Ink:
    """Give a layer its ink: the same one in every picture, whatever else is drawn."""
    return INKS[zlib.crc32(code.encode()) % len(INKS)]


def pattern_svg(ink: Ink, *, key: str) -> SafeString:
    """Define the pattern of an ink under a name of the picture; empty without a pattern."""
    if not ink.pattern:
        return mark_safe("")
    lines = _LINES[ink.pattern].format(ink.line)
    # both parts come from the tables above
    return mark_safe(  # noqa: S308
        f'<pattern id="{key}" patternUnits="userSpaceOnUse" width="2" height="2">'
        f'<rect width="2" height="2" fill="{ink.fill}"/>{lines}</pattern>'
    )


def swatch(ink: Ink, *, key: str) -> SafeString:
    """Draw the sample of an ink for a legend; the words beside it carry the meaning."""
    return format_html(
        '<svg class="swatch" width="22" height="14" viewBox="0 0 7 4.5" aria-hidden="true" focusable="false">'
        '<defs>{}</defs><rect x=".4" y=".4" width="6.2" height="3.7" fill="{}" stroke="{}" stroke-width="{}"{}/></svg>',
        pattern_svg(ink, key=key),
        f"url(#{key})" if ink.pattern else ink.fill,
        ink.line,
        max(ink.width, 0.35),
        mark_safe(f' stroke-dasharray="{ink.dash}"') if ink.dash else "",  # noqa: S308 - from our own table
    )
