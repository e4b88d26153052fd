"""The QR that opens a project's public progress page: its link, its picture, and the check of a link on arrival.

`k` (ISO 7064) is against typing errors, `s` (HMAC-SM3 under settings.QR_KEY) against forgery. A link without either
is a plain address, typed or shared, and is answered like one.
"""

import io
from enum import StrEnum

import segno
from django.conf import settings

from projects.registry import codes

VERSION = "1"


class Arrival(StrEnum):
    """What a link on arrival turned out to be."""

    PLAIN = "plain"
    GENUINE = "genuine"
    MISTYPED = "mistyped"
    FORGED = "forged"


def link(code: str) -> str:
    """Return the address for a project or engineering code, with its check and its tag."""
    return f"{settings.PUBLIC_URL}/x/{code}?v={VERSION}&k={codes.link_check(code)}&s={codes.link_tag(_key(), code)}"


def svg(code: str) -> str:
    """Return the QR as SVG markup to put into a page; 15 % of it may be unreadable (level M)."""
    out = io.BytesIO()
    segno.make(link(code), error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, dark="#000", light="#fff"
    )
    return out.getvalue().decode()


def check(code: str, *, k: str = "", s: str = "") -> Arrival:
    """Judge the check character and the tag a link came with."""
    if not k and not s:
        return Arrival.PLAIN
    if k and k != codes.link_check(code):
        return Arrival.MISTYPED
    if s and not codes.is_link_tag(_key(), code, s):
        return Arrival.FORGED
    return Arrival.GENUINE if s else Arrival.PLAIN


def _key() -> bytes:
    return str(settings.QR_KEY).encode()
