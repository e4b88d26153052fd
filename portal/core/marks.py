"""The two marks of a document, as inline SVG: the QR code and the round seal. Pure."""

import math

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

#: half of the arc that the letters of a seal take, in degrees
_HALF_ARC = 130
_CENTRE, _RADIUS = 80, 56


def qr_svg(text: str, *, label: str) -> SafeString:
    """Draw a QR code with its quiet zone of four modules (ISO/IEC 18004); the text itself is what is scanned.

    :param label: what a reader of the screen is told
    """
    code = segno.make(text, error="m", micro=False)
    size = code.symbol_size(border=4)[0]
    bars = []
    for y, modules in enumerate(code.matrix_iter(border=4)):
        row = list(modules)
        x = 0
        while x < size:
            run = x
            while run < size and row[run]:
                run += 1
            if run > x:
                bars.append(f"M{x} {y}h{run - x}v1H{x}z")
            x = max(run, x + 1)
    # the path is made of numbers alone
    path = mark_safe("".join(bars))  # noqa: S308
    return format_html(
        '<svg viewBox="0 0 {size} {size}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        '<rect width="{size}" height="{size}" fill="#fff"/><path fill="#17222e" d="{path}"/></svg>',
        size=size,
        label=label,
        path=path,
    )


def seal_svg(organ: str, *, label: str, centre: str = "") -> SafeString:
    """Draw a round seal with the organ's name along its edge.

    :param label: what a reader of the screen is told
    :param centre: the word in the middle; the demo city says so here
    """
    letters = list(organ)[:24]
    step = 2 * _HALF_ARC / max(len(letters) - 1, 1)
    start = -_HALF_ARC if len(letters) > 1 else 0
    size = 17 if len(letters) <= 14 else 13
    placed = []
    for index, letter in enumerate(letters):
        angle = start + index * step
        x = _CENTRE + _RADIUS * math.sin(math.radians(angle))
        y = _CENTRE - _RADIUS * math.cos(math.radians(angle))
        # the baseline lies below the middle of a letter by about a third of its size
        placed.append((f"{x:.1f}", f"{y:.1f}", f"{angle:.1f}", size, f"{size * 0.35:.1f}", letter))
    ring = format_html_join(
        "",
        '<text transform="translate({} {}) rotate({})" text-anchor="middle" font-size="{}" font-weight="700" '
        'y="{}">{}</text>',
        placed,
    )
    middle = (
        format_html('<text x="80" y="90" text-anchor="middle" font-size="26" font-weight="700">{}</text>', centre)
        if centre
        else mark_safe(_STAR)  # noqa: S308 - our own drawing
    )
    return format_html(
        '<svg class="seal" viewBox="0 0 160 160" role="img" aria-label="{}">'
        '<g fill="#c8202a" opacity=".85" font-family="Noto Serif CJK SC, serif">'
        '<circle cx="80" cy="80" r="75" fill="none" stroke="#c8202a" stroke-width="4"/>{}{}</g></svg>',
        label,
        ring,
        middle,
    )


_STAR = '<path d="M80 56l5.9 18.1h19l-15.4 11.2 5.9 18.1L80 92.2l-15.4 11.2 5.9-18.1-15.4-11.2h19z"/>'
