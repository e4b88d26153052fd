"""What an applicant writes into the form, from the texts of the pack. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from projects.catalogue.definitions import FieldDef

DAY = "day:"
"""A date so many calendar days from the day of writing: day:+30."""


def fill(template: Any, *, words: Mapping[str, Any], day: date) -> Any:
    """Put what is known of the project into a text, a list or a table.

    A text that is one name in braces takes the value itself, so that numbers stay numbers.
    """
    if isinstance(template, Mapping):
        return {key: fill(value, words=words, day=day) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill(value, words=words, day=day) for value in template]
    if not isinstance(template, str):
        return template
    if template.startswith(DAY):
        return (day + timedelta(days=int(template.removeprefix(DAY)))).isoformat()
    if template.startswith("{") and template.endswith("}") and template[1:-1] in words:
        return words[template[1:-1]]
    return template.format_map(words)


def plain(field: FieldDef, options: Mapping[str, str]) -> Any:
    """Answer a field for which the pack has no text, as briefly as its type allows."""
    if field.form == "" or field.type == "bool":
        return False
    if options:
        return next(iter(options))
    return {"text": "/", "int": 0, "decimal": 0}.get(field.type)
