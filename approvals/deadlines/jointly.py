"""The clocks of a stage (C7) and of the whole way (C8): made of the clocks of their items. Pure.

C7 counts the working days of (first acceptance, end] on which at least one item of the stage was open, less those on
which all open items stood still (行政许可法第45条 for each of them). It ends with the last milestone; items that run on
do not count any more. C8 is the sum of C7 over the stages of one line of engineering codes, of the longest line; what
passes between two stages is the enterprise's time. domain.md 2.3; national bound 120 working days (国办发〔2019〕11号).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from approvals.deadlines.arithmetic import Explanation, Span
from approvals.deadlines.states import Calibre
from portal.core.workdays import ONE_DAY, Calendar


@dataclass(frozen=True, slots=True)
class ItemClock:
    """One item of a stage: its name, and what its clock tells."""

    name: str
    told: Explanation

    def is_open_on(self, day: date) -> bool:
        """Tell whether the item was under review at the first moment of a day."""
        accepted = self.told.accepted_on
        return accepted is not None and accepted < day <= self.told.last


@dataclass(frozen=True, slots=True)
class DayOfStage:
    """One calendar day of a stage: which items were open, which of them stood still, and whether the day counts."""

    date: date
    working: bool
    open: tuple[str, ...]
    still: tuple[str, ...]
    counts: bool

    @property
    def why(self) -> str:
        """Say in the active language why the day counts or not."""
        if not self.open:
            return _("没有在办的事项，不计入阶段用时")
        if len(self.still) == len(self.open):
            return _("在办事项全部停计，不计入阶段用时（行政许可法第45条）")
        if not self.working:
            return _("休息日，不计入阶段用时（行政许可法第82条）")
        if self.still:
            return _("仍有事项在办，计入阶段用时；停计：%(names)s") % {"names": _("、").join(self.still)}
        return _("在办，计入阶段用时")


@dataclass(frozen=True, slots=True)
class StageTold:
    """What the clock of a stage says at the end of a day.

    :param started_on: day of the first acceptance, None before it
    :param ended_on: day of the last milestone, None while it runs
    :param used: C7 in working days
    :param days: one per calendar day of (started_on, last]
    """

    started_on: date | None
    ended_on: date | None
    last: date
    used: int
    days: tuple[DayOfStage, ...]


def explain_stage(
    calendar: Calendar, items: Sequence[ItemClock], as_of: date, *, ended_on: date | None = None
) -> StageTold:
    """Tell the clock of a stage at the end of a day.

    :param items: those of the stage that have been accepted, each told as at `as_of` or at its own end before
    :param ended_on: day of the last milestone; a later day than `as_of` has not come yet
    """
    ended = ended_on if ended_on is not None and ended_on <= as_of else None
    last = as_of if ended is None else ended
    accepted = [item.told.accepted_on for item in items if item.told.accepted_on is not None]
    started = min(accepted, default=None)
    if started is None or started > last:
        return StageTold(None, ended, last, 0, ())
    days = tuple(_days(calendar, items, started, last))
    return StageTold(started, ended, last, sum(day.counts for day in days), days)


def _days(calendar: Calendar, items: Sequence[ItemClock], started: date, last: date) -> Iterator[DayOfStage]:
    stopped = [(item, [span for span in item.told.spans if _stops(span, item)]) for item in items]
    day = started + ONE_DAY
    while day <= last:
        open_ = [(item.name, spans) for item, spans in stopped if item.is_open_on(day)]
        still = tuple(name for name, spans in open_ if any(span.start < day <= span.end for span in spans))
        working = calendar.is_workday(day)
        yield DayOfStage(
            date=day,
            working=working,
            open=tuple(name for name, _spans in open_),
            still=still,
            counts=working and len(still) < len(open_),
        )
        day += ONE_DAY


def _stops(span: Span, item: ItemClock) -> bool:
    """Tell whether the promised limit of an item stands still; that is what makes it wait for others."""
    return span.stops(Calibre.C2, item.told.terms)


@dataclass(frozen=True, slots=True)
class StageUsed:
    """What one stage of one unit took: C7 in working days.

    :param path: engineering path of the unit (pairs), blank before it is issued or for the whole project
    """

    stage: str
    path: str
    used: int


@dataclass(frozen=True, slots=True)
class WayTold:
    """C8: the working days of the longest line of engineering codes, and the stages it is made of."""

    used: int
    path: str
    stages: tuple[StageUsed, ...]


def explain_way(stages: Sequence[StageUsed]) -> WayTold:
    """Sum C7 over the stages of each line of units, and tell the longest; of equal ones the first by its code."""
    paths = sorted({stage.path for stage in stages})
    ends = [path for path in paths if not any(other != path and other.startswith(path) for other in paths)]
    ways = [
        WayTold(sum(stage.used for stage in line), end, line)
        for end in ends
        for line in [tuple(stage for stage in stages if end.startswith(stage.path))]
    ]
    return max(ways, key=lambda way: way.used, default=WayTold(0, "", ()))
