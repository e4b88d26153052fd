"""When a project's items can be done: the critical path in working days. Pure: items and a calendar in, dates out.

The rules (decisions: Stages, items, cases):
- An item of the main line starts when its stage is open and its prerequisites are done; a parallel one when its
  prerequisites are done, from the registration on. The advisory stage gates nothing.
- It is done on the last day of its promised limit: the day of its start does not count (民法典第201条).
- A stage is done with its milestones (all, or the first), without any with its main items, without those at once; that
  opens the next.
- What is still undetermined is planned as if it applied, and marked: the answer can only bring dates forward.
- What has really happened replaces what was computed; what has not begun cannot begin before today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.core.workdays import Calendar
from projects.catalogue.definitions import Unit
from projects.planning.checklist import PlannedItem


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What the forecast needs to know of one stage of the flow, in the order of the flow."""

    id: str
    limit_days: int
    """Working days; 0 = no limit of its own."""
    any_milestone: bool
    """One milestone is enough to conclude the stage."""
    is_advisory: bool
    """Gates nothing."""


@dataclass(frozen=True, slots=True)
class Actual:
    """What has really happened to an item. One that was refused has not happened: it is done again."""

    started_on: date
    due_on: date | None = None
    """The clock's present due day of a running item."""
    finished_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reality:
    """What has really happened to a project so far."""

    items: Mapping[str, Actual] = field(default_factory=dict)
    opened: Mapping[str, date] = field(default_factory=dict)
    """Stage id -> the day it was opened."""
    concluded: Mapping[str, date] = field(default_factory=dict)
    """Stage id -> the day it was concluded."""


@dataclass(frozen=True, slots=True)
class ItemForecast:
    """When one item starts and is done."""

    start: date
    finish: date
    after: str | None
    """The item whose end fixed the start; None: the opening of the stage, or today."""
    tentative: bool
    """It, or something it waits for, may turn out not to apply."""
    critical: bool
    """A later end of it makes the whole project later."""
    is_actual: bool
    """The end is a fact, not a forecast."""


@dataclass(frozen=True, slots=True)
class StageForecast:
    """When one stage opens and is done."""

    opens: date
    finish: date
    due: date | None
    """The last day of the stage's own limit; None without one."""
    after: str | None
    """The item that concludes it; None: nothing has to be done."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The dates of a whole project."""

    items: Mapping[str, ItemForecast]
    stages: Mapping[str, StageForecast]
    finish: date
    """The day the last stage of the main line is done."""


class Circular(ValueError):
    """Items or stages wait for each other; the check of the pack lets no such pack in."""


def forecast(
    *,
    items: Sequence[PlannedItem],
    stages: Sequence[StagePlan],
    calendar: Calendar,
    start: date,
    today: date,
    reality: Reality | None = None,
) -> Forecast:
    """Compute the dates of every item that applies or may apply.

    :param start: the day of registration
    :param today: nothing that has not begun begins earlier
    :raises Circular: items or stages wait for each other
    """
    run = _Run(items=items, stages=stages, calendar=calendar, start=start, today=today, reality=reality or Reality())
    placed = {item_id: run.place(item_id) for item_id in run.items}
    main = [stage for stage in stages if not stage.is_advisory]
    closing = [run.conclusion(stage.id) for stage in main]
    last = next((end.after for end in reversed(closing) if end.after), None)
    critical = run.chain(last)
    return Forecast(
        items={
            item_id: ItemForecast(
                start=spot.start,
                finish=spot.finish,
                after=spot.after,
                tentative=spot.tentative,
                critical=item_id in critical,
                is_actual=spot.is_actual,
            )
            for item_id, spot in placed.items()
        },
        stages={stage.id: run.stage_forecast(stage) for stage in stages},
        finish=closing[-1].day if closing else start,
    )


def dates_of(items: Iterable[ItemForecast]) -> tuple[date, date] | None:
    """Give the first start and the last end, for the axis of a drawing; None for nothing."""
    spans = list(items)
    if not spans:
        return None
    return min(span.start for span in spans), max(span.finish for span in spans)


def finish_of(item: PlannedItem, start: date, calendar: Calendar) -> date:
    """Return the last day of an item's limit when it starts on a day.

    Calendar days that end on a rest day go on to the next working day (民法典第203条).
    """
    if item.unit == Unit.CALENDAR:
        return calendar.next_workday(start + timedelta(days=item.limit_days))
    return calendar.add_workdays(start, item.limit_days)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day and the item that fixed it."""

    day: date
    after: str | None = None


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an item was placed."""

    start: date
    finish: date
    after: str | None
    tentative: bool
    is_actual: bool


