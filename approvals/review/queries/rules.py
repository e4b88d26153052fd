"""The city's numbers for what may happen in a case, read from `clock.yaml` of the version the case runs under."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from portal.citypack import queries as packs


@dataclass(frozen=True, slots=True)
class SpecialRule:
    """What the city says about a kind of special procedure; `max_days` are working days."""

    name: str
    max_days: int
    law: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of requests and promises in working days, except `extend_days`: in the unit of the case's limits."""

    extend_days: int
    extensions_per_case: int
    correction_days: int
    tolerance_days: int
    commitment_check_days: int
    rectify_days: int
    specials: Mapping[str, SpecialRule]


@lru_cache(maxsize=64)
def rules(version_id: int) -> Rules:
    """Return the numbers of a pack version, which never changes."""
    clock = packs.document(version_id, "clock")
    choices = clock["local_choices"]
    return Rules(
        extend_days=clock["limits"]["extend_days"],
        extensions_per_case=choices.get("extensions_per_case", 1),
        correction_days=choices["correction_expires_after_days"],
        tolerance_days=choices.get("tolerance_days", 10),
        commitment_check_days=choices.get("commitment_check_days", 60),
        rectify_days=choices.get("rectify_days", 30),
        specials={
            kind["id"]: SpecialRule(name=kind["name"], max_days=kind["max_days"], law=kind["law"])
            for kind in clock["special_procedures"]
        },
    )
