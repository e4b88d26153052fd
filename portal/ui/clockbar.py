"""Draw a clock bar: one cell per day, filled by who held the file that day.

Fill a :class:`ClockBar` and pass it to ``components/_clock.html``; everything else is computed here::

    ClockBar(
        sentence=format_html("承诺时限 <b>{}</b> 个工作日，已用 <b>{}</b>", 8, 6),
        cells=(Cell(on=date(2026, 3, 25), kind=Kind.BEFORE), Cell(on=date(2026, 3, 26), kind=Kind.RUNNING), ...),
        marks=(Mark(on=date(2026, 3, 25), words="受理"), Mark(on=today, words="今天", now=True, dated=False)),
    )

Cells are calendar days in order, without gaps. ``sentence`` says the same in words; it is the accessible text.
More than 60 cells become weeks. At most six marks are written at the bar; all of them stand in the list for phones.
The geometry knows neither database nor clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from portal.ui.textwidth import em_width

MAX_DAYS = 60
MAX_MARKS = 6
REST_WEIGHT = 0.42
MARK_FONT_PX = 12


class Kind(StrEnum):
    """Say who held the file on one day."""

    BEFORE = "before"
    RUNNING = "running"
    PAUSED = "paused"
    CORRECTION = "correction"
    LATE = "late"
    LEFT = "left"
    REST = "rest"


# The order in which the legend names them, and which kind wins when a week holds several.
LEGEND_ORDER = (Kind.RUNNING, Kind.PAUSED, Kind.CORRECTION, Kind.BEFORE, Kind.LATE, Kind.LEFT, Kind.REST)


@dataclass(frozen=True)
class Cell:
    """Hold one calendar day of the bar."""

    on: date
    kind: Kind


@dataclass(frozen=True)
class Mark:
    """Name one day: receipt, acceptance, start or end of a pause, today, due.

    ``dated`` writes the date before the words; ``until`` turns it into a span in the list for phones.
    """

    on: date
    words: str
    now: bool = False
    dated: bool = True
    until: date | None = None


@dataclass(frozen=True)
class DrawnMark:
    """Place one mark above or below its cell."""

    mark: Mark
    above: bool
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True)
class DrawnCell:
    """Hold one cell as it is drawn; ``days`` is 7 when cells stand for weeks."""

    on: date
    kind: Kind
    days: int
    marks: tuple[DrawnMark, ...]


@dataclass(frozen=True)
class Drawing:
    """Hold the finished bar for the template."""

    cells: tuple[DrawnCell, ...]
    legend: tuple[Kind, ...]
    weekly: bool


@dataclass(frozen=True)
class ClockBar:
    """Describe one clock bar; see the module for how to fill it.

    ``explain_url`` is the link 为什么是这天, ``provisional`` says the due date may still move,
    ``note`` is one more remark at the end of the legend, ``width_px`` the width the bar will have on a wide screen.
    """

    cells: tuple[Cell, ...]
    marks: tuple[Mark, ...]
    sentence: str
    explain_url: str = ""
    provisional: bool = False
    note: str = ""
    width_px: int = 1150

    @property
    def drawing(self) -> Drawing:
        """Compute the cells with their marks."""
        return draw(self)


def draw(bar: ClockBar) -> Drawing:
    """Lay out the cells of a bar and place its marks without overlap."""
    weekly = len(bar.cells) > MAX_DAYS
    groups = _weeks(bar.cells) if weekly else [(cell,) for cell in bar.cells]
    kinds = [_prevailing(group) for group in groups]
    centres = _centres(kinds)
    placed = _place(bar, groups, centres)
    cells = tuple(
        DrawnCell(on=group[0].on, kind=kind, days=len(group), marks=tuple(placed.get(index, ())))
        for index, (group, kind) in enumerate(zip(groups, kinds, strict=True))
    )
    used = set(kinds)
    return Drawing(cells=cells, legend=tuple(kind for kind in LEGEND_ORDER if kind in used), weekly=weekly)


def _weeks(cells: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    """Group days by ISO week, in order."""
    groups: dict[tuple[int, int], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.on.isocalendar()[:2], []).append(cell)
    return [tuple(group) for group in groups.values()]


def _prevailing(group: Sequence[Cell]) -> Kind:
    """Return the kind most days of a group have; a rest day never wins over a working day."""
    counts = {kind: sum(1 for cell in group if cell.kind is kind) for kind in LEGEND_ORDER}
    counts[Kind.REST] = min(counts[Kind.REST], 0 if len(group) > counts[Kind.REST] else 1)
    return max(LEGEND_ORDER, key=lambda kind: counts[kind])


def _centres(kinds: Sequence[Kind]) -> list[float]:
    """Return the middle of each cell as a share of the bar's width."""
    weights = [REST_WEIGHT if kind is Kind.REST else 1.0 for kind in kinds]
    total = sum(weights) or 1.0
    centres, before = [], 0.0
    for weight in weights:
        centres.append((before + weight / 2) / total)
        before += weight
    return centres


