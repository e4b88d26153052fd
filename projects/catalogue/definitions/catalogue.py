"""All definitions of one version together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from projects.catalogue.definitions.conditions import ConditionDef
from projects.catalogue.definitions.flows import FlowDef, JointDef, PackageDef
from projects.catalogue.definitions.forms import FieldDef, FormDef
from projects.catalogue.definitions.items import DepartmentDef, ItemDef, StageDef
from projects.catalogue.definitions.papers import MaterialDef, ResultDef


@dataclass(frozen=True, eq=False, slots=True)
class Catalogue:
    """All definitions of one pack version, looked up by id; mappings keep the order of the pack."""

    version_id: int
    number: int
    city: str
    profile: str
    """How the city sorts projects: five_categories, or nine_packages on top of its flows."""
    departments: Mapping[str, DepartmentDef]
    regions: Mapping[str, str]
    stages: Mapping[str, StageDef]
    items: Mapping[str, ItemDef]
    flows: Mapping[str, FlowDef]
    packages: Mapping[str, PackageDef]
    materials: Mapping[str, MaterialDef]
    results: Mapping[str, ResultDef]
    """By item id."""
    serial_digits: int
    """The least number of digits of a serial where the result does not say."""
    conditions: Mapping[str, ConditionDef]
    forms: Mapping[str, FormDef]
    fields: Mapping[str, FieldDef]
    code_lists: Mapping[str, Mapping[str, str]]
    joint: Mapping[str, JointDef]
    labels: Mapping[str, Mapping[str, str]]
    """Words for the enumerations of the pack: item_type, commitment, special_procedure, material_source."""

    @property
    def main_stages(self) -> tuple[StageDef, ...]:
        """List the stages of the main line in order, without the advisory and the parallel one."""
        return tuple(stage for stage in self.stages.values() if not stage.is_parallel and not stage.is_advisory)

    def items_of(self, stage: str) -> tuple[ItemDef, ...]:
        """List the items of one stage in the order of the pack."""
        return tuple(item for item in self.items.values() if item.stage == stage)

    def condition_of(self, item: str) -> ConditionDef:
        """Give the condition under which an item applies."""
        return self.conditions[self.items[item].applies_when]

    def stage_limit(self, flow: str, stage: str) -> int:
        """Give the limit of a stage in a flow in working days, before limit variants."""
        return self.flows[flow].stages[stage].limit_days

    def options(self, codes: str | None) -> Mapping[str, str]:
        """Give the values of a code list with their words; empty for a field without one."""
        return self.code_lists.get(codes, {}) if codes else {}
