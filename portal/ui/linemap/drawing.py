"""Compute the geometry of a line map, in px of a picture 1150 wide.

The stretch in which work goes on is wide, the others narrow. With one pair of stations the first branches lie above
the main line; otherwise all lie below, short ones nearest, so that lines cross as little as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from portal.ui.lights import Light
from portal.ui.linemap.model import Branch, Item, LineMap, Station, StationState
from portal.ui.textwidth import em_width, fit

WIDTH = 1150
FIRST_X, LAST_X = 40, 1096
#: where the first station stands when branches leave it: its words then need the room at its left
ASIDE_X = 104
NARROW = 146
ROW_STEP = 42
CURVE = 44
BOX_WIDTH, BOX_HEIGHT, BOX_GAP = 214, 54, 12
MAX_BOXES = 3
MAX_BRANCHES = 7
NAME_PX, SMALL_PX = 14, 12.5

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class DrawnStation:
    """Place one station and its two lines of text."""

    station: Station
    x: float
    label_x: float
    anchor: Anchor
    name_y: float
    caption_y: float
    name: str
    caption: str


@dataclass(frozen=True)
class DrawnBox:
    """Place one serial item as a box on the main line."""

    item: Item
    x: float
    y: float
    width: float
    text_x: float
    shape_x: float
    name: str
    caption: str

    @property
    def name_y(self) -> float:
        """Return the base line of the name: in the middle when it stands alone."""
        return self.y + (BOX_HEIGHT / 2 - 4 if self.caption else BOX_HEIGHT / 2 + 5)


@dataclass(frozen=True)
class DrawnBranch:
    """Place one parallel item: whole way, way gone, its head and its words."""

    branch: Branch
    whole: str
    gone: str
    y: float
    text_y: float
    head_x: float | None
    name_x: float
    words_x: float
    name: str
    department: str

    @property
    def head_left(self) -> float:
        """Return where the head's shape begins; shapes are drawn 1.15 times 12 px."""
        half = 8 if self.branch.light is Light.LATE2 else 6
        return round((self.head_x or 0) - half * 1.15, 1)

    @property
    def head_top(self) -> float:
        """Return the upper edge of the head's shape."""
        return round(self.y - 6 * 1.15, 1)


@dataclass(frozen=True)
class Drawing:
    """Hold the finished picture for the template."""

    top: float
    height: float
    main_y: float
    first_x: float
    last_x: float
    done_x: float
    stations: tuple[DrawnStation, ...]
    boxes: tuple[DrawnBox, ...]
    branches: tuple[DrawnBranch, ...]
    width: int = WIDTH

    @property
    def number_y(self) -> float:
        """Return the base line of station numbers."""
        return self.main_y + 5.5

    @property
    def box_shape_y(self) -> float:
        """Return the upper edge of the shapes in boxes."""
        return self.main_y - 6

    @property
    def box_caption_y(self) -> float:
        """Return the base line of the second line in boxes."""
        return self.main_y + 15


def draw(line: LineMap) -> Drawing:
    """Lay out stations, boxes and branches of one line map."""
    branches = sorted(fold(line.branches), key=lambda b: (b.end - b.start, b.light is not Light.DONE))
    pairs = {(branch.start, branch.end) for branch in branches}
    above = _above_count(len(branches)) if len(pairs) == 1 else 0
    main_y = 108 + ROW_STEP * max(above - 1, 0)
    xs = station_xs(line)
    rows = _rows(branches, above=above, main_y=main_y)
    boxes = [box for station in line.stations for box in _boxes(line, station.no, xs, main_y)]
    stations = tuple(_station(station, branches, xs, main_y=main_y, above=above) for station in line.stations)
    has_upper = any(drawn.name_y < main_y for drawn in stations)
    lowest = max((y for y in rows if y > main_y), default=main_y + 62)
    top = 0 if above else 36 if has_upper else main_y - 34
    return Drawing(
        top=top,
        height=lowest + 20 - top,
        main_y=main_y,
        first_x=first_x(line),
        last_x=LAST_X,
        done_x=_done_x(line, xs, boxes),
        stations=stations,
        boxes=tuple(boxes),
        branches=tuple(_branch(b, y, xs, main_y) for b, y in zip(branches, rows, strict=True)),
    )


