"""Addresses of one page for many rows: a list asks for hundreds of them, and `reverse` builds each from the start."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

# no row has this number
_PLACE = 987654321987654321


def numbered(name: str, number: int) -> str:
    """Return the address of a page whose only argument is a number."""
    before, after = _parts(name, get_script_prefix())
    return f"{before}{number}{after}"


@lru_cache(maxsize=64)
def _parts(name: str, _prefix: str) -> tuple[str, str]:
    before, _found, after = reverse(name, args=[_PLACE]).partition(str(_PLACE))
    return before, after
