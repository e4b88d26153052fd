"""Read one project as `routing` needs it."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from approvals.applications.models import Application
from approvals.applications.states import OPEN_STATES, ApplicationState
from approvals.review import routing
from approvals.review.lines import WHOLE, Lines
from approvals.review.models import Decision, StageRun
from approvals.review.states import CASE_RUNNING, Outcome
from portal.core.prepared import Prepared
from projects.catalogue import queries as catalogues
from projects.catalogue.definitions import ADVISORY_STAGE
from projects.planning import checklist
from projects.registry import queries as registry
from projects.registry.models import Project

_COLUMNS = (
    "pk",
    "stage",
    "unit__code",
    "state",
    "is_parallel",
    "items__pk",
    "items__service_item__code",
    "items__case__pk",
    "items__case__state",
    "items__case__decision__outcome",
)
_ITEMS = Prepared(
    lambda project: Application.objects.filter(project_id=project).order_by("pk", "items__pk").values_list(*_COLUMNS)
)
_GRANTED = Prepared(
    lambda project: (
        Decision.objects.in_force()
        .filter(case__project_id=project, outcome=Outcome.GRANTED)
        .select_related("case__application__unit", "case__service_item", "case__department")
        .order_by("decided_at", "pk")
    )
)


def picture(project: Project, runs: Iterable[StageRun]) -> routing.Picture:
    """Return the project's items, stages and applications as they stand now; three statements, four if divided.

    Lock the runs before, or what was read may be old when it is used.
    """
    catalogue = catalogues.catalogue(project.pack_version_id)
    flow = catalogue.flows[project.flow]
    listed = tuple(
        routing.Run(id=run.pk, stage=run.stage, unit=run.unit.code if run.unit else "", state=run.state) for run in runs
    )
    facts = json.dumps(registry.fact_values(project.pk), sort_keys=True)
    filings: dict[int, routing.Filing] = {}
    entries: list[routing.Entry] = []
    for pk, stage, unit, state, is_parallel, entry, item, case_id, case_state, outcome in _ITEMS(project.pk):
        if state in OPEN_STATES:
            filings[pk] = routing.Filing(
                id=pk,
                stage=stage,
                unit=unit or "",
                is_accepted=state == ApplicationState.ACCEPTED,
                is_parallel=is_parallel,
            )
        if entry is not None:
            entries.append(
                routing.Entry(
                    id=entry,
                    filing=pk,
                    item=item,
                    unit=unit or "",
                    has_case=case_id is not None,
                    is_running=case_state in CASE_RUNNING,
                    is_granted=outcome == Outcome.GRANTED,
                    is_refused=outcome == Outcome.REJECTED,
                )
            )
    return routing.Picture(
        stages=tuple(stage.id for stage in catalogue.main_stages if stage.id in flow.stages),
        rules=_rules(project.pack_version_id, project.flow, facts),
        runs=listed,
        filings=tuple(filings.values()),
        entries=tuple(sorted(entries, key=lambda entry: entry.id)),
        any_milestone=frozenset(stage.stage for stage in flow.stages.values() if stage.milestones == "any"),
        ungated=frozenset({ADVISORY_STAGE}),
        # a divided project has a stage with several runs
        units=lines(project.pk).came_from if len({run.stage for run in listed}) < len(listed) else None,
    )


@lru_cache(maxsize=1024)
def _rules(version_id: int, flow: str, facts: str) -> Mapping[str, routing.Rule]:
    """Return what holds for each item of a flow; judged once for the same facts, asked after every milestone.

    :param facts: as JSON, with sorted keys
    """
    return MappingProxyType(
        {
            planned.item.id: routing.Rule(
                item=planned.item.id,
                stage=planned.stage,
                applies=planned.applies,
                prerequisites=tuple(planned.prerequisites),
                is_milestone=planned.item.milestone,
                is_main=not planned.item.is_parallel,
            )
            for planned in checklist.build(catalogues.catalogue(version_id), flow, json.loads(facts))
        }
    )


def lines(project_id: int) -> Lines:
    """Return how the units of a project descend from each other, those given up left out; one statement."""
    return Lines({unit.code: unit.predecessors or (WHOLE,) for unit in registry.units(project_id) if unit.is_live})


def lineage_results(project: Project, *, items: Collection[str], unit: str) -> list[Decision]:
    """Return the granted decisions on these items along a unit's line, oldest first.

    One statement; two where units were merged or divided.
    """
    return along(granted_results(project, items=items), project=project, unit=unit)


def granted_results(project: Project, *, items: Collection[str]) -> list[Decision]:
    """Return the granted decisions of a project on these items, oldest first; one statement."""
    return [decision for decision in _GRANTED(project.pk) if decision.case.service_item.code in items]


def along(decisions: Collection[Decision], *, project: Project, unit: str) -> list[Decision]:
    """Keep the decisions along a unit's line; one statement where units were merged or divided."""
    known = Lines()
    if not all(known.related(_unit_of(decision), unit) for decision in decisions):
        known = lines(project.pk)
    return [decision for decision in decisions if known.related(_unit_of(decision), unit)]


def _unit_of(decision: Decision) -> str:
    unit = decision.case.application.unit
    return unit.code if unit else WHOLE
