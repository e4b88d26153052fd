"""Stages and the items applied for in them, and the departments that decide."""

from __future__ import annotations

from dataclasses import dataclass

from projects.catalogue.definitions.papers import ItemResult
from projects.catalogue.definitions.words import ADVISORY_STAGE, PARALLEL_STAGE, Category, Unit

#: how far an item may be decided by commitment: for some cases, or for all
BY_COMMITMENT = ("partial", "full")


@dataclass(frozen=True, slots=True)
class DepartmentDef:
    """A department as the pack names it; the row in accounts has the same id."""

    id: str
    name: str
    short: str
    kind: str
    number_word: str
    """How the department signs the numbers it gives, such as the word before the year of an official paper."""


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
class CheckPoint:
    """What a reviewer looks at and ticks in a case."""

    id: str
    label: str


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
    check_points: tuple[CheckPoint, ...]
    """The item's own list, else the one of its type."""
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
    def is_by_commitment(self) -> bool:
        """Tell whether it may be decided on a signed promise (告知承诺)."""
        return self.commitment in BY_COMMITMENT

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
