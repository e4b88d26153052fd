"""Frozen definitions of one pack version. Pure: plain values in, no database, no clock.

Everything that was started under a version keeps reading that version's definitions, so they never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PARALLEL_STAGE = "P"
"""Stage id of the items that run beside the main line; the national stage list keeps it as number 5."""

ADVISORY_STAGE = "S0"
"""Stage id of the advisory work before the main line; it gates nothing."""

DECLARE_PREFIX = "declare."
"""Field id prefix of a condition that the applicant answers with yes or no."""

MAP_PREFIX = "map."
"""Fact id prefix of a condition that the blueprint has answered for the project's site."""


class Unit(StrEnum):
    """The day in which an item's limits are counted."""

    WORKING = "working"
    CALENDAR = "calendar"


class ConditionKind(StrEnum):
    """Where the answer to a condition comes from."""

    ALWAYS = "always"
    FIELD = "field"
    MAP = "map"
    DECLARE = "declare"


class Category(StrEnum):
    """How an item is handled inside its department; the values are the words of the pack."""

    INSTANT = "即办"
    ORDINARY = "普通"
    COMPLEX = "复杂"


class ResultKind(StrEnum):
    """What an item gives; only a certificate carries the wording of a permit."""

    CERTIFICATE = "certificate"
    LETTER = "letter"
    DOCUMENT = "document"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a field with a value of the pack."""

    field: str
    op: str
    value: object


@dataclass(frozen=True, slots=True)
class ConditionDef:
    """A named condition: `all` of its clauses and `any` of its clauses must hold."""

    id: str
    label: str
    kind: ConditionKind
    all: tuple[Clause, ...] = ()
    any: tuple[Clause, ...] = ()
    intersects: tuple[str, ...] = ()

    @property
    def declare_field(self) -> str:
        """Name the yes/no field in which the applicant answers this condition."""
        return f"{DECLARE_PREFIX}{self.id}"

    @property
    def map_fact(self) -> str:
        """Name the fact in which the blueprint answers this condition."""
        return f"{MAP_PREFIX}{self.id}"

    @property
    def may_be_declared(self) -> bool:
        """Tell whether the applicant may have to answer this condition himself."""
        return self.kind in (ConditionKind.DECLARE, ConditionKind.MAP)

    @property
    def field_ids(self) -> tuple[str, ...]:
        """List the form fields this condition reads, each once, in the order of the pack."""
        return tuple(dict.fromkeys(clause.field for clause in (*self.all, *self.any)))


@dataclass(frozen=True, slots=True)
class DepartmentDef:
    """A department as the pack names it; the row in accounts has the same id."""

    id: str
    name: str
    short: str
    kind: str


@dataclass(frozen=True, slots=True)
class StageDef:
    """A stage of the national standard."""

    id: str
    name: str
    lead: str | None
    standard_no: int
    sort: int

    @property
    def is_parallel(self) -> bool:
        """Tell whether this is the stream beside the main line."""
        return self.id == PARALLEL_STAGE

    @property
    def is_advisory(self) -> bool:
        """Tell whether this stage gives advice only and gates nothing."""
        return self.id == ADVISORY_STAGE


@dataclass(frozen=True, slots=True)
class ResultAttribute:
    """A value that is written into a result besides its number and dates, such as a plot ratio."""

    id: str
    label: str
    type: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class ResultDef:
    """The document an item gives when it is granted."""

    item: str
    kind: ResultKind
    title: str
    material_id: str
    validity_days: int | None
    """Calendar days from the day of issue; None = valid until revoked."""
    number_series: str
    """Pattern with {dept}, {year}, {item} and {serial}."""
    template: str
    attributes: tuple[ResultAttribute, ...] = ()

    @property
    def is_certificate(self) -> bool:
        """Tell whether the result is a certificate in the legal sense."""
        return self.kind == ResultKind.CERTIFICATE


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The name of an item's result and the material as which later items read it."""

    name: str
    material_id: str


@dataclass(frozen=True, slots=True)
class ItemDef:
    """One service item of the city."""

    id: str
    name: str
    stage: str
    stream: str
    department: str
    type: str
    category: Category
    statutory_days: int
    promised_days: int
    unit: Unit
    """Unit of both limits (clock contract, `unit`)."""
    prereq: tuple[str, ...]
    soft_prereq: tuple[str, ...]
    data_from: tuple[str, ...]
    materials: tuple[str, ...]
    tolerable: tuple[str, ...]
    result: ItemResult
    applies_when: str
    milestone: bool
    latest_stage: str
    legal_basis: str
    commitment: str
    tolerance: bool
    special_procedures: tuple[str, ...]
    fee: str | None
    """What the applicant pays and by which standard; None = free of charge."""
    sort: int

    @property
    def effective_promised_days(self) -> int:
        """Give the promised limit the clock runs on; 0 in the pack means the same day, counted as 1."""
        return max(1, self.promised_days)

    @property
    def effective_statutory_days(self) -> int:
        """Give the statutory limit the clock runs on; 0 in the pack means the same day, counted as 1."""
        return max(1, self.statutory_days)

    @property
    def is_instant(self) -> bool:
        """Tell whether one person decides the item in one step."""
        return self.category == Category.INSTANT

    @property
    def is_same_day(self) -> bool:
        """Tell whether the pack promises the result for the day of acceptance."""
        return self.promised_days == 0

    @property
    def is_parallel(self) -> bool:
        """Tell whether the item runs beside the main line."""
        return self.stage == PARALLEL_STAGE


