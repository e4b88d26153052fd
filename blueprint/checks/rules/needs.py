"""What a rule needs of its check in the pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """Names that must be there; `single` roles are played by exactly one layer."""

    roles: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    tolerance: tuple[str, ...] = ()
    construction: bool = False
