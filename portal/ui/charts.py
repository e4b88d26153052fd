"""Draw small charts as SVG on the server: bars, lines, and the flow lines of the public home page.

Fill one of :class:`BarChart`, :class:`LineChart`, :class:`FlowChart` and pass it to ``components/_chart.html``. Each
carries ``finding``, one sentence that says what the picture shows (its text alternative), and makes its own table, so
the numbers are one click away without script. One unit per chart. Tones come from tokens; ``late`` is for states only.

    BarChart(finding="16 件超期，8 件停在承办", unit="件", label_heading="环节",
             bars=(Bar("承办", 8, tone="late", url="/…"), Bar("补正", 2, text="2 等申请人", tone="grey")))
    LineChart(finding="中位数由 6.2 降到 4.8", unit="工作日", label_heading="周", labels=("1/26", "2/2", ...),
              series=(Series("中位", (6.2, 6.0, ...), tone="blue"), Series("九成位", (...), tone="sky", dashed=True)),
              bands=(Band(3, 4, "春节"),))
    FlowChart(finding="…", unit="工作日", flows=(Flow("社会投资小型类", "≤1 万 m²", stops=(2, 7, 12, 20)), ...),
              stages=("立项用地规划许可", ...))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from django.utils.translation import gettext as _

from portal.ui.textwidth import em_width

Tone = Literal["navy", "blue", "sky", "grey", "ink", "late"]

BAR_STEP = 27
BAR_THICKNESS = 16


@dataclass(frozen=True)
class Table:
    """Hold the numbers behind a chart."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _with_unit(name: str, unit: str) -> str:
    """Head a column: 中位（工作日）."""
    return _("%(name)s（%(words)s）") % {"name": name, "words": unit}


