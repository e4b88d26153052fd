"""A short mark of what a field shows, so that two people who write the same form notice each other. Pure.

The mark depends on the content alone: it changes with whoever changes the field, also by way of the project's facts,
and a page that sends back what it was given has changed nothing.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

_LENGTH = 16


def version_of(shown: Any) -> str:
    """Return the mark of a plain JSON value; the empty field has one too."""
    text = json.dumps(_plain(shown), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_LENGTH]


def _plain(value: Any) -> Any:
    """Write a number one way: 1800 and 1800.0 are the same answer."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
