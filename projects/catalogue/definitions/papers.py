"""What is handed in and what is handed out."""

from __future__ import annotations

from dataclasses import dataclass

from projects.catalogue.definitions.words import ResultKind


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
class FieldLimit:
    """The field of a later form that a value of a result bounds."""

    field: str
    op: str
    """le: at most the value, ge: at least, eq: just that."""


@dataclass(frozen=True, slots=True)
class ResultAttribute:
    """A value that is written into a result besides its number and dates, such as a plot ratio."""

    id: str
    label: str
    type: str
    unit: str | None
    limits: FieldLimit | None = None


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
    refusal_series: str
    """The same for the decision that refuses it; it never takes a number from the series of permits."""
    serial_digits: int
    """The least number of digits of a serial."""
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
