"""What is known already, with where it comes from; and what the form then shows. Pure.

A value is read-only only when an authoritative source has delivered it; an empty one is declared by the applicant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from approvals.oneform.spec import FormField, FormSpec
from approvals.oneform.versions import version_of
from projects.catalogue import values
from projects.catalogue.definitions import FromResult
from projects.registry.states import AUTHORITATIVE, FactSource


@dataclass(frozen=True, slots=True)
class Known:
    """A value somebody else knows, with its source and a note for people."""

    value: Any
    source: str
    note: str = ""
    #: given by the register itself (a code, the owner); nobody types it
    is_fixed: bool = False

    @property
    def is_authoritative(self) -> bool:
        """Tell whether the applicant may not change it."""
        return self.is_fixed or self.source in AUTHORITATIVE


@dataclass(frozen=True, slots=True)
class Result:
    """The result of an earlier item, as far as later forms read it."""

    item: str
    number: str
    issued_on: date
    valid_until: date | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def attribute(self, name: str) -> Any:
        """Give number, issued_on, valid_until, or an attribute the result declares; None when it has none."""
        if name in ("number", "issued_on", "valid_until"):
            value = getattr(self, name)
            return value.isoformat() if isinstance(value, date) else value or None
        return self.attributes.get(name)


@dataclass(frozen=True, slots=True)
class Given:
    """What has been answered so far: the last value that could be taken, and what was typed since."""

    value: Any
    source: str
    note: str = ""
    typed: Any = None


@dataclass(frozen=True, slots=True)
class Filled:
    """One field with its present value."""

    field: FormField
    value: Any = None
    source: str = ""
    """Empty when there is no value."""
    note: str = ""
    typed: Any = None
    """What was typed and could not be taken; None when there is no such thing."""
    read_only: bool = False

    @property
    def shown(self) -> Any:
        """Return what stands in the field: what was typed last, also when it could not be taken."""
        return self.value if self.typed is None else self.typed

    @property
    def version(self) -> str:
        """Return the mark of what the field shows; who sends it back says what he had read (`versions`)."""
        return version_of(self.shown)

    @property
    def is_empty(self) -> bool:
        """Tell whether it has no value yet."""
        return self.value is None


def known_values(spec: FormSpec, *, facts: Mapping[str, Known], results: Iterable[Result] = ()) -> dict[str, Known]:
    """Say what is known for each field of a form: a result of an earlier item first, then the project's facts.

    What does not fit the field's type is not known.
    """
    by_item = {result.item: result for result in results}
    known = {}
    for form_field in spec.fields.values():
        found = _from_result(form_field.definition.from_result, by_item) or facts.get(form_field.id)
        if found is None:
            continue
        try:
            value = values.clean(form_field.definition, found.value, spec.catalogue.code_lists)
        except values.ValueFault:
            continue
        if value is not None:
            known[form_field.id] = Known(value, found.source, found.note, found.is_fixed)
    return known


def fill(spec: FormSpec, *, given: Mapping[str, Given], known: Mapping[str, Known]) -> dict[str, Filled]:
    """Join answers with what is known: authority first, then the answer, then any other knowledge."""
    return {key: _fill_one(form_field, given.get(key), known.get(key)) for key, form_field in spec.fields.items()}


def _fill_one(form_field: FormField, given: Given | None, known: Known | None) -> Filled:
    if known is not None and known.is_authoritative:
        return Filled(form_field, known.value, known.source, known.note, read_only=True)
    if given is not None:
        source = given.source if given.value is not None else ""
        return Filled(form_field, given.value, source, given.note, typed=given.typed)
    if known is not None:
        return Filled(form_field, known.value, known.source, known.note)
    return Filled(form_field)


def _from_result(origin: FromResult | None, by_item: Mapping[str, Result]) -> Known | None:
    result = by_item.get(origin.item) if origin else None
    if origin is None or result is None:
        return None
    value = result.attribute(origin.attribute)
    return None if value is None else Known(value, FactSource.PRIOR_RESULT, result.number)
