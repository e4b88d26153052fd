"""Load one project's board: a fixed number of statements, however many items it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from approvals.applications.models import Application, ApplicationItem
from approvals.applications.states import ApplicationState
from approvals.certificates.models import Certificate
from approvals.certificates.states import CertificateState
from approvals.deadlines import queries as deadlines
from approvals.deadlines.models import TimerEvent
from approvals.deadlines.states import Calibre
from approvals.review.lines import WHOLE, Lines
from approvals.review.models import Case, Decision, ReviewTask, StageRun
from approvals.review.states import STAGE_TONES, TASK_OPEN, CaseState, Outcome, StageState, Step
from approvals.tracking.queries.board import MOST_LEVELS, OPEN, Board, ItemLine, StageLine
from portal.accounts.models import Department
from portal.core import calendars, clock
from portal.core.actor import Actor
from portal.ui.lights import Light
from projects.catalogue.definitions import PARALLEL_STAGE
from projects.planning import queries as planning
from projects.planning.checklist import PlannedItem
from projects.planning.forecast import Actual, Reality
from projects.planning.queries import Plan
from projects.registry import policies as registry_policies
from projects.registry import queries as registry
from projects.registry.models import Project, Unit

SHOWN_CERTIFICATES = (CertificateState.ISSUED, CertificateState.HANDED_OVER)


def board(project: Project, *, actor: Actor, at: datetime, public: bool = False, unit: str = WHOLE) -> Board:
    """Load a project's board as a reader may see it.

    :param unit: engineering code of the unit whose line alone is shown; one that there is not shows the whole project
    """
    return _Loader(project, at, unit).board(actor=actor, public=public)


class _Loader:
    """What one board is made of, read once."""

    def __init__(self, project: Project, at: datetime, unit: str) -> None:
        self.project = project
        self.at = at
        self.today = clock.day_of(at)
        self.catalogue = registry.catalogue_of(project)
        self.flow = self.catalogue.flows[project.flow]
        self.facts = registry.facts(project)
        self.departments = {row.pk: row for row in Department.objects.all()}
        self.units = {row.code: row for row in registry.units(project.pk)}
        self.lines = Lines({code: row.predecessors or (WHOLE,) for code, row in self.units.items() if row.is_live})
        runs = list(StageRun.objects.present().filter(project=project).select_related("timer", "unit").order_by("pk"))
        self.is_divided = len({run.stage for run in runs}) < len(runs)
        self.shown = unit if self.is_divided and unit in self.lines.came_from else WHOLE
        self.runs: dict[str, list[StageRun]] = defaultdict(list)
        for run in sorted(runs, key=lambda run: _code(run.unit)):
            if self._is_shown(_code(run.unit)):
                self.runs[run.stage].append(run)
        self.applications = list(
            Application.objects.filter(project=project).select_related("unit", "timer").order_by("-pk")
        )
        self.applied = self._applied()
        self.cases = self._cases()
        self.plans = self._plans()
        self.plan = max(self.plans.values(), key=lambda plan: plan.forecast.finish)
        self.limits = {stage.id: stage.limit_days for stage in self.plan.stages}

    def board(self, *, actor: Actor, public: bool) -> Board:
        by_stage: dict[str, list[PlannedItem]] = defaultdict(list)
        for row in self.plan.rows:
            by_stage[row.planned.stage].append(row.planned)
        stages = tuple(
            self._stage(stage, run, by_stage[stage]) for stage in self.flow.stages for run in self._runs_of(stage)
        )
        stages = tuple(replace(line, later_granted=_granted_after(line, stages, self.lines)) for line in stages)
        parallel = self._parallel(by_stage[PARALLEL_STAGE]) if by_stage[PARALLEL_STAGE] else None
        return Board(
            project=self.project,
            catalogue=self.catalogue,
            flow=self.flow,
            facts=self.facts,
            stages=stages,
            parallel=parallel,
            certificates=self._certificates(),
            finish_on=self.plan.forecast.finish,
            today=self.today,
            at=self.at,
            is_party=not public and registry_policies.is_party(actor, self.project),
            is_public=public,
            units=tuple(self.units.values()),
            lines=self.lines,
            is_divided=self.is_divided,
            line=self.units.get(self.shown),
        )

    def _runs_of(self, stage: str) -> Sequence[StageRun | None]:
        """Return the runs of a stage; one that was not laid out yet is shown too."""
        return self.runs[stage] or (None,)

    def _is_shown(self, unit: str) -> bool:
        return self.lines.related(unit, self.shown)

    def _is_in(self, place: str, unit: str, *, exactly: bool) -> bool:
        return place == unit if exactly else self.lines.related(place, unit)

    def _applied(self) -> dict[str, list[Application]]:
        """Map each item to the applications that ask for it, the newest first."""
        found: dict[str, list[Application]] = defaultdict(list)
        by_id = {application.pk: application for application in self.applications}
        rows = ApplicationItem.objects.filter(application__project=self.project).order_by("-application_id")
        for item, application_id in rows.values_list("service_item__code", "application_id"):
            found[item].append(by_id[application_id])
        return found

    def _application_of(self, item: str, unit: str, *, exactly: bool = False) -> Application | None:
        """Return the newest application of a unit's line for an item, one not given up before the others."""
        own = [row for row in self.applied.get(item, ()) if self._is_in(_code(row.unit), unit, exactly=exactly)]
        return next((row for row in own if row.state != ApplicationState.WITHDRAWN), own[0] if own else None)

    def _cases(self) -> dict[str, list[Case]]:
        """Map each item to its cases, the newest first."""
        found: dict[str, list[Case]] = defaultdict(list)
        rows = (
            Case.objects.filter(project=self.project)
            .select_related("service_item", "timer", "decision", "application__unit")
            .prefetch_related(
                Prefetch("tasks", ReviewTask.objects.filter(state__in=TASK_OPEN), to_attr="open_tasks"),
                Prefetch("timer__events", TimerEvent.objects.order_by("happened_at", "seq"), to_attr="in_order"),
            )
            .order_by("-pk")
        )
        for case in rows:
            found[case.service_item.code].append(case)
        return found

    def _case_of(self, item: str, unit: str, *, exactly: bool = False) -> Case | None:
        """Return the newest case of a unit's line for an item, a granted one before all others."""
        own = [
            row for row in self.cases.get(item, ()) if self._is_in(_code(row.application.unit), unit, exactly=exactly)
        ]
        return next((row for row in own if _is_granted(row)), own[0] if own else None)

    def _plans(self) -> dict[str, Plan]:
        """Forecast each line of a divided project by itself, from what has really happened to it."""
        facts = {field: fact.value for field, fact in self.facts.items()}
        ends = [end for end in self.lines.ends(MOST_LEVELS) if self._is_shown(end)] if self.is_divided else [WHOLE]
        calendar = calendars.current(self.project.region)
        return {
            end: planning.layout(
                self.project,
                catalogue=self.catalogue,
                facts=facts,
                calendar=calendar,
                today=self.today,
                reality=self._reality(end),
            )
            for end in ends
        }

    def _plan_of(self, unit: str, stage: str) -> Plan:
        """Return the plan of the line below a unit that is the last to be done with a stage."""
        own = [plan for end, plan in self.plans.items() if self.lines.related(end, unit)] or [self.plan]
        return max(own, key=lambda plan: _finish(plan, stage))

    def _reality(self, end: str) -> Reality:
        """Tell the forecast what has really happened to a line."""
        items: dict[str, Actual] = {}
        for item in self.cases:
            case = self._case_of(item, end)
            if case is None or case.state == CaseState.CLOSED or _is_refused(case):
                continue
            finished = clock.day_of(case.closed_at) if case.closed_at else None
            items[item] = Actual(
                started_on=clock.day_of(case.opened_at),
                due_on=deadlines.promised_due_on(case.timer, self.today),
                finished_on=finished,
            )
        own = [run for runs in self.runs.values() for run in runs if self.lines.related(_code(run.unit), end)]
        opened = {run.stage: clock.day_of(run.opened_at) for run in own if run.opened_at}
        concluded = {run.stage: clock.day_of(run.concluded_at) for run in own if run.concluded_at}
        return Reality(items=items, opened=opened, concluded=concluded)

    def _stage(self, stage: str, run: StageRun | None, planned: list[PlannedItem]) -> StageLine:
        definition = self.catalogue.stages[stage]
        unit = run.unit if run else None
        state = StageState(run.state) if run else StageState.WAITING
        light = deadlines.light_words(run.timer, self.today) if run and run.timer else None
        forecast = self._plan_of(_code(unit), stage).forecast.stages.get(stage)
        return StageLine(
            id=stage,
            no=definition.standard_no,
            name=self.flow.stages[stage].name,
            state=state.value,
            state_words=str(state.label),
            tone=STAGE_TONES[state],
            lead=self._department(self.flow.stages[stage].lead),
            limit_days=self.limits.get(stage, 0),
            items=tuple(self._item(item, unit, stage) for item in planned),
            run=run,
            unit=unit,
            application=self._open_application(stage, _code(unit)),
            is_one_of_several=self.is_divided and not definition.is_advisory,
            due_on=deadlines.promised_due_on(run.timer, self.today) if run and run.timer else None,
            light=light.shape if light else None,
            words=light.words if light else "",
            forecast_finish=forecast.finish if forecast else None,
            is_advisory=definition.is_advisory,
        )

    def _parallel(self, planned: list[PlannedItem]) -> StageLine:
        definition = self.catalogue.stages[PARALLEL_STAGE]
        return StageLine(
            id=PARALLEL_STAGE,
            no=definition.standard_no,
            name=definition.name,
            state=StageState.OPEN.value,
            state_words="",
            tone="wait",
            lead="",
            limit_days=0,
            items=tuple(
                self._item(item, unit, item.latest_stage) for item in planned for unit in self._places(item.id)
            ),
        )

    def _places(self, item: str) -> list[Unit | None]:
        """Return the units for which a parallel item was applied for; the project as a whole if for none."""
        if not self.is_divided:
            return [None]
        asked = {_code(row.unit): row.unit for row in self.applied.get(item, ()) if self._is_shown(_code(row.unit))}
        return [asked[code] for code in sorted(asked)] or [None]

    def _item(self, planned: PlannedItem, unit: Unit | None, stage: str) -> ItemLine:
        department = self.departments.get(planned.department)
        # what is parallel is a matter of the very unit it was applied for
        exactly = self.is_divided and planned.item.is_parallel
        place = _code(unit)
        forecast = self._plan_of(place or self.shown, stage).forecast.items.get(planned.id)
        case = self._case_of(planned.id, place, exactly=exactly)
        application = self._application_of(planned.id, place, exactly=exactly)
        line = {
            "planned": planned,
            "department": department.name if department else planned.department,
            "department_short": department.short if department else planned.department,
            "limit": planned.limit_days,
            "waits_for_names": tuple(self.catalogue.items[item].name for item in planned.waits_for),
            "application": application,
            "unit": unit if self.is_divided else None,
            "forecast_start": forecast.start if forecast else None,
            "forecast_finish": forecast.finish if forecast else None,
        }
        # a case that was ended without a decision leaves the item where its application left it
        if case is not None and case.state != CaseState.CLOSED:
            return self._with_case(line, case)
        light, words = self._without_case(planned, application)
        return ItemLine(**line, light=light, words=words)  # type: ignore[arg-type]

    def _with_case(self, line: dict[str, object], case: Case) -> ItemLine:
        shown = deadlines.light_words(case.timer, self.today)
        told = deadlines.explain_with(case.timer, case.timer.in_order, self.today)  # type: ignore[attr-defined]
        decision = _decision(case)
        tasks = case.open_tasks  # type: ignore[attr-defined]
        light, words = shown.shape, shown.words
        if decision is not None:
            granted = decision.outcome == Outcome.GRANTED
            light, words = (Light.DONE, _("已办结")) if granted else (Light.NO, str(decision.get_outcome_display()))
        line["limit"] = told.limits[Calibre.C2] if told else case.timer.promised_days
        return ItemLine(
            **line,  # type: ignore[arg-type]
            light=light,
            words=words,
            case=case,
            decision=decision,
            used=told.used[Calibre.C2] if told else None,
            due_on=deadlines.promised_due_on(case.timer, self.today),
            provisional=case.timer.provisional,
            holder=str(Step(tasks[0].step).label) if tasks else "",
        )

    def _without_case(self, planned: PlannedItem, application: Application | None) -> tuple[Light, str]:
        """Say where an item stands that no department has yet."""
        if planned.applies is False:
            return Light.OFF, _("不涉及")
        if application is not None and application.state in OPEN:
            return {
                ApplicationState.DRAFT: (Light.WAIT, _("申报中")),
                ApplicationState.SUBMITTED: (Light.WAIT, _("待受理")),
                ApplicationState.CORRECTING: (Light.DUE, _("等补正")),
            }.get(ApplicationState(application.state), (Light.WAIT, _("待开始")))
        if planned.applies is None:
            return Light.WAIT, _("待回答")
        if application is not None and application.state == ApplicationState.REJECTED:
            return Light.NO, _("不予受理")
        return Light.WAIT, _("未申报")

    def _open_application(self, stage: str, unit: str) -> Application | None:
        return next(
            (
                row
                for row in self.applications
                if row.stage == stage
                and not row.is_parallel
                and row.state in OPEN
                and self.lines.related(_code(row.unit), unit)
            ),
            None,
        )

    def _department(self, department: str | None) -> str:
        row = self.departments.get(department or "")
        return row.name if row else ""

    def _certificates(self) -> tuple[Certificate, ...]:
        return tuple(
            Certificate.objects.filter(project=self.project, state__in=SHOWN_CERTIFICATES).order_by(
                "-decided_on", "-pk"
            )
        )


def _code(unit: Unit | None) -> str:
    return unit.code if unit else WHOLE


def _finish(plan: Plan, stage: str) -> date:
    found = plan.forecast.stages.get(stage)
    return found.finish if found else plan.forecast.finish


def _decision(case: Case) -> Decision | None:
    return getattr(case, "decision", None)


def _is_granted(case: Case) -> bool:
    decision = _decision(case)
    return decision is not None and decision.outcome == Outcome.GRANTED


def _is_refused(case: Case) -> bool:
    decision = _decision(case)
    return decision is not None and decision.outcome == Outcome.REJECTED


def _granted_after(line: StageLine, stages: Sequence[StageLine], lines: Lines) -> int:
    """Count what later stages of its line have granted after a stage that was opened again."""
    if not line.is_reopened:
        return 0
    order = list(dict.fromkeys(stage.id for stage in stages))
    return sum(
        item.is_granted
        for stage in stages
        if order.index(stage.id) > order.index(line.id) and lines.related(stage.unit_code, line.unit_code)
        for item in stage.items
    )
