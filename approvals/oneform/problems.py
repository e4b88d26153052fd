"""What is wrong with a form: everything at once, each problem at its field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from approvals.oneform.prefill import Filled
from approvals.oneform.spec import FormField, FormSpec
from projects.catalogue import values


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, in the words that stand at the field and in the summary."""

    field: str
    message: str


def clean(spec: FormSpec, field: str, raw: object) -> Any | Problem:
    """Return the value that was meant, or the problem with it.

    :raises KeyError: the form does not ask this field
    """
    try:
        return values.clean(spec.fields[field].definition, raw, spec.catalogue.code_lists)
    except values.ValueFault as fault:
        return Problem(field, fault.message)


def problems(spec: FormSpec, filled: Mapping[str, Filled]) -> list[Problem]:
    """List what stands in the way of handing in, in the order of the form."""
    found = []
    for key, form_field in spec.fields.items():
        message = _problem(spec, form_field, filled[key])
        if message:
            found.append(Problem(key, message))
    return found


def _problem(spec: FormSpec, form_field: FormField, filled: Filled) -> str:
    if filled.typed is not None:
        judged = clean(spec, form_field.id, filled.typed)
        if isinstance(judged, Problem):
            return judged.message
        # It could be read, but the project did not take it: a running application stands on the present flow.
        return _("改了这一项，审批流程就要变，而项目已经开始申报，所以没有采用。请改回，或到综合窗口办理流程更正。")
    if filled.is_empty and form_field.required:
        return _missing(form_field)
    return ""


def _missing(form_field: FormField) -> str:
    if form_field.is_question:
        return _("请回答：%(label)s（是或否）") % {"label": form_field.label}
    if form_field.type in ("enum", "bool"):
        return _("请选择%(label)s") % {"label": form_field.label}
    return _("请填写%(label)s") % {"label": form_field.label}
