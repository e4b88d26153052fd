"""Forms and their fields."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from projects.catalogue.definitions.words import MapGives


@dataclass(frozen=True, slots=True)
class FromResult:
    """Where a prior_result field takes its value: an attribute of the granted item's decision."""

    item: str
    attribute: str
    """number, issued_on, valid_until, or an attribute the result declares."""


@dataclass(frozen=True, slots=True)
class FromMap:
    """What the red line of the site says of a field."""

    gives: MapGives
    layers: tuple[str, ...]
    """Layers, subtopics or topics it is held against; empty where the line itself is the answer."""


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
    from_map: FromMap | None
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
