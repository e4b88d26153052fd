"""One project with its stages and items, each with its light: what the project page, the item list and the API show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from approvals.applications.models import Application
from approvals.applications.states import OPEN_STATES, ApplicationState
from approvals.certificates.models import Certificate
from approvals.review.lines import WHOLE, Lines
from approvals.review.models import Case, Decision, StageRun
from approvals.review.states import CASE_RUNNING, Outcome, StageState
from portal.ui.lights import Light
from projects.catalogue.definitions import Catalogue, FlowDef
from projects.planning.checklist import PlannedItem
from projects.registry import codes
from projects.registry import queries as registry
from projects.registry.models import Project, ProjectFact, Unit

#: how many figures stand in the head of the project page
MOST_FIGURES = 3
MOST_LEVELS = codes.LEVELS
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
    unit: Unit | None = None
    """Of a divided project: the unit it is for."""

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
    is_one_of_several: bool = False
    """Other units of the project have this stage too."""
    due_on: date | None = None
    light: Light | None = None
    words: str = ""
    forecast_finish: date | None = None
    is_advisory: bool = False
    later_granted: int = 0
    """Of a stage that was opened again: how many results later stages have given."""

    @property
    def is_reopened(self) -> bool:
        """Tell whether it was concluded before and a decision it rested on has ended."""
        return self.run is not None and self.run.is_reopened

    @property
    def key(self) -> str:
        """Return what tells it from every other on a page."""
        return f"{self.id}-{self.unit.path}" if self.is_one_of_several and self.unit else self.id

    @property
    def unit_code(self) -> str:
        return self.unit.code if self.unit else WHOLE

    @property
    def unit_name(self) -> str:
        """Return the name of its unit where it has to be told from others."""
        return self.unit.name if self.is_one_of_several and self.unit else ""

    @property
    def full_name(self) -> str:
        """Return its name, with the unit's where several units have it."""
        return (
            _("%(stage)s（%(unit)s）") % {"stage": self.name, "unit": self.unit_name} if self.unit_name else self.name
        )

    @property
    def is_done(self) -> bool:
        return self.state in (StageState.CONCLUDED, StageState.NOT_NEEDED)

    @property
    def applicable(self) -> tuple[ItemLine, ...]:
        """Return the items that an application could ask for now."""
        return tuple(line for line in self.items if line.can_be_applied_for)

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
    units: tuple[Unit, ...] = ()
    """All engineering codes, also those given up, in their order."""
    lines: Lines = field(default_factory=Lines)
    is_divided: bool = False
    """Some stage has several units."""
    line: Unit | None = None
    """The unit whose line alone is shown; None for all of the project."""

    @property
    def current(self) -> StageLine | None:
        """Return the stage of the main line at which work goes on or can begin."""
        return self._foremost(self.main_stages)

    @property
    def currents(self) -> tuple[StageLine, ...]:
        """Return the stages at which work goes on or can begin: one, unless it is divided or a stage opened again."""
        if self.shows_several or any(stage.is_reopened for stage in self.main_stages):
            return tuple(stage for stage in self.main_stages if stage.state in (StageState.IN_REVIEW, StageState.OPEN))
        return (self.current,) if self.current else ()

    @property
    def reopened(self) -> tuple[StageLine, ...]:
        """Return the stages that were opened again."""
        return tuple(stage for stage in self.main_stages if stage.is_reopened)

    @property
    def shows_several(self) -> bool:
        """Tell whether several units of a stage stand side by side."""
        return len({stage.id for stage in self.main_stages}) < len(self.main_stages)

    @staticmethod
    def _foremost(stages: Iterable[StageLine]) -> StageLine | None:
        listed = list(stages)
        for wanted in (StageState.IN_REVIEW, StageState.OPEN):
            found = next((stage for stage in listed if stage.state == wanted), None)
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
        """Return the engineering code of the newest stage, else the project's own code; that of all where divided."""
        if self.shows_several:
            return self.line.code if self.line else str(self.project.code)
        units = [stage.unit for stage in self.stages if stage.unit]
        return units[-1].code if units else str(self.project.code)

    @property
    def total_days(self) -> int:
        """Return the promised working days of all stages."""
        return sum({stage.id: stage.limit_days for stage in self.main_stages}.values())

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
            (figure.label, registry.fact_text(self.catalogue, figure, self.facts[figure.id].value))
            for figure in self.catalogue.fields.values()
            if figure.stage == "*" and figure.type == "decimal" and figure.unit and figure.id in self.facts
        ]
        return tuple(figures[:MOST_FIGURES])

    def value(self, field: str) -> object:
        """Return the plain value of a fact, None where unknown."""
        fact = self.facts.get(field)
        return fact.value if fact else None

    def stage(self, stage: str) -> StageLine | None:
        return next((line for line in self.all_stages if line.id == stage), None)

    def stage_name(self, stage: str, unit: Unit | None = None) -> str:
        """Return the name of a stage, with that of its unit where several units have it."""
        own = [line for line in self.all_stages if line.id == stage]
        if unit is not None and len(own) > 1:
            found = next((line for line in own if self.lines.related(line.unit_code, unit.code)), None)
            return found.full_name if found else stage
        return own[0].name if own else stage

    def is_parallel(self, stage: str) -> bool:
        return self.parallel is not None and self.parallel.id == stage

    def applicable(self, stage: str) -> tuple[ItemLine, ...]:
        """Return the items of a stage that an application could ask for now, each once.

        A parallel item of a divided project may be asked for one unit after the other.
        """
        several = self.is_divided and self.is_parallel(stage)
        lines = (
            item
            for line in self.all_stages
            if line.id == stage
            for item in (line.included if several else line.applicable)
        )
        return tuple({line.id: line for line in lines}.values())

    def may_begin(self, line: StageLine) -> bool:
        """Tell whether the reader may begin an application for a stage now; the operation asks again under its lock."""
        if not self.is_party or not self.project.is_running:
            return False
        if not (self.applicable(line.id) if self.is_parallel(line.id) else line.applicable):
            return False
        if self.is_parallel(line.id):
            return True
        return line.state in (StageState.OPEN, StageState.IN_REVIEW) and line.application is None

    def to_begin(self, stage: str, unit: str = "") -> tuple[StageLine, ...]:
        """Return the stages of this name that the reader may begin, those of one unit if it is named."""
        return tuple(
            line
            for line in self.all_stages
            if line.id == stage and self.may_begin(line) and (not unit or self.lines.related(line.unit_code, unit))
        )

    @property
    def live_units(self) -> tuple[Unit, ...]:
        """Return the units that something can be applied for."""
        return tuple(unit for unit in self.units if unit.is_live)

    @property
    def line_ends(self) -> tuple[Unit, ...]:
        """Return the units at which the lines of a divided project end."""
        ends = set(self.lines.ends(MOST_LEVELS))
        return tuple(unit for unit in self.units if unit.code in ends)
