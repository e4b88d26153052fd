"""The form on the screen: sections and fields, and what was typed read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.applications import queries
from approvals.applications.presenting.sources import SOURCES, boundary, column_words
from approvals.oneform.prefill import Filled
from approvals.oneform.spec import FormField
from portal.ui import fields as ui
from portal.ui.lights import Light
from projects.catalogue import values
from projects.catalogue.definitions import Catalogue, FieldDef
from projects.registry.states import FactSource

_NUMERIC = ("int", "decimal")


#: a text of the pack that asks for sentences rather than a name
_LONG_FROM = 120


@dataclass(frozen=True)
class SectionView:
    """One section as page and section list show it."""

    id: str
    name: str
    number: int
    light: Light
    state_words: str
    note: str
    fields: tuple[ui.FieldView, ...]


def section_views(
    state: queries.FormState, *, autosave_url: str = "", show_missing: bool = False, only: Iterable[str] | None = None
) -> list[SectionView]:
    """Give the sections of the form.

    :param show_missing: also say at the field that it is still empty, as after a check
    :param only: keep these fields; sections left empty fall away
    """
    wanted = None if only is None else set(only)
    views: list[SectionView] = []
    for section in state.sections:
        shown = [filled for filled in section.fields if wanted is None or filled.field.id in wanted]
        if not shown:
            continue
        light, state_words = _section_state(section)
        views.append(
            SectionView(
                id=f"section-{section.section.id}",
                name=section.section.name,
                number=len(views) + 1,
                light=light,
                state_words=state_words,
                note=_section_note(section),
                fields=tuple(
                    field_view(state, filled, autosave_url=autosave_url, show_missing=show_missing) for filled in shown
                ),
            )
        )
    return views


def field_view(
    state: queries.FormState, filled: Filled, *, autosave_url: str = "", show_missing: bool = False
) -> ui.FieldView:
    """Give one field with the value, or what was typed and could not be taken."""
    field = filled.field
    read_only = not state.may_edit(field.id)
    problem = state.problems.get(field.id, "")
    value = filled.value if filled.typed is None else filled.typed
    catalogue = state.spec.catalogue
    kind, value, long = _shown(catalogue, field.definition, value, read_only=read_only)
    return ui.FieldView(
        id=field.id,
        label=field.label,
        type=kind,
        value=value,
        source=SOURCES.get(filled.source, ui.Source.APPLICANT),
        source_label=_source_label(filled),
        unit=field.definition.unit or "",
        required=field.required,
        read_only=read_only,
        hint=_hint(state, filled, read_only=read_only),
        error=problem if filled.typed is not None or show_missing else "",
        options=[ui.Option(code, word) for code, word in field.options.items()],
        columns=_columns(catalogue, filled),
        long=long,
        autosave_url="" if read_only else autosave_url,
        version="" if read_only else filled.version,
    )


def posted(state: queries.FormState, data: Mapping[str, Any]) -> dict[str, Any]:
    """Read the inputs of a form back into raw values by field; a field none of whose inputs was sent is left out.

    The names of the inputs are those of `portal.ui.fields`.
    """
    raw: dict[str, Any] = {}
    for field in state.spec.fields.values():
        found, value = _posted_one(field.id, field.type, [column.id for column in field.definition.columns], data)
        if found:
            raw[field.id] = value
    return raw


def posted_versions(state: queries.FormState, data: Mapping[str, Any]) -> dict[str, str]:
    """Read which content of each field the page had shown; a page that does not say is taken at its word."""
    return {
        field: str(data[version_name(field)]) for field in state.spec.fields if data.get(version_name(field), "") != ""
    }


def version_name(field: str) -> str:
    """Name the hidden input that carries the version of a field."""
    return f"{field}-version"


def inputs_of(field: FormField, data: Mapping[str, Any]) -> dict[str, str]:
    """Keep the inputs of one field as they were sent, so that they can be sent again."""
    match field.type:
        case "daterange":
            names = [f"{field.id}_from", f"{field.id}_to"]
        case "lonlat":
            names = [f"{field.id}_lon", f"{field.id}_lat"]
        case "table":
            names = [name for name in data if name.startswith(f"{field.id}-") and name != version_name(field.id)]
        case _:
            names = [field.id]
    return {name: str(data[name]) for name in names if name in data}


def _shown(catalogue: Catalogue, definition: FieldDef, value: Any, *, read_only: bool) -> tuple[str, Any, bool]:
    """Give type, value and length as the component takes them; what is only read stands there in words."""
    kind = definition.type
    if read_only and values.is_region(definition):
        return "text", catalogue.regions.get(str(value), value), False
    if kind == "daterange":
        pair = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else value
        return kind, pair if isinstance(pair, tuple) else None, False
    if kind == "lonlat":
        return kind, tuple(value) if isinstance(value, list) and len(value) == 2 else None, False
    if kind == "geometry":
        if read_only:
            return kind, boundary(value) if value else None, False
        # Until the blueprint delivers the boundary, its coordinates are pasted in as text.
        return "text", value if isinstance(value, str) else values.as_text(definition, value), True
    if kind == "table":
        rows = value if isinstance(value, list) else None
        return kind, _worded(catalogue, definition, rows) if read_only and rows else rows, False
    if kind == "code_list":
        return "text", ", ".join(value) if isinstance(value, list) else value, False
    long = kind == "text" and isinstance(value, str) and len(value) >= _LONG_FROM
    return kind, value, long


def _worded(catalogue: Catalogue, definition: FieldDef, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Write the cells of a table that is only read; its headings carry the units."""
    return [
        {
            column.id: column_words(catalogue, replace(column, unit=None), row[column.id])
            for column in definition.columns
            if row.get(column.id) is not None
        }
        for row in rows
    ]