def fold(branches: Sequence[Branch]) -> list[Branch]:
    """Merge finished branches of the same pair of stations when there are more than seven in all."""
    if len(branches) <= MAX_BRANCHES:
        return list(branches)
    kept = [branch for branch in branches if branch.light is not Light.DONE]
    done: dict[tuple[int, int], list[Branch]] = {}
    for branch in branches:
        if branch.light is Light.DONE:
            done.setdefault((branch.start, branch.end), []).append(branch)
    for group in done.values():
        if len(group) == 1:
            kept.append(group[0])
            continue
        name = _("已办结 %(count)d 项") % {"count": len(group)}
        kept.append(replace(group[0], name=name, department="", words=""))
    return kept


def station_xs(line: LineMap) -> dict[int, float]:
    """Return the place of each station: stretches with work in them share what narrow ones leave."""
    numbers = [station.no for station in line.stations]
    steps = list(pairwise(numbers))
    busy = {item.leads_to for item in line.items}
    busy |= {branch.end for branch in line.branches if (branch.start, branch.end) in steps}
    busy |= {station.no for station in line.stations if station.state is StationState.CURRENT and line.branches}
    wide = [step for step in steps if step[1] in busy]
    first = float(first_x(line))
    span = LAST_X - first
    narrow_width = NARROW if wide else span / max(len(steps), 1)
    wide_width = (span - narrow_width * (len(steps) - len(wide))) / max(len(wide), 1)
    xs, x = {numbers[0]: first} if numbers else {}, first
    for step in steps:
        x += wide_width if step in wide else narrow_width
        xs[step[1]] = round(x, 1)
    return xs


def first_x(line: LineMap) -> int:
    """Return where the first station stands."""
    leaves = line.stations and any(branch.start == line.stations[0].no for branch in line.branches)
    return ASIDE_X if leaves else FIRST_X


def _above_count(branches: int) -> int:
    """Return how many branches lie above the main line."""
    return 0 if branches < 2 else 1 if branches <= 5 else 2


def _rows(branches: Sequence[Branch], *, above: int, main_y: float) -> list[float]:
    """Return the height of each branch; below, branches that do not overlap share a row."""
    heights = [main_y - 64 - ROW_STEP * number for number in range(above)]
    ends: list[int] = []
    for branch in branches[above:]:
        row = next((index for index, end in enumerate(ends) if branch.start >= end), None)
        if row is None:
            ends.append(branch.end)
            row = len(ends) - 1
        else:
            ends[row] = branch.end
        heights.append(main_y + 64 + ROW_STEP * row)
    return heights


def _branch(branch: Branch, y: float, xs: dict[int, float], main_y: float) -> DrawnBranch:
    """Draw one branch: a curve away from its first station, a straight part, a curve back."""
    start, end = xs[branch.start], xs[branch.end]
    left, right = start + CURVE, end - CURVE
    away = f"M{start:g} {main_y:g}C{start + 24:g} {main_y:g} {start + 14:g} {y:g} {left:g} {y:g}"
    back = f"C{end - 14:g} {y:g} {end - 24:g} {main_y:g} {end:g} {main_y:g}"
    whole = f"{away}H{right:g}{back}"
    finished = branch.light in (Light.DONE, Light.NO)
    waiting = branch.light in (Light.WAIT, Light.OFF)
    share = min(max(branch.share, 0.0), 1.0)
    way = 1.0 if finished else 0.0 if waiting else share
    head_x = None if branch.light is Light.DONE else round(left + (right - left) * way, 1)
    gone = whole if finished else "" if waiting else f"{away}H{head_x:g}"
    name_x, words_x = left + 14, right - 14
    room = words_x - name_x - em_width(branch.words) * 13 - 16
    name = fit(branch.name, room_px=room, font_px=NAME_PX)
    spare = room - em_width(name) * NAME_PX - 10
    wanted = em_width(branch.department) * SMALL_PX
    return DrawnBranch(
        branch=branch,
        whole=whole,
        gone=gone,
        y=y,
        text_y=y - 9,
        head_x=head_x,
        name_x=name_x,
        words_x=words_x,
        name=name,
        department=branch.department if wanted <= spare else "",
    )


