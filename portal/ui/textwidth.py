"""Estimate how wide a text will be, since geometry is computed before any font is known.

A Chinese character is one em; Latin letters, digits and narrow signs are about 0.56 em in the interface fonts.
"""

from __future__ import annotations

import unicodedata

NARROW_EM = 0.56


def em_width(text: str) -> float:
    """Return the estimated width of a text in em."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else NARROW_EM for char in text)


def fit(text: str, *, room_px: float, font_px: float) -> str:
    """Shorten a text with an ellipsis so that it fits into the room; a text that fits comes back unchanged."""
    if em_width(text) * font_px <= room_px:
        return text
    kept = text
    while kept and (em_width(kept) + 1) * font_px > room_px:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
