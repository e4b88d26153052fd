"""An application in the words and shapes of the interface: fields, sections, material slots, points to mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals.applications import queries
from approvals.applications.models import Application, CorrectionPoint
from approvals.applications.states import Verdict
from approvals.oneform.prefill import Filled
from portal.core import files as store
from portal.core.models import AuditEvent
from portal.ui import fields as ui
from portal.ui import words, work
from portal.ui.lights import Light
from projects.catalogue import values
from projects.catalogue.definitions import Catalogue, FieldDef, MaterialDef
from projects.registry.queries import fact_text
from projects.registry.states import FactSource

_SOURCES: Mapping[str, ui.Source] = {
    FactSource.REGISTRY: ui.Source.REGISTRY,
    FactSource.E_CERT: ui.Source.CERTIFICATE,
    FactSource.PRIOR_RESULT: ui.Source.PRIOR,
    FactSource.MAP: ui.Source.MAP,
    FactSource.SYSTEM: ui.Source.SYSTEM,
}
_EVENT_WORDS = {
    "created": gettext_lazy("开始填写"),
    "items_changed": gettext_lazy("按填写的情况调整了事项"),
    "submitted": gettext_lazy("提交申报"),
    "resubmitted": gettext_lazy("补正后再次提交"),
    "correction_requested": gettext_lazy("一次性告知补正"),
    "accepted": gettext_lazy("受理"),
    "rejected": gettext_lazy("不予受理"),
    "not_required": gettext_lazy("告知无需许可"),
    "returned": gettext_lazy("补正逾期，退件"),
    "withdrawn": gettext_lazy("撤回申报"),
    "completed": gettext_lazy("全部办结"),
}
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


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened, in words."""

    at: datetime
    actor: str
    words: str


