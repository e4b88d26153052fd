"""The items of one project: which apply, which do not, which cannot be told yet, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from projects.catalogue import conditions
from projects.catalogue.definitions import PARALLEL_STAGE, Catalogue, ConditionKind, FlowDef, ItemDef, Unit
from projects.registry import flows

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item of a project's flow."""

    item: ItemDef
    stage: str
    """The stage in which this flow has the item; `P` for the parallel ones, whatever the item's own."""
    department: str
    applies: bool | None
    """None: facts are missing that could still turn the answer."""
    reason: str
    unknown: tuple[str, ...]
    """Field ids whose answer would settle an open `applies`."""
    limit_days: int
    """The promised limit in this flow (in `unit`), at least 1."""
    statutory_days: int
    """The statutory limit (in `unit`), at least 1."""
    unit: Unit
    prerequisites: tuple[str, ...]
    """Hard prerequisites that apply to the project: only these count."""
    waits_for: tuple[str, ...]
    """The prerequisites, and those of which it is still open whether they apply."""
    latest_stage: str
    """By the end of this stage it has to be done; for a main item its own stage."""

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def is_parallel(self) -> bool:
        """Tell whether it runs beside the main line in this flow."""
        return self.stage == PARALLEL_STAGE

    @property
    def is_undetermined(self) -> bool:
        """Tell whether it is still open whether it applies."""
        return self.applies is None


def build(catalogue: Catalogue, flow_id: str, facts: Facts) -> tuple[PlannedItem, ...]:
    """List the items of a flow for a project with these facts, in the order of the flow, the parallel ones last.

    Where the city divides flows into packages, the items the project's package takes out do not apply.
    """
    flow = catalogue.flows[flow_id]
    package = flows.package(catalogue, flow_id, facts)
    removed = frozenset(package.remove) if package else frozenset()
    places = {**_places(flow), **({item: catalogue.items[item].stage for item in package.add} if package else {})}
    verdicts = {
        item: (
            conditions.Verdict(False, package.name)
            if package and item in removed
            else conditions.judge_item(catalogue, item, facts)
        )
        for item in places
    }
    return tuple(_planned(catalogue.items[item], stage, flow, verdicts) for item, stage in places.items())


def always_applies(catalogue: Catalogue, flow_id: str, item: str) -> bool:
    """Tell whether an item applies to every project of a flow, whatever the facts, in the stage the flow names."""
    return catalogue.condition_of(item).kind == ConditionKind.ALWAYS and not any(
        item in package.remove or item in package.add for package in flows.packages_of(catalogue, flow_id)
    )


def stage_limits(catalogue: Catalogue, flow_id: str, facts: Facts) -> dict[str, int]:
    """Give the limit of each stage of a flow in working days, variants included; 0 = none of its own."""
    return {stage: flows.stage_limit(catalogue, flow_id, stage, facts) for stage in catalogue.flows[flow_id].stages}


def _places(flow: FlowDef) -> dict[str, str]:
    main = {item: stage.stage for stage in flow.stages.values() for item in stage.items}
    return {**main, **{item: PARALLEL_STAGE for item in flow.parallel if item not in main}}


def _planned(item: ItemDef, stage: str, flow: FlowDef, verdicts: Mapping[str, conditions.Verdict]) -> PlannedItem:
    verdict = verdicts[item.id]
    # A prerequisite outside the flow, or one that does not apply, has nothing to give (items.yaml, head).
    possible = tuple(other for other in item.prereq if other in verdicts and verdicts[other].value is not False)
    return PlannedItem(
        item=item,
        stage=stage,
        department=item.department,
        applies=verdict.value,
        reason=verdict.reason,
        unknown=verdict.unknown,
        limit_days=flow.promised_days(item),
        statutory_days=item.effective_statutory_days,
        unit=item.unit,
        prerequisites=tuple(other for other in possible if verdicts[other].value),
        waits_for=possible,
        latest_stage=item.latest_stage if stage == PARALLEL_STAGE else stage,
    )