@dataclass(frozen=True, slots=True)
class FlowStageDef:
    """One stage as a flow runs it. `limit_days` are working days; 0 = no limit of its own."""

    stage: str
    name: str
    lead: str
    limit_days: int
    items: tuple[str, ...]
    release: str
    """at_once: each decision is sent when made; together: with the last of the stage, refusals at once."""
    milestones: str
    """all: every applicable milestone item concludes the stage; any: one of them does."""


@dataclass(frozen=True, slots=True)
class LimitVariant:
    """Another limit of one stage when a clause holds."""

    stage: str
    when: Clause
    limit_days: int


@dataclass(frozen=True, slots=True)
class FlowDef:
    """A flow type: which items in which stage, with which limits (working days)."""

    id: str
    name: str
    hint: str
    """A few words for the public on which projects it is for."""
    national_flow_type: int
    priority: int
    condition: ConditionDef
    stages: Mapping[str, FlowStageDef]
    parallel: tuple[str, ...]
    promised_override: Mapping[str, int]
    limit_variants: tuple[LimitVariant, ...]
    total_limit_days: int

    @property
    def items(self) -> tuple[str, ...]:
        """List all items of the flow: the main line by stage, then the parallel ones."""
        main = tuple(item for stage in self.stages.values() for item in stage.items)
        return (*main, *self.parallel)

    def promised_days(self, item: ItemDef) -> int:
        """Give the promised limit of an item in this flow, never below one day (unit of the item)."""
        return max(1, self.promised_override.get(item.id, item.promised_days))


@dataclass(frozen=True, slots=True)
class PackageDef:
    """A package of the alternative profile: a base flow with items taken out or put in."""

    id: str
    name: str
    base: str
    condition: ConditionDef
    remove: tuple[str, ...]
    add: tuple[str, ...]
    total_limit_days: int


@dataclass(frozen=True, slots=True)
class MaterialDef:
    """A kind of paper that items ask for."""

    id: str
    name: str
    source: str
    """applicant, e_cert, prior_result, third_party or system."""
    reusable: bool
    produced_by: str | None
    e_cert: str | None
    tolerable: bool
    correction_days: int
    formats: tuple[str, ...]
    """Lower-case file name extensions."""
    max_bytes: int
    note: str

    @property
    def from_applicant(self) -> bool:
        """Tell whether only the applicant or his contractors can bring it, so that it may block a submission."""
        return self.source in ("applicant", "third_party")


@dataclass(frozen=True, slots=True)
class FromResult:
    """Where a prior_result field takes its value: an attribute of the granted item's decision."""

    item: str
    attribute: str
    """number, issued_on, valid_until, or an attribute the result declares."""


@dataclass(frozen=True, slots=True)
class ColumnDef:
    """One column of a table field."""

    id: str
    label: str
    type: str
    unit: str | None
    required: bool
    codes: str | None


@dataclass(frozen=True, slots=True)
class FieldDef:
    """One field of the combined form."""

    id: str
    label: str
    type: str
    unit: str | None
    required: bool
    source: str
    """registry, e_cert, prior_result, map, system, third_party or applicant."""
    codes: str | None
    columns: tuple[ColumnDef, ...]
    needed_by: tuple[str, ...]
    note: str
    national_field: str | None
    stage: str
    """'*' for the fields common to all stages."""
    form: str
    from_result: FromResult | None
    minimum: Decimal | None
    maximum: Decimal | None
    sort: int

    @property
    def for_all_items(self) -> bool:
        """Tell whether every item of the form's stage needs the field."""
        return "*" in self.needed_by


@dataclass(frozen=True, slots=True)
class FormDef:
    """The form of one stage; '*' is the part common to all."""

    id: str
    stage: str
    name: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JointDef:
    """One kind of joint work: who takes part, in how many working days, and what silence means."""

    id: str
    name: str
    document: str
    lead: str
    participants: tuple[str, ...]
    items: tuple[str, ...]
    days: int
    opinion_days: int
    silence: str
    """agree: no answer in time counts as agreement; remind: it does not."""
    rounds: int
    special_procedure: str | None


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