def plain(value: float) -> str:
    """Write a number with thousands commas and at most one decimal."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


# ---- bars -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """Hold one bar; ``text`` replaces the plain number written at its end."""

    label: str
    value: float
    text: str = ""
    tone: Tone = "navy"
    url: str = ""

    @property
    def shown(self) -> str:
        """Return what is written at the end of the bar."""
        return self.text or plain(self.value)


@dataclass(frozen=True)
class DrawnBar:
    """Hold one bar with its geometry in px of a 380 px wide picture."""

    bar: Bar
    x: float
    y: float
    width: float
    words: str
    words_x: float
    base_y: float


@dataclass(frozen=True)
class BarChart:
    """Compare a few amounts of one unit."""

    finding: str
    unit: str
    bars: tuple[Bar, ...]
    label_heading: str = ""
    kind: str = "bars"
    width: int = 380

    @property
    def height(self) -> int:
        """Return the height of the picture in px."""
        return BAR_STEP * max(len(self.bars), 1)

    @property
    def drawing(self) -> tuple[DrawnBar, ...]:
        """Compute the bars: the longest one leaves room for its own words."""
        if not self.bars:
            return ()
        words = [bar.shown for bar in self.bars]
        left = 14 + max(em_width(bar.label) for bar in self.bars) * 12
        room = self.width - left - 8 - max(em_width(word) for word in words) * 12
        top = max(max(bar.value for bar in self.bars), 1e-9)
        drawn = []
        for index, (bar, word) in enumerate(zip(self.bars, words, strict=True)):
            width = round(max(room, 40) * max(bar.value, 0) / top, 1)
            y = index * BAR_STEP + 5
            drawn.append(DrawnBar(bar, round(left, 1), y, width, word, round(left + width + 7, 1), y + 12.5))
        return tuple(drawn)

    @property
    def table(self) -> Table:
        """Return the numbers of the chart."""
        return Table((self.label_heading, self.unit), tuple((bar.label, bar.shown) for bar in self.bars))


# ---- lines ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """Hold one line; ``None`` leaves a gap. A second series differs by dash as well as by tone."""

    name: str
    values: tuple[float | None, ...]
    tone: Tone = "blue"
    dashed: bool = False


@dataclass(frozen=True)
class Band:
    """Shade the labels from one index to another, such as a long holiday."""

    first: int
    last: int
    name: str


@dataclass(frozen=True)
class Tick:
    """Hold one label of an axis with its place in px."""

    at: float
    words: str


@dataclass(frozen=True)
class DrawnSeries:
    """Hold one line as a path, with its last value written at the end."""

    series: Series
    path: str
    end_x: float
    end_y: float
    words: str
    words_y: float


@dataclass(frozen=True)
class DrawnBand:
    """Hold one shaded stretch in px."""

    x: float
    width: float
    middle: float
    name: str


@dataclass(frozen=True)
class LineDrawing:
    """Hold the finished line chart; the plot lies between ``left`` and ``right``, ``top`` and ``bottom``."""

    left: float
    right: float
    top: float
    bottom: float
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    series: tuple[DrawnSeries, ...]
    bands: tuple[DrawnBand, ...]

    @property
    def plot_height(self) -> float:
        """Return the height of the plot."""
        return self.bottom - self.top


@dataclass(frozen=True)
class LineChart:
    """Show how one or two measures of one unit moved over time."""

    finding: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    bands: tuple[Band, ...] = ()
    label_heading: str = ""
    kind: str = "lines"
    width: int = 400
    height: int = 190

    @property
    def drawing(self) -> LineDrawing:
        """Compute axes, lines and bands."""
        return _draw_lines(self)

    @property
    def table(self) -> Table:
        """Return the numbers of the chart, one row per label."""
        return Table(
            (self.label_heading, *(_with_unit(series.name, self.unit) for series in self.series)),
            tuple(
                (label, *("—" if (value := series.values[index]) is None else plain(value) for series in self.series))
                for index, label in enumerate(self.labels)
            ),
        )


def round_step(highest: float, *, steps: int = 4) -> float:
    """Return the distance of grid lines, a round number such that few of them reach the top."""
    if highest <= 0:
        return 1.0
    raw = highest / steps
    power = 10 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 4, 5, 10) if factor * power >= raw - 1e-12)


def _draw_lines(chart: LineChart) -> LineDrawing:
    """Compute a line chart; the room at the right is as wide as the longest end label."""
    ends = [(series, _last(series.values)) for series in chart.series]
    words = [f"{series.name} {plain(value)}" if value is not None else series.name for series, value in ends]
    left, top, bottom = 30.0, 20.0, chart.height - 30.0
    right = chart.width - 16 - max((em_width(word) for word in words), default=0) * 12.5
    known = [value for series in chart.series for value in series.values if value is not None]
    step = round_step(max(known, default=0))
    ceiling = step * max(math.ceil(max(known, default=0) / step - 1e-9), 1)

    def x_at(index: int) -> float:
        return round(left + (right - left) * index / max(len(chart.labels) - 1, 1), 1)

    def y_at(value: float) -> float:
        return round(bottom - (bottom - top) * value / ceiling, 1)

    lines = round(ceiling / step)
    every = max(math.ceil(len(chart.labels) * 36 / max(right - left, 1)), 1)
    last = len(chart.labels) - 1
    drawn: list[DrawnSeries] = []
    used_y: list[float] = []
    for (series, value), word in zip(ends, words, strict=True):
        index = max((i for i, known_value in enumerate(series.values) if known_value is not None), default=0)
        end_y = y_at(value or 0)
        words_y = end_y + 4
        while any(abs(words_y - other) < 14 for other in used_y):
            words_y += 14 - min(abs(words_y - other) for other in used_y)
        used_y.append(words_y)
        path = line_path([None if v is None else (x_at(i), y_at(v)) for i, v in enumerate(series.values)])
        drawn.append(DrawnSeries(series, path, x_at(index), end_y, word, round(words_y, 1)))
    return LineDrawing(
        left=left,
        right=round(right, 1),
        top=top,
        bottom=bottom,
        y_ticks=tuple(Tick(y_at(step * number), plain(step * number)) for number in range(lines + 1)),
        x_ticks=tuple(Tick(x_at(i), label) for i, label in enumerate(chart.labels) if (last - i) % every == 0),
        series=tuple(drawn),
        bands=tuple(
            DrawnBand(
                x=x_at(band.first),
                width=max(round(x_at(band.last) - x_at(band.first), 1), 6),
                middle=round((x_at(band.first) + x_at(band.last)) / 2, 1),
                name=band.name,
            )
            for band in chart.bands
        ),
    )


def _last(values: Sequence[float | None]) -> float | None:
    """Return the last known value."""
    return next((value for value in reversed(values) if value is not None), None)


def line_path(points: Sequence[tuple[float, float] | None]) -> str:
    """Join points to an SVG path; a gap starts a new stretch."""
    parts = []
    for before, point in pairwise([None, *points]):
        if point is not None:
            parts.append(f"{'M' if before is None else 'L'}{point[0]} {point[1]}")
    return "".join(parts)


# ---- flow lines -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flow:
    """Hold one flow type; ``stops`` are cumulative working days at the end of each stage, in order."""

    name: str
    hint: str
    stops: tuple[int, ...]
    tone: Tone = "blue"
    url: str = ""


@dataclass(frozen=True)
class DrawnFlow:
    """Hold one flow as a line with numbered stations."""

    flow: Flow
    y: int
    end_x: float
    stops: tuple[tuple[int, float], ...]
    total: int
    #: the same stations on a line of their own, for the narrow picture
    narrow: tuple[tuple[int, float], ...]


NARROW_WIDTH = 320


@dataclass(frozen=True)
class FlowDrawing:
    """Hold the finished flow chart."""

    origin: float
    height: int
    ticks: tuple[Tick, ...]
    flows: tuple[DrawnFlow, ...]
    narrow_width: int = NARROW_WIDTH


@dataclass(frozen=True)
class FlowChart:
    """Compare the promised working days of the flow types, stage by stage."""

    finding: str
    unit: str
    flows: tuple[Flow, ...]
    stages: tuple[str, ...]
    label_heading: str = ""
    total_heading: str = ""
    kind: str = "flows"
    width: int = 648

    @property
    def drawing(self) -> FlowDrawing:
        """Compute the lines: 51 px per flow, stations never closer than they can be read."""
        origin = 20 + max((em_width(flow.name) for flow in self.flows), default=8) * 14
        longest = max((flow.stops[-1] for flow in self.flows if flow.stops), default=1) or 1
        scale = (self.width - origin - 44) / longest
        step = round_step(longest, steps=5)
        ticks = [Tick(round(origin + step * n * scale, 1), plain(step * n)) for n in range(1, int(longest / step) + 1)]
        drawn = []
        for index, flow in enumerate(self.flows):
            xs = _stations(flow.stops, origin=origin, scale=scale)
            drawn.append(
                DrawnFlow(
                    flow=flow,
                    y=58 + 51 * index,
                    end_x=xs[-1] if xs else origin,
                    stops=tuple(enumerate(xs, start=1)),
                    total=flow.stops[-1] if flow.stops else 0,
                    narrow=tuple(
                        enumerate(_stations(flow.stops, origin=1, scale=(NARROW_WIDTH - 12) / longest), start=1)
                    ),
                )
            )
        return FlowDrawing(
            origin=round(origin, 1), height=37 + 51 * len(self.flows), ticks=tuple(ticks), flows=tuple(drawn)
        )

    @property
    def table(self) -> Table:
        """Return the days of each stage and their sum, one row per flow."""
        return Table(
            (self.label_heading, *self.stages, self.total_heading or self.unit),
            tuple(
                (
                    flow.name,
                    *(str(b - a) for a, b in pairwise((0, *flow.stops))),
                    str(flow.stops[-1] if flow.stops else 0),
                )
                for flow in self.flows
            ),
        )


def _stations(stops: Sequence[int], *, origin: float, scale: float) -> list[float]:
    """Place stations by their days; closer than 20 px they would cover each other's number."""
    xs: list[float] = []
    for days in stops:
        xs.append(round(max(origin + days * scale, xs[-1] + 20 if xs else origin + 10), 1))
    return xs
