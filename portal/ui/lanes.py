"""Describe the parallel lanes of one stage: every department beside the case, with its day cells and its light."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.ui.lights import Light

# More cells than this are no longer countable by eye; the numbers beside them carry the rest.
MAX_CELLS = 20

_RANK = {
    Light.LATE2: 1,
    Light.LATE: 1,
    Light.DUE: 2,
    Light.OK: 3,
    Light.HOLD: 4,
    Light.WAIT: 5,
    Light.DONE: 6,
    Light.NO: 6,
    Light.OFF: 7,
}


class LaneCell(StrEnum):
    """Say how one working day of a lane is drawn."""

    USED = "used"
    OVER = "over"
    PAUSED = "paused"
    DONE = "done"
    LEFT = "left"


@dataclass(frozen=True)
class Lane:
    """Hold one department's part: working days used of the limit, its light and the light's words."""

    department: str
    item: str
    light: Light
    words: str
    used: int
    limit: int
    lead: bool = False
    url: str = ""

    @property
    def cells(self) -> tuple[LaneCell, ...]:
        """Return one cell per working day: limit days, and the days over it."""
        return day_cells(used=self.used, limit=self.limit, light=self.light)


def day_cells(*, used: int, limit: int, light: Light) -> tuple[LaneCell, ...]:
    """Return the small day cells of one case; lanes and inbox rows share them."""
    if light in (Light.DONE, Light.NO):
        return (LaneCell.DONE,) * min(max(used, 1), MAX_CELLS)
    inside = min(used, limit)
    rest = max(limit - used, 0)
    cells = (LaneCell.USED,) * inside + (LaneCell.OVER,) * max(used - limit, 0)
    cells += (LaneCell.PAUSED if light is Light.HOLD else LaneCell.LEFT,) * rest
    return cells[-MAX_CELLS:] if light in (Light.LATE, Light.LATE2) else cells[:MAX_CELLS]


def in_order(lanes: Iterable[Lane]) -> tuple[Lane, ...]:
    """Sort lanes: lead first, then late, due, running, hold, waiting, done."""
    return tuple(sorted(lanes, key=lambda lane: (not lane.lead, _RANK[lane.light], lane.department)))
