"""The unified social credit code (统一社会信用代码, GB 32100-2015): its grammar, and how typing is folded.

Pure. `fault` judges a code as given; a form may `fold` what was typed first, and must show the result.
"""

import unicodedata
from typing import Literal

Fault = Literal["charset", "shape", "alphabet", "region", "org_check", "check"]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_ALLOWED = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-")
_DIGITS = frozenset("0123456789")
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Characters people's keyboards and documents put between the groups of a code.
_SEPARATORS = frozenset("-‐‑‒–—―−_.·")


def fault(code: str) -> Fault | None:
    """Return the first reason why a text is no USCC, or None when it is one.

    The organisation part (characters 9-17) carries its own check of GB 11714; the last character checks
    the whole with weights 3^i modulo 31 (GB 32100-2015, section 4).
    """
    if not _ALLOWED.issuperset(code):
        return "charset"
    if len(code) != LENGTH or "-" in code:
        return "shape"
    if any(character not in ALPHABET for character in code):
        return "alphabet"
    if not _DIGITS.issuperset(code[2:8]):
        return "region"
    if code[16] != org_check(code[8:16]):
        return "org_check"
    if code[17] != check(code[:17]):
        return "check"
    return None


def org_check(body: str) -> str:
    """Return the check character of an organisation code's eight characters (GB 11714)."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, _ORG_WEIGHTS, strict=True))
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def check(body: str) -> str:
    """Return the check character of a USCC's first seventeen characters."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(body))
    return ALPHABET[-total % 31]


def fold(typed: str) -> str:
    """Return what was most likely meant: half width, capitals, without blanks and separators."""
    narrow = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in narrow if not character.isspace() and character not in _SEPARATORS)
