"""What the public guides show: the list of items and the guide of one item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.citypack import queries as citypack
from portal.core.errors import NotFound
from projects.catalogue.definitions import Catalogue, FieldDef, FlowDef, ItemDef, MaterialDef, ResultDef, StageDef
from projects.catalogue.models import ResultType, ServiceItem
from projects.catalogue.queries.versions import catalogue


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One line of the list."""

    item: ItemDef
    department: str
    result: str


@dataclass(frozen=True, slots=True)
class GuideGroup:
    """The found items of one stage."""

    stage: StageDef
    rows: tuple[GuideRow, ...]


@dataclass(frozen=True, slots=True)
class GuideList:
    """The page of guides."""

    groups: tuple[GuideGroup, ...]
    found: int
    total: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An item that comes before or after another."""

    item: ItemDef
    department: str


@dataclass(frozen=True, slots=True)
class FlowLimit:
    """How long the item takes in one flow (days in the item's unit), and in which stage it is applied for."""

    flow: FlowDef
    promised_days: int
    is_changed: bool
    """The flow promises another limit than the item itself."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide of one item."""

    item: ItemDef
    stage: StageDef
    latest_stage: StageDef
    department: str
    type_word: str
    commitment_word: str
    result: ResultDef
    result_word: str
    condition: str
    condition_kind: str
    not_asked: tuple[tuple[MaterialDef, str], ...]
    """Materials the applicant need not bring, each with where they come from."""
    asked: tuple[tuple[MaterialDef, bool], ...]
    """Materials to bring, each with whether it may follow later for this item."""
    before: tuple[Neighbour, ...]
    data_before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    procedures: tuple[str, ...]
    fields: tuple[FieldDef, ...]
    """Fields of the form that the applicant fills in himself for this item."""
    limits: tuple[FlowLimit, ...]
    version_number: int
    version_at: datetime


def guide_list(version_id: int, *, text: str = "") -> GuideList:
    """List all items by stage; with a text only those whose name, number, result or department it matches."""
    found = catalogue(version_id)
    codes = set(found.items)
    if text:
        rows = ServiceItem.objects.of_version(version_id).matching(text, departments=_departments(found, text))
        codes = set(rows.values_list("code", flat=True))
    groups = []
    for stage in found.stages.values():
        members = tuple(
            GuideRow(item, found.departments[item.department].name, found.results[item.id].title)
            for item in found.items_of(stage.id)
            if item.id in codes
        )
        if members:
            groups.append(GuideGroup(stage, members))
    return GuideList(groups=tuple(groups), found=len(codes), total=len(found.items))


def guide(version_id: int, item_id: str) -> Guide:
    """Read the guide of one item.

    :raises NotFound: the version has no such item
    """
    found = catalogue(version_id)
    item = found.items.get(item_id)
    if item is None:
        raise NotFound(fields={"item": item_id})
    version = citypack.version(version_id)
    result = found.results[item.id]
    condition = found.condition_of(item.id)
    materials = [found.materials[name] for name in item.materials]
    return Guide(
        item=item,
        stage=found.stages[item.stage],
        latest_stage=found.stages[item.latest_stage],
        department=found.departments[item.department].name,
        type_word=found.labels["item_type"][item.type],
        commitment_word=found.labels["commitment"][item.commitment],
        result=result,
        result_word=str(ResultType.Kinds(result.kind.value).label),
        condition=condition.label,
        condition_kind=condition.kind.value,
        not_asked=tuple((material, _origin(found, material)) for material in materials if not material.from_applicant),
        asked=tuple(
            (material, item.tolerance and material.id in item.tolerable)
            for material in materials
            if material.from_applicant
        ),
        before=_neighbours(found, item.prereq),
        data_before=_neighbours(found, item.soft_prereq),
        after=_neighbours(found, tuple(other.id for other in found.items.values() if item.id in other.prereq)),
        procedures=tuple(found.labels["special_procedure"][kind] for kind in item.special_procedures),
        fields=tuple(
            field for field in found.fields.values() if field.source == "applicant" and item.id in field.needed_by
        ),
        limits=tuple(
            FlowLimit(flow, flow.promised_days(item), item.id in flow.promised_override)
            for flow in found.flows.values()
            if item.id in flow.items
        ),
        version_number=version.number,
        version_at=version.loaded_at,
    )


def _departments(found: Catalogue, text: str) -> frozenset[str]:
    """Name the departments in whose name or short name the text occurs."""
    return frozenset(row.id for row in found.departments.values() if text in row.name or text in row.short)


def _neighbours(found: Catalogue, names: tuple[str, ...]) -> tuple[Neighbour, ...]:
    items = [found.items[name] for name in names]
    return tuple(Neighbour(item, found.departments[item.department].name) for item in items)


def _origin(found: Catalogue, material: MaterialDef) -> str:
    """Say where a material comes from that the applicant need not bring."""
    if material.e_cert:
        return f"{found.labels['material_source'][material.source]} · {material.e_cert}"
    if material.produced_by:
        return f"{found.labels['material_source'][material.source]} · {found.items[material.produced_by].name}"
    return found.labels["material_source"][material.source]
