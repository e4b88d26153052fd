"""Describe the tiles and the heat table of a dashboard, for ``components/_kpi.html`` and ``components/_heat.html``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from portal.ui.lights import Light


@dataclass(frozen=True)
class Kpi:
    """Hold one number with its unit and one comparison; the whole tile leads to the list behind the number.

    ``value`` comes ready to show (``"1,280"``), ``share`` stands small beside the unit (``"1.25%"``).
    """

    label: str
    value: str
    unit: str
    note: str = ""
    share: str = ""
    light: Light | None = None
    url: str = ""


@dataclass(frozen=True)
class HeatCell:
    """Hold the cases of one stage in one department; ``possible`` is false where none can occur."""

    count: int = 0
    late: int = 0
    due: int = 0
    url: str = ""
    possible: bool = True

    @property
    def warmth(self) -> int:
        """Return the ground 0 to 3 by the number of late cases."""
        return min(self.late, 3)


@dataclass(frozen=True)
class HeatRow:
    """Hold one department's row."""

    name: str
    cells: tuple[HeatCell, ...]
    url: str = ""


@dataclass(frozen=True)
class Heat:
    """Hold the table stage by department; ``rest`` is the row 其余 n 家, so that sums agree with the tiles.

    ``total_urls`` are the lists behind the sums, one per column, or none.
    """

    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    rest: HeatRow | None = None
    total_urls: tuple[str, ...] = ()

    @property
    def totals(self) -> tuple[HeatCell, ...]:
        """Return the sum of each column."""
        rows = (*self.rows, self.rest) if self.rest else self.rows
        urls = self.total_urls or ("",) * len(self.columns)
        return tuple(_sum((row.cells[index] for row in rows), url=url) for index, url in enumerate(urls))


def _sum(cells: Iterable[HeatCell], *, url: str) -> HeatCell:
    """Add up cells that can occur."""
    found = [cell for cell in cells if cell.possible]
    return HeatCell(
        count=sum(cell.count for cell in found),
        late=sum(cell.late for cell in found),
        due=sum(cell.due for cell in found),
        url=url,
        possible=bool(found),
    )
