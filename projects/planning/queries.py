"""The plan of a project: its checklist with dates, read with one query for the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.core import calendars, clock
from portal.core.workdays import Calendar
from projects.catalogue.definitions import PARALLEL_STAGE, Catalogue, FlowDef, StageDef
from projects.planning import checklist, forecast
from projects.planning.checklist import PlannedItem
from projects.planning.forecast import Forecast, ItemForecast, Reality, StageForecast, StagePlan
from projects.registry import queries as registry
from projects.registry.models import Project


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One item of the plan; `dates` is None for an item that does not apply."""

    planned: PlannedItem
    department_name: str
    dates: ItemForecast | None

    @property
    def id(self) -> str:
        return self.planned.id


@dataclass(frozen=True, slots=True)
class PlanStage:
    """One stage with its items; `dates` is None for the parallel stream, which has none of its own."""

    stage: StageDef
    name: str
    lead: str | None
    limit_days: int
    dates: StageForecast | None
    rows: tuple[PlanRow, ...]

    @property
    def id(self) -> str:
        return self.stage.id

    @property
    def included(self) -> tuple[PlanRow, ...]:
        """List the items that apply."""
        return tuple(row for row in self.rows if row.planned.applies)

    @property
    def undetermined(self) -> tuple[PlanRow, ...]:
        """List the items of which it is still open whether they apply."""
        return tuple(row for row in self.rows if row.planned.applies is None)

    @property
    def excluded(self) -> tuple[PlanRow, ...]:
        """List the items that do not apply."""
        return tuple(row for row in self.rows if row.planned.applies is False)

    @property
    def is_needed(self) -> bool:
        """Tell whether anything in it applies or may apply."""
        return any(row.planned.applies is not False for row in self.rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole way of a project."""

    project: Project
    flow: FlowDef
    stages: tuple[PlanStage, ...]
    """In the order of the flow, the parallel stream last."""
    forecast: Forecast
    is_provisional: bool
    """Some date lies beyond the published holidays (暂定)."""

    @property
    def rows(self) -> tuple[PlanRow, ...]:
        """List all items in the order of the stages."""
        return tuple(row for stage in self.stages for row in stage.rows)

    @property
    def unknown(self) -> tuple[str, ...]:
        """List the fields whose answer would settle what is still open, each once."""
        return tuple(dict.fromkeys(field for row in self.rows for field in row.planned.unknown))

    def row(self, item: str) -> PlanRow | None:
        """Give one item's row."""
        return next((row for row in self.rows if row.id == item), None)


def plan(
    project: Project, *, at: datetime, states: Reality | None = None, facts: Mapping[str, Any] | None = None
) -> Plan:
    """Lay out a project's items with reasons and dates.

    :param states: what has really happened, from whoever knows it; then the forecast starts from reality
    :param facts: field id -> value, when the caller has read them already; else one query
    """
    known = registry.fact_values(project.pk) if facts is None else facts
    return layout(
        project,
        catalogue=registry.catalogue_of(project),
        facts=known,
        calendar=calendars.current(project.region),
        today=clock.day_of(at),
        reality=states,
    )


def layout(
    project: Project,
    *,
    catalogue: Catalogue,
    facts: Mapping[str, Any],
    calendar: Calendar,
    today: date,
    reality: Reality | None = None,
) -> Plan:
    """Join checklist and forecast; asks the database nothing."""
    flow = catalogue.flows[project.flow]
    items = checklist.build(catalogue, flow.id, facts)
    limits = checklist.stage_limits(catalogue, flow.id, facts)
    dates = forecast.forecast(
        items=items,
        stages=stage_plans(catalogue, flow, limits),
        calendar=calendar,
        start=clock.day_of(project.registered_at),
        today=today,
        reality=reality,
    )
    return Plan(
        project=project,
        flow=flow,
        stages=_stages(catalogue, flow, items, limits, dates),
        forecast=dates,
        is_provisional=not all(calendar.is_known(day) for day in _ends(dates)),
    )


def stage_plans(catalogue: Catalogue, flow: FlowDef, limits: Mapping[str, int]) -> tuple[StagePlan, ...]:
    """Describe the stages of a flow to the forecast."""
    return tuple(
        StagePlan(
            id=stage.stage,
            limit_days=limits[stage.stage],
            any_milestone=stage.milestones == "any",
            is_advisory=catalogue.stages[stage.stage].is_advisory,
        )
        for stage in flow.stages.values()
    )


def _stages(
    catalogue: Catalogue,
    flow: FlowDef,
    items: tuple[PlannedItem, ...],
    limits: Mapping[str, int],
    dates: Forecast,
) -> tuple[PlanStage, ...]:
    rows: dict[str, list[PlanRow]] = {}
    for item in items:
        department = catalogue.departments.get(item.department)
        row = PlanRow(item, department.name if department else item.department, dates.items.get(item.id))
        rows.setdefault(item.stage, []).append(row)
    order = [*flow.stages, *(stage for stage in rows if stage not in flow.stages)]
    return tuple(
        PlanStage(
            stage=catalogue.stages[stage],
            name=flow.stages[stage].name if stage in flow.stages else catalogue.stages[stage].name,
            lead=flow.stages[stage].lead if stage in flow.stages else None,
            limit_days=limits.get(stage, 0),
            dates=dates.stages.get(stage),
            rows=tuple(rows.get(stage, ())),
        )
        for stage in order
        if stage != PARALLEL_STAGE or rows.get(stage)
    )


def _ends(dates: Forecast) -> list[date]:
    dues = [stage.due for stage in dates.stages.values() if stage.due]
    return [dates.finish, *dues, *(item.finish for item in dates.items.values())]
