"""One project with its stages and items, each with its light: what the project page, the item list and the API show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from approvals.applications.models import Application
from approvals.applications.states import OPEN_STATES, ApplicationState
from approvals.certificates.models import Certificate
from approvals.review.models import Case, Decision, StageRun
from approvals.review.states import CASE_RUNNING, Outcome, StageState
from portal.ui.lights import Light
from projects.catalogue.definitions import Catalogue, FlowDef
from projects.planning.checklist import PlannedItem
from projects.registry import queries as registry
from projects.registry.models import Project, ProjectFact, Unit

#: how many figures stand in the head of the project page
MOST_FIGURES = 3
#: states of an application in which its stage can be applied for by nobody else
OPEN = frozenset(OPEN_STATES)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of the project's list: where it stands, in words and a light."""

    planned: PlannedItem
    department: str
    department_short: str
    light: Light
    words: str
    case: Case | None = None
    decision: Decision | None = None
    application: Application | None = None
    used: int | None = None
    limit: int = 0
    due_on: date | None = None
    provisional: bool = False
    forecast_start: date | None = None
    forecast_finish: date | None = None
    holder: str = ""
    """The step it lies at now: 承办, 审核, 批准."""
    waits_for_names: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.planned.id

    @property
    def name(self) -> str:
        return self.planned.item.name

    @property
    def reason(self) -> str:
        return self.planned.reason

    @property
    def applies(self) -> bool | None:
        return self.planned.applies

    @property
    def is_running(self) -> bool:
        return self.case is not None and self.case.state in CASE_RUNNING

    @property
    def is_granted(self) -> bool:
        return self.decision is not None and self.decision.outcome == Outcome.GRANTED

    @property
    def is_refused(self) -> bool:
        return self.decision is not None and self.decision.outcome == Outcome.REJECTED

    @property
    def can_be_applied_for(self) -> bool:
        """Tell whether it applies and no application or grant stands in the way."""
        if self.planned.applies is False or self.is_granted or self.is_running:
            return False
        return self.application is None or self.application.state not in OPEN


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of the project with its items."""

    id: str
    no: int
    name: str
    state: str
    state_words: str
    tone: str
    lead: str
    limit_days: int
    items: tuple[ItemLine, ...]
    run: StageRun | None = None
    unit: Unit | None = None
    application: Application | None = None
    """The open one, if any."""
    due_on: date | None = None
    light: Light | None = None
    words: str = ""
    forecast_finish: date | None = None
    is_advisory: bool = False

    @property
    def is_done(self) -> bool:
        return self.state in (StageState.CONCLUDED, StageState.NOT_NEEDED)

    @property
    def included(self) -> tuple[ItemLine, ...]:
        """Return the items that apply or may apply."""
        return tuple(line for line in self.items if line.applies is not False)

    @property
    def excluded(self) -> tuple[ItemLine, ...]:
        return tuple(line for line in self.items if line.applies is False)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything a page about one project shows, already loaded."""

    project: Project
    catalogue: Catalogue
    flow: FlowDef
    facts: Mapping[str, ProjectFact]
    stages: tuple[StageLine, ...]
    parallel: StageLine | None
    certificates: tuple[Certificate, ...]
    finish_on: date
    """Forecast of the end of the main line."""
    today: date
    at: datetime
    is_party: bool
    is_public: bool

    @property
    def current(self) -> StageLine | None:
        """Return the stage of the main line at which work goes on or can begin."""
        main = [stage for stage in self.stages if not stage.is_advisory]
        for wanted in (StageState.IN_REVIEW, StageState.OPEN):
            found = next((stage for stage in main if stage.state == wanted), None)
            if found is not None:
                return found
        return None

    @property
    def main_stages(self) -> tuple[StageLine, ...]:
        return tuple(stage for stage in self.stages if not stage.is_advisory)

    @property
    def all_stages(self) -> tuple[StageLine, ...]:
        return (*self.stages, self.parallel) if self.parallel else self.stages

    @property
    def all_items(self) -> tuple[ItemLine, ...]:
        return tuple(line for stage in self.all_stages for line in stage.items)

    @property
    def deepest_code(self) -> str:
        """Return the engineering code of the newest stage, else the project's own code."""
        units = [stage.unit for stage in self.stages if stage.unit]
        return units[-1].code if units else str(self.project.code)

    @property
    def total_days(self) -> int:
        """Return the promised working days of all stages."""
        return sum(stage.limit_days for stage in self.main_stages)

    @property
    def region(self) -> str:
        return self.catalogue.regions.get(self.project.region, self.project.region)

    @property
    def holders(self) -> tuple[ItemLine, ...]:
        """Return the items departments are working at."""
        return tuple(line for line in self.all_items if line.is_running)

    @property
    def is_at_window(self) -> bool:
        """Tell whether the window is checking an application."""
        return any(
            line.application is not None and line.application.state == ApplicationState.SUBMITTED
            for line in self.all_items
        )

    @property
    def parallel_lines(self) -> tuple[ItemLine, ...]:
        """Return the parallel items that have been applied for."""
        lines = self.parallel.included if self.parallel else ()
        return tuple(line for line in lines if line.case is not None or line.application is not None)

    @property
    def decided(self) -> tuple[ItemLine, ...]:
        """Return the decided items, the newest decision first."""
        lines = [line for line in self.all_items if line.decision is not None]
        return tuple(sorted(lines, key=lambda line: line.decision.decided_at, reverse=True))  # type: ignore[union-attr]

    @property
    def key_facts(self) -> tuple[tuple[str, str], ...]:
        """Return label and words of the first known figures of the common form."""
        figures = [
            (field.label, registry.fact_text(self.catalogue, field, self.facts[field.id].value))
            for field in self.catalogue.fields.values()
            if field.stage == "*" and field.type == "decimal" and field.unit and field.id in self.facts
        ]
        return tuple(figures[:MOST_FIGURES])

    def value(self, field: str) -> object:
        """Return the plain value of a fact, None where unknown."""
        fact = self.facts.get(field)
        return fact.value if fact else None

    def stage(self, stage: str) -> StageLine | None:
        return next((line for line in self.all_stages if line.id == stage), None)

    def stage_name(self, stage: str) -> str:
        line = self.stage(stage)
        return line.name if line else stage

    def is_parallel(self, stage: str) -> bool:
        return self.parallel is not None and self.parallel.id == stage

    def applicable(self, stage: str) -> tuple[ItemLine, ...]:
        """Return the items of a stage that an application could ask for now."""
        line = self.stage(stage)
        return tuple(item for item in line.items if item.can_be_applied_for) if line else ()

    def may_apply(self, stage: str) -> bool:
        """Tell whether the reader may begin an application for a stage now; the operation asks again under its lock."""
        line = self.stage(stage)
        if line is None or not self.is_party or not self.project.is_running or not self.applicable(stage):
            return False
        if self.is_parallel(stage):
            return True
        return line.state in (StageState.OPEN, StageState.IN_REVIEW) and line.application is None
