"""The part of a form that some items, and so their department, have a reason to see. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from approvals.oneform.prefill import Filled
from approvals.oneform.spec import FormSpec, Section


def sections_for(spec: FormSpec, items: Collection[str]) -> tuple[Section, ...]:
    """Keep the fields that one of the items reads or is decided by; sections left empty fall away."""
    kept = []
    for section in spec.sections:
        fields = tuple(
            field
            for field in section.fields
            if not set(items).isdisjoint(field.needed_by) or not set(items).isdisjoint(field.decides)
        )
        if fields:
            kept.append(Section(section.id, section.name, fields))
    return tuple(kept)


def extract(spec: FormSpec, filled: Mapping[str, Filled], items: Collection[str]) -> dict[str, Filled]:
    """Keep the answers those items have a reason to see."""
    return {field.id: filled[field.id] for section in sections_for(spec, items) for field in section.fields}