def _place(bar: ClockBar, groups: Sequence[Sequence[Cell]], centres: Sequence[float]) -> dict[int, list[DrawnMark]]:
    """Choose side and anchor for each mark: today first, then by date, alternating below and above."""
    index_of = {cell.on: index for index, group in enumerate(groups) for cell in group}
    chosen = _most_telling([mark for mark in bar.marks if mark.on in index_of])
    taken: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    placed: dict[int, list[DrawnMark]] = {}
    above_next = False
    for mark in chosen:
        index = index_of[mark.on]
        spot = _free_spot(mark, centres[index], taken, above_first=True if mark.now else above_next, width=bar.width_px)
        if spot is None:
            continue
        above, anchor, span = spot
        taken[above].append(span)
        placed.setdefault(index, []).append(DrawnMark(mark=mark, above=above, anchor=anchor))
        if not mark.now:
            above_next = not above
    return placed


def _most_telling(marks: Sequence[Mark]) -> list[Mark]:
    """Choose at most six marks: today, the last (due) and the first one (receipt) before those between them."""
    ordered = sorted(marks, key=lambda mark: mark.on)
    ends = [mark for mark in (*ordered[-1:], *ordered[:1]) if not mark.now]
    first = [mark for mark in ordered if mark.now] + ends[: len(set(ends))]
    between = [mark for mark in ordered if mark not in first]
    return first + between[: max(MAX_MARKS - len(first), 0)]


def _free_spot(
    mark: Mark, centre: float, taken: dict[bool, list[tuple[float, float]]], *, above_first: bool, width: int
) -> tuple[bool, Literal["start", "middle", "end"], tuple[float, float]] | None:
    """Return the first side and anchor where the words fit inside the bar and touch no other mark."""
    # A date such as 12月30日 takes 4.6 em; on either side 0.3 em stay free, so that no two neighbours touch.
    em = MARK_FONT_PX / width
    words, free = (em_width(mark.words) + (4.6 if mark.dated else 0)) * em, 0.3 * em
    spans: dict[Literal["start", "middle", "end"], tuple[float, float]] = {
        "start": (centre - free, centre + words + free),
        "middle": (centre - words / 2 - free, centre + words / 2 + free),
        "end": (centre - words - free, centre + free),
    }
    order: tuple[Literal["start", "middle", "end"], ...] = (
        ("middle", "start", "end") if mark.now else ("start", "middle", "end") if centre < 0.7 else ("end", "middle")
    )
    for above in (above_first, not above_first):
        for anchor in order:
            low, high = spans[anchor]
            inside = low >= -0.01 and high <= 1.01
            if inside and all(high <= other_low or low >= other_high for other_low, other_high in taken[above]):
                return above, anchor, (low, high)
    return None
