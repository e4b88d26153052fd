"""Take in facts: each value cleaned by its field's definition, everything wrong said at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from projects.catalogue import values
from projects.catalogue.definitions import Catalogue, FieldDef
from projects.registry.states import FactSource


@dataclass(frozen=True, slots=True)
class Taken:
    """Cleaned values and the sentence for each field that could not be taken. None = to be cleared."""

    values: dict[str, Any]
    problems: dict[str, str]


def take(catalogue: Catalogue, given: Mapping[str, object]) -> Taken:
    """Clean facts by the form fields of a version, and the yes/no answers to its conditions."""
    cleaned: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field_id, raw in given.items():
        field = values.definition(catalogue, field_id)
        if field is None:
            problems[field_id] = _("没有“%(field)s”这个字段。请核对字段名。") % {"field": field_id}
            continue
        try:
            cleaned[field_id] = values.clean(field, raw, catalogue.code_lists)
        except values.ValueFault as fault:
            problems[field_id] = fault.message
    return Taken(cleaned, problems)


def missing(catalogue: Catalogue, fields: Iterable[str]) -> dict[str, str]:
    """Ask for fields by their labels."""
    asked = ((field_id, values.definition(catalogue, field_id)) for field_id in fields)
    return {
        field_id: _("请填写“%(label)s”，审批流程要据此确定。") % {"label": field.label if field else field_id}
        for field_id, field in asked
    }


def source_of(field: FieldDef | None) -> FactSource:
    """Name the source of a value given at registration: what other systems should deliver is declared for now."""
    return FactSource.REGISTRY if field is not None and field.source == FactSource.REGISTRY else FactSource.APPLICANT