def _posted_one(field: str, kind: str, columns: Sequence[str], data: Mapping[str, Any]) -> tuple[bool, Any]:
    match kind:
        case "daterange":
            return _pair(data, f"{field}_from", f"{field}_to", as_dict=True)
        case "lonlat":
            return _pair(data, f"{field}_lon", f"{field}_lat", as_dict=False)
        case "table":
            return _rows(data, field, columns)
    return field in data, data.get(field)


def _pair(data: Mapping[str, Any], first: str, second: str, *, as_dict: bool) -> tuple[bool, Any]:
    if first not in data and second not in data:
        return False, None
    pair = [str(data.get(first, "")).strip(), str(data.get(second, "")).strip()]
    if not any(pair):
        return True, None
    return True, {"start": pair[0], "end": pair[1]} if as_dict else pair


def _rows(data: Mapping[str, Any], field: str, columns: Sequence[str]) -> tuple[bool, Any]:
    count = str(data.get(f"{field}-count", ""))
    if not count.isascii() or not count.isdigit():
        return False, None
    rows = [
        {column: data.get(f"{field}-{number}-{column}", "") for column in columns}
        for number in range(min(int(count), values.MAX_ROWS + 1))
    ]
    return True, [row for row in rows if any(str(cell).strip() for cell in row.values())]


def _section_state(section: queries.SectionState) -> tuple[Light, str]:
    if section.faults:
        return Light.NO, ngettext("%(n)d 处", "%(n)d 处", section.faults) % {"n": section.faults}
    missing = len(section.problems)
    if not missing:
        return Light.DONE, str(section.answered)
    if not section.answered:
        return Light.WAIT, _("未填")
    return Light.DUE, ngettext("差 %(n)d 项", "差 %(n)d 项", missing) % {"n": missing}


def _section_note(section: queries.SectionState) -> str:
    total, known = (
        len(section.fields),
        sum(filled.source not in ("", FactSource.APPLICANT, FactSource.THIRD_PARTY) for filled in section.fields),
    )
    if not known:
        return ngettext("共 %(total)d 项", "共 %(total)d 项", total) % {"total": total}
    told = ngettext("共 %(total)d 项，系统已填 %(known)d 项", "共 %(total)d 项，系统已填 %(known)d 项", total)
    return told % {"total": total, "known": known}


def _source_label(filled: Filled) -> str:
    """Name the source where the usual word would say too little."""
    if filled.source == FactSource.THIRD_PARTY:
        return str(FactSource.THIRD_PARTY.label)
    return ""


def _hint(state: queries.FormState, filled: Filled, *, read_only: bool) -> str:
    field = filled.field
    if filled.note:
        return filled.note
    if field.type == "geometry" and not read_only:
        return _("红线图还没有，先粘贴 GeoJSON 坐标（CGCS2000 经纬度）")
    if field.decides and not read_only:
        items = state.spec.catalogue.items
        names = _("、").join(items[item].name for item in field.decides[:3])
        more = len(field.decides) - 3
        if more > 0:
            return _("决定要不要办：%(items)s等 %(count)d 个事项") % {"items": names, "count": len(field.decides)}
        return _("决定要不要办：%(items)s") % {"items": names}
    return ""


def _columns(catalogue: Catalogue, filled: Filled) -> list[ui.Column]:
    return [
        ui.Column(
            id=column.id,
            label=column.label,
            unit=column.unit or "",
            numeric=column.type in _NUMERIC,
            options=tuple(ui.Option(code, word) for code, word in catalogue.options(column.codes).items()),
        )
        for column in filled.field.definition.columns
    ]
