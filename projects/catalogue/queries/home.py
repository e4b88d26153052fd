"""What the public home page shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby

from portal.core.models import CalendarDay
from projects.catalogue.definitions import Catalogue, Clause, FlowDef, ItemDef, StageDef
from projects.catalogue.queries.versions import catalogue

EXAMPLES = 3
"""Items named under each stage."""
CALENDAR_AHEAD = timedelta(days=60)

_PUBLIC_MONEY = Clause(field="fund_source", op="eq", value="gov")


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A flow as a line: working days reached at the end of each main stage."""

    name: str
    hint: str
    stops: tuple[int, ...]
    is_public_money: bool

    @property
    def total(self) -> int:
        """Give the working days of the whole flow."""
        return self.stops[-1] if self.stops else 0


@dataclass(frozen=True, slots=True)
class StageColumn:
    """A main stage with its lead and some of its items."""

    stage: StageDef
    lead: str
    count: int
    examples: tuple[ItemDef, ...]


@dataclass(frozen=True, slots=True)
class CalendarNote:
    """Some days on which the working-day calendar departs from Monday to Friday."""

    name: str
    first: date
    last: date
    is_worked: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The public home page."""

    flows: tuple[FlowLine, ...]
    stages: tuple[StageColumn, ...]
    department_count: int
    item_count: int
    parallel_count: int
    calendar: tuple[CalendarNote, ...]


def home(version_id: int, *, today: date) -> Home:
    """Read the home page of a version: flows from the quickest to the longest, stages with their first items."""
    found = catalogue(version_id)
    lines = [_line(found, flow) for flow in found.flows.values()]
    return Home(
        flows=tuple(sorted(lines, key=lambda line: line.total)),
        stages=tuple(_column(found, stage) for stage in found.main_stages),
        department_count=len(found.departments),
        item_count=len(found.items),
        parallel_count=sum(item.is_parallel for item in found.items.values()),
        calendar=_calendar(today),
    )


def _line(found: Catalogue, flow: FlowDef) -> FlowLine:
    days = [flow.stages[stage.id].limit_days if stage.id in flow.stages else 0 for stage in found.main_stages]
    return FlowLine(
        name=flow.name.partition("（")[0],  # the hint says what the remark in brackets says
        hint=flow.hint,
        stops=tuple(accumulate(days)),
        is_public_money=_PUBLIC_MONEY in flow.condition.all,
    )


def _column(found: Catalogue, stage: StageDef) -> StageColumn:
    items = found.items_of(stage.id)
    # The milestone first, then what most kinds of projects need.
    flows = Counter(name for flow in found.flows.values() for name in flow.items)
    known_best = sorted(items, key=lambda item: (not item.milestone, -flows[item.id], item.sort))
    lead = found.departments[stage.lead].name if stage.lead else ""
    return StageColumn(stage=stage, lead=lead, count=len(items), examples=tuple(known_best[:EXAMPLES]))


def _calendar(today: date) -> tuple[CalendarNote, ...]:
    """Give the coming holidays and make-up workdays; days that follow each other become one note."""
    days = (
        CalendarDay.objects.filter(region="", day__gte=today, day__lte=today + CALENDAR_AHEAD)
        .order_by("day")
        .values_list("day", "kind", "name")
    )
    notes = []
    # Neighbouring days share the difference between their date and their place in the list.
    for _key, group in groupby(enumerate(days), key=lambda pair: (pair[1][1:], pair[1][0].toordinal() - pair[0])):
        run = [entry for _place, entry in group]
        day, kind, name = run[0]
        notes.append(CalendarNote(name=name, first=day, last=run[-1][0], is_worked=kind == CalendarDay.Kind.WORK))
    return tuple(notes)
