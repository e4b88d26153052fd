"""The closed lists of words the definitions use."""

from __future__ import annotations

from enum import StrEnum

PARALLEL_STAGE = "P"
"""Stage id of the items that run beside the main line; the national stage list keeps it as number 5."""


ADVISORY_STAGE = "S0"
"""Stage id of the advisory work before the main line; it gates nothing."""


DECLARE_PREFIX = "declare."
"""Field id prefix of a condition that the applicant answers with yes or no."""


MAP_PREFIX = "map."
"""Fact id prefix of a condition that the blueprint has answered for the project's site."""


class Unit(StrEnum):
    """The day in which an item's limits are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


class ConditionKind(StrEnum):
    """Where the answer to a condition comes from."""

    ALWAYS = "always"
    FIELD = "field"
    MAP = "map"
    DECLARE = "declare"


class MapGives(StrEnum):
    """What a field takes from the red line of the site."""

    BOUNDARY = "boundary"
    """The line itself, as GeoJSON in degrees."""
    POINT = "point"
    """A point inside of it."""
    AREA = "area"
    """Its area."""
    INSIDE = "inside"
    """How much of it lies in the layers named."""
    OUTSIDE = "outside"
    """How much of it lies outside of the layers named."""
    HIT = "hit"
    """Whether it overlaps the layers named."""


class Category(StrEnum):
    """How an item is handled inside its department; the values are the words of the pack."""

    INSTANT = "即办"
    ORDINARY = "普通"
    COMPLEX = "复杂"


class ResultKind(StrEnum):
    """What an item gives; only a certificate carries the wording of a permit."""

    CERTIFICATE = "certificate"
    LETTER = "letter"
    DOCUMENT = "document"
    RECEIPT = "receipt"
