"""What the pack in force says of asking departments about ideas."""

from __future__ import annotations

from dataclasses import dataclass

from portal.citypack import queries as citypack

DOCUMENT = "ideas"
AGREE, REMIND = "agree", "remind"


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts for asking departments about an idea."""

    days: int
    silence: str
    usually_asked: tuple[str, ...]


def current() -> Rules:
    """Return the rules in force.

    :raises NoPack: no pack was loaded yet
    """
    document = citypack.current().documents[DOCUMENT]
    return Rules(document["days"], document["silence"], tuple(document["usually_asked"]))