@dataclass(frozen=True)
class Line:
    """One answer as it is read: label and words."""

    id: str
    label: str
    text: str
    remark: str = ""


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
    kind, value, long = _shown(field.definition, value, read_only=read_only)
    catalogue = state.spec.catalogue
    return ui.FieldView(
        id=field.id,
        label=field.label,
        type=kind,
        value=value,
        source=_SOURCES.get(filled.source, ui.Source.APPLICANT),
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


def slot_views(
    application: Application, materials: queries.MaterialsState, *, refused: Mapping[int, str] | None = None
) -> list[work.MaterialSlot]:
    """Give the slots with their files and what may be done.

    :param refused: slot id -> why the file sent to it was not taken
    """
    catalogue = queries.catalogue_of(application)
    return [slot_view(application, catalogue, slot, (refused or {}).get(slot.slot.pk, "")) for slot in materials.slots]


def slot_view(
    application: Application, catalogue: Catalogue, state: queries.SlotState, refused: str = ""
) -> work.MaterialSlot:
    """Give one slot."""
    slot, material = state.slot, state.material
    slot_state, state_words = _slot_state(state)
    reused = next((file for file in state.files if file.is_reused), None)
    return work.MaterialSlot(
        id=str(slot.pk),
        name=slot.name,
        state=slot_state,
        state_words=state_words,
        formats=_formats(material) if state.may_edit else "",
        accept=",".join(f".{suffix}" for suffix in material.formats),
        serves=_serves(catalogue, slot.items, total=len(application.items.all())),
        note=_slot_note(catalogue, material, state),
        problem=refused or (state.point.problem if state.point and not state.point.mended_at else slot.remark),
        source=_document_source(reused.document.source) if reused else "",
        source_words=_reused_words(reused.document) if reused else "",
        files=[
            work.SlotFile(
                name=file.document.file_name,
                size_bytes=file.document.blob.size_bytes,
                at=file.attached_at,
                url=reverse("applications:material", args=[application.pk, file.pk]),
                remove_url=reverse("applications:material_remove", args=[application.pk, file.pk])
                if state.may_edit
                else "",
            )
            for file in state.files
        ],
        reusable=[
            ui.Option(str(document.pk), f"{document.file_name} · {words.short_day(document.supplied_at)}")
            for document in state.reusable
        ],
        upload_url=reverse("applications:material_add", args=[application.pk]) if state.may_edit else "",
        required=slot.is_required or state.is_brought_by_city,
    )


def problem_views(application: Application, points: Sequence[CorrectionPoint]) -> list[work.Problem]:
    """Give the points of a correction notice with whether they are mended."""
    catalogue = queries.catalogue_of(application)
    total = len(application.items.all())
    return [
        work.Problem(
            material=point.label,
            problem=point.problem,
            remedy=point.remedy,
            item=_serves(catalogue, point.items, total=total),
            light=Light.DONE if point.mended_at else Light.NO,
            state_words=_("已改，待核对") if point.mended_at else _("还没改"),
            url="" if point.mended_at else f"#{_anchor(point)}",
            url_label=_("去改"),
        )
        for point in points
    ]


def lines(
    state: queries.FormState, *, fields: Iterable[str] | None = None, remarks: Mapping[str, str] | None = None
) -> list[Line]:
    """Write the answers as a paper form shows them, empty ones left out unless something was said about them."""
    wanted = list(state.filled) if fields is None else [field for field in fields if field in state.filled]
    remarks = remarks or {}
    return [
        Line(
            id=field,
            label=state.filled[field].field.label,
            text=value_words(state, state.filled[field]),
            remark=remarks.get(field, ""),
        )
        for field in wanted
        if not state.filled[field].is_empty or field in remarks
    ]


def value_words(state: queries.FormState, filled: Filled) -> str:
    """Write one answer as people read it."""
    if filled.is_empty:
        return words.NONE
    definition = filled.field.definition
    if definition.type == "table":
        return ngettext("%(n)d 行", "%(n)d 行", len(filled.value)) % {"n": len(filled.value)}
    if definition.type == "geometry":
        return _boundary(filled.value)
    if definition.type == "daterange":
        return f"{filled.value['start']}—{filled.value['end']}"
    return fact_text(state.spec.catalogue, definition, filled.value)


def history_lines(events: Sequence[AuditEvent]) -> list[HistoryLine]:
    """Say what happened to an application, newest first."""
    return [
        HistoryLine(at=event.at, actor=event.actor_name, words=str(_EVENT_WORDS[verb]))
        for event in events
        if (verb := event.action.rpartition(".")[2]) in _EVENT_WORDS
    ]


def _shown(definition: FieldDef, value: Any, *, read_only: bool) -> tuple[str, Any, bool]:
    """Give type, value and length as the component takes them."""
    kind = definition.type
    if kind == "daterange":
        pair = (value.get("start"), value.get("end")) if isinstance(value, Mapping) else value
        return kind, pair if isinstance(pair, tuple) else None, False
    if kind == "lonlat":
        return kind, tuple(value) if isinstance(value, list) and len(value) == 2 else None, False
    if kind == "geometry":
        if read_only:
            return kind, _boundary(value) if value else None, False
        # Until the blueprint delivers the boundary, its coordinates are pasted in as text.
        return "text", value if isinstance(value, str) else values.as_text(definition, value), True
    if kind == "table":
        return kind, value if isinstance(value, list) else None, False
    if kind == "code_list":
        return "text", ", ".join(value) if isinstance(value, list) else value, False
    long = kind == "text" and isinstance(value, str) and len(value) >= _LONG_FROM
    return kind, value, long


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
    return _("共 %(total)d 项，系统已填 %(known)d 项") % {"total": total, "known": known}


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


def _slot_state(state: queries.SlotState) -> tuple[work.SlotState, str]:
    if state.slot.verdict == Verdict.WRONG or (state.point and not state.point.mended_at and state.files):
        return work.SlotState.MISMATCH, _("不符")
    if state.files:
        if state.is_brought_by_city and all(file.is_reused for file in state.files):
            return work.SlotState.NOT_NEEDED, _("不用交")
        return work.SlotState.RECEIVED, _("已收")
    if not state.is_needed:
        return work.SlotState.NOT_NEEDED, _("不再需要")
    if state.slot.is_required:
        return work.SlotState.MISSING, _("缺")
    if state.is_brought_by_city:
        return work.SlotState.NOT_NEEDED, _("不用交")
    return work.SlotState.NOT_NEEDED, _("选交")


def _slot_note(catalogue: Catalogue, material: MaterialDef, state: queries.SlotState) -> str:
    if state.files:
        return ""
    if material.source == "prior_result" and material.produced_by:
        return _("“%(item)s”办结后自动带入") % {"item": catalogue.items[material.produced_by].name}
    if material.source == "system":
        return _("由系统生成")
    if material.source == "e_cert":
        return _("从证照库调取；调不到时可以上传")
    return _("可容缺") if material.tolerable else ""


def _serves(catalogue: Catalogue, items: Sequence[str], *, total: int) -> str:
    if not items:
        return ""
    if total > 1 and len(items) >= total:
        return _("用于全部 %(n)d 个事项") % {"n": total}
    if len(items) == 1:
        return _("用于%(item)s") % {"item": catalogue.items[items[0]].name}
    return _("用于 %(n)d 个事项") % {"n": len(items)}


def _formats(material: MaterialDef) -> str:
    return _("%(formats)s，不超过 %(size)s") % {
        "formats": " ".join(material.formats),
        "size": store.human_size(material.max_bytes),
    }


def _document_source(source: str) -> str:
    return _SOURCES.get(source, ui.Source.APPLICANT)


def _reused_words(document: Any) -> str:
    day = words.short_day(document.supplied_at)
    if document.number:
        return _("%(number)s，%(day)s") % {"number": document.number, "day": day}
    return _("项目已有，%(day)s") % {"day": day}


def _boundary(value: Any) -> str:
    """Say a boundary in words: how many areas and points."""
    coordinates = value.get("coordinates") if isinstance(value, Mapping) else None
    if not coordinates:
        return words.NONE
    areas = coordinates if value.get("type") == "MultiPolygon" else [coordinates]
    points = sum(len(ring) for area in areas for ring in area) if value.get("type", "").endswith("Polygon") else 0
    if not points:
        return str(value.get("type", ""))
    return _("%(areas)d 个地块，%(points)d 个界址点") % {"areas": len(areas), "points": points}


def _anchor(point: CorrectionPoint) -> str:
    return f"{point.field}-field" if point.field else f"slot-{point.slot_id}"
