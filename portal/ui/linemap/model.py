"""Describe a line map in words and states; the drawing is computed from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.ui.lights import Light


class StationState(StrEnum):
    """Say whether a station was reached, is being worked at, or lies ahead."""

    DONE = "done"
    CURRENT = "current"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Station:
    """Hold one station: ``caption`` stands under the name, ``detail`` only in the written twin."""

    no: int
    name: str
    state: StationState
    caption: str = ""
    detail: str = ""
    url: str = ""


@dataclass(frozen=True)
class Item:
    """Hold one serial item, drawn as a box on the main line before the station ``leads_to``."""

    name: str
    department: str
    light: Light
    words: str
    leads_to: int
    url: str = ""


@dataclass(frozen=True)
class Branch:
    """Hold one parallel item from the station where it may begin to the one where it must be done.

    ``share`` is the part of the way already gone, 0 to 1; a finished branch is drawn whole whatever it says.
    A branch whose light is ``hold`` is dashed.
    """

    name: str
    department: str
    light: Light
    words: str
    start: int
    end: int
    share: float = 0.0
    url: str = ""


@dataclass(frozen=True)
class LineMap:
    """Describe one project's line; see the package for how to fill it."""

    stations: tuple[Station, ...]
    items: tuple[Item, ...] = ()
    branches: tuple[Branch, ...] = ()
    sentence: str = ""

    @property
    def twin(self) -> tuple[TwinStation, ...]:
        """Return the ordered list that says the same in words: each station with the items that end there."""
        return tuple(
            TwinStation(
                station=station,
                items=tuple(item for item in self.items if item.leads_to == station.no)
                + tuple(branch for branch in self.branches if branch.end == station.no),
            )
            for station in self.stations
        )


@dataclass(frozen=True)
class TwinStation:
    """Hold one station of the written twin with what must be done on the way to it."""

    station: Station
    items: tuple[Item | Branch, ...]