def _station(
    station: Station, branches: Sequence[Branch], xs: dict[int, float], *, main_y: float, above: int
) -> DrawnStation:
    """Place a station's words: below it, or above and aside where branches pass."""
    x = xs[station.no]
    leaves = any(branch.start == station.no for branch in branches)
    joins = any(branch.end == station.no for branch in branches)
    place: tuple[float, Anchor, float, float]
    passed = any(branch.start < station.no < branch.end for branch in branches)
    if not (leaves or joins or passed):
        place = _below(station, x, main_y)
    elif leaves and not joins and not passed and x > FIRST_X:
        place = (x - 4, "end", main_y - 46, x - 8)
    elif joins and not leaves and not passed and x < LAST_X:
        place = (x + 12, "start", main_y - 46, NARROW * 1.6)
    elif x <= FIRST_X:
        place = (x - 17, "start", main_y - 46 if not above else main_y + 40, NARROW)
    elif x >= LAST_X:
        place = (x + 17, "end", main_y - 46, NARROW * 1.6)
    else:
        place = (x, "middle", main_y - 52, NARROW * 1.6)
    label_x, anchor, name_y, room_px = place
    return DrawnStation(
        station=station,
        x=x,
        label_x=label_x,
        anchor=anchor,
        name_y=name_y,
        caption_y=name_y + 18,
        name=fit(station.name, room_px=room_px, font_px=NAME_PX),
        caption=fit(station.caption, room_px=room_px, font_px=SMALL_PX),
    )


def _below(station: Station, x: float, main_y: float) -> tuple[float, Anchor, float, float]:
    """Place words under a station; what would pass the picture's edge is set flush with the edge instead."""
    room = 2 * (WIDTH - x) if x > WIDTH / 2 else 2 * x + 40
    wanted = max(em_width(station.name) * NAME_PX, em_width(station.caption) * SMALL_PX)
    if x > WIDTH / 2 and wanted > room:
        return WIDTH - 2, "end", main_y + 40, NARROW - 12
    return x, "middle", main_y + 40, min(room, NARROW - 4)


def _boxes(line: LineMap, station_no: int, xs: dict[int, float], main_y: float) -> list[DrawnBox]:
    """Place the serial items that lead to one station; more than three fold the finished ones away."""
    items = _fold_items([item for item in line.items if item.leads_to == station_no])
    numbers = [station.no for station in line.stations]
    if not items or station_no not in xs or numbers.index(station_no) == 0:
        return []
    start, end = xs[numbers[numbers.index(station_no) - 1]], xs[station_no]
    room = end - start - 2 * CURVE - 14
    width = min(BOX_WIDTH, (room - BOX_GAP * (len(items) - 1)) / len(items))
    used = width * len(items) + BOX_GAP * (len(items) - 1)
    x = (start + end) / 2 + 14 - used / 2
    boxes = []
    for item in items:
        caption = " · ".join(part for part in (item.department, item.words) if part)
        if em_width(caption) * SMALL_PX > width - 42:
            caption = item.words or item.department
        boxes.append(
            DrawnBox(
                item=item,
                x=round(x, 1),
                y=main_y - BOX_HEIGHT / 2,
                width=round(width, 1),
                text_x=round(x + 34, 1),
                shape_x=round(x + 11, 1),
                name=fit(item.name, room_px=width - 42, font_px=NAME_PX),
                caption=fit(caption, room_px=width - 42, font_px=SMALL_PX),
            )
        )
        x += width + BOX_GAP
    return boxes


def _fold_items(items: list[Item]) -> list[Item]:
    """Merge finished items, then those not begun, until three boxes are left; late ones are never hidden."""
    for light, words in ((Light.DONE, _("已办结 %(count)d 项")), (Light.WAIT, _("还有 %(count)d 项待开始"))):
        group = [item for item in items if item.light is light]
        if len(items) <= MAX_BOXES or len(group) < 2:
            continue
        # Keep the first one waiting in sight when that still leaves three boxes.
        spare = 1 if light is Light.WAIT and len(items) - len(group) + 2 <= MAX_BOXES else 0
        hidden = group[spare:]
        folded = replace(hidden[0], name=words % {"count": len(hidden)}, department="", words="")
        items = [folded if item is hidden[0] else item for item in items if item is hidden[0] or item not in hidden]
    return items


def _done_x(line: LineMap, xs: dict[int, float], boxes: Sequence[DrawnBox]) -> float:
    """Return how far the main line is drawn as done: the last station reached, or the box being worked at."""
    done = [xs[station.no] for station in line.stations if station.state is StationState.DONE]
    reached = max(done, default=float(first_x(line)))
    running = [
        box.x + box.width / 2
        for box in boxes
        if box.item.light not in (Light.DONE, Light.WAIT, Light.OFF) and box.x > reached - 1
    ]
    finished = [box.x + box.width for box in boxes if box.item.light is Light.DONE and box.x > reached - 1]
    return round(max([reached, *running[:1], *finished]), 1)