class _Run:
    """One computation; every day is computed once, from what it depends on."""

    def __init__(
        self,
        *,
        items: Sequence[PlannedItem],
        stages: Sequence[StagePlan],
        calendar: Calendar,
        start: date,
        today: date,
        reality: Reality,
    ) -> None:
        self.items = {item.id: item for item in items if item.applies is not False}
        self.stages = {stage.id: stage for stage in stages}
        self.calendar, self.start, self.today, self.reality = calendar, start, today, reality
        main = [stage.id for stage in stages if not stage.is_advisory]
        self._before = dict(zip(main[1:], main, strict=False))
        self._spots: dict[str, _Spot] = {}
        self._ends: dict[str, _Moment] = {}
        self._open: set[str] = set()

    def opening(self, stage: str) -> _Moment:
        """Return when a stage opens; what is no stage of the main line is open from the registration on."""
        if stage in self.reality.opened:
            return _Moment(self.reality.opened[stage])
        if stage in self._before:
            return self.conclusion(self._before[stage])
        return _Moment(self.start)

    def conclusion(self, stage: str) -> _Moment:
        """Return when a stage is done."""
        if stage not in self._ends:
            with self._once(f"stage {stage}"):
                self._ends[stage] = self._conclude(self.stages[stage])
        return self._ends[stage]

    def place(self, item_id: str) -> _Spot:
        """Return when an item starts and is done."""
        if item_id not in self._spots:
            with self._once(item_id):
                self._spots[item_id] = self._place(self.items[item_id])
        return self._spots[item_id]

    def chain(self, last: str | None) -> frozenset[str]:
        """Follow what fixed what backwards from the last item; what is done already delays nothing."""
        found: set[str] = set()
        while last is not None and last not in found:
            found.add(last)
            last = self.place(last).after
        return frozenset(item_id for item_id in found if not self.place(item_id).is_actual)

    def stage_forecast(self, stage: StagePlan) -> StageForecast:
        """Gather the dates of one stage."""
        opens, end = self.opening(stage.id).day, self.conclusion(stage.id)
        due = self.calendar.add_workdays(opens, stage.limit_days) if stage.limit_days else None
        return StageForecast(opens=opens, finish=end.day, due=due, after=end.after)

    def _conclude(self, stage: StagePlan) -> _Moment:
        if stage.id in self.reality.concluded:
            return _Moment(self.reality.concluded[stage.id])
        opening = self.opening(stage.id)
        own = [item for item in self.items.values() if item.stage == stage.id]
        milestones = [item for item in own if item.item.milestone]
        certain = [item for item in milestones if item.applies]
        if certain and stage.any_milestone:
            # One that may turn out not to apply is not relied on.
            end = min((self._end(item) for item in certain), key=lambda moment: moment.day)
        else:
            # With no certain milestone the other items may have to decide, so all are waited for.
            deciding = milestones if certain else own
            end = max((self._end(item) for item in deciding), key=lambda moment: moment.day, default=opening)
        return end if end.day >= opening.day else opening

    def _end(self, item: PlannedItem) -> _Moment:
        return _Moment(self.place(item.id).finish, item.id)

    def _place(self, item: PlannedItem) -> _Spot:
        actual = self.reality.items.get(item.id)
        if actual and actual.finished_on:
            return _Spot(actual.started_on, actual.finished_on, None, tentative=False, is_actual=True)
        if actual:
            due = actual.due_on or finish_of(item, actual.started_on, self.calendar)
            # An overdue item will be done today at the earliest.
            return _Spot(actual.started_on, max(due, self.today), None, tentative=False, is_actual=False)
        waits = [self._end(self.items[other]) for other in item.waits_for if other in self.items]
        moments = [_Moment(max(self.start, self.today)), self.opening(item.stage), *waits]
        # Of several on the latest day the last is named: a prerequisite says more than the opening of a stage.
        latest = max(reversed(moments), key=lambda moment: moment.day)
        start = self.calendar.next_workday(latest.day)
        return _Spot(
            start=start,
            finish=finish_of(item, start, self.calendar),
            after=latest.after,
            tentative=item.applies is None or any(self.place(other.after).tentative for other in waits if other.after),
            is_actual=False,
        )

    @contextmanager
    def _once(self, name: str) -> Iterator[None]:
        if name in self._open:
            raise Circular(name)
        self._open.add(name)
        try:
            yield
        finally:
            self._open.discard(name)
