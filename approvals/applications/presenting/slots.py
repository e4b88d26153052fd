"""Material slots and points to mend on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.applications import queries
from approvals.applications.models import Application, CorrectionPoint
from approvals.applications.presenting.sources import SOURCES
from approvals.applications.states import Verdict
from portal.core import files as store
from portal.ui import fields as ui
from portal.ui import words, work
from portal.ui.lights import Light
from projects.catalogue.definitions import Catalogue, MaterialDef


def slot_views(
    application: Application,
    materials: queries.MaterialsState,
    *,
    with_check: bool,
    refused: Mapping[int, str] | None = None,
    checked: bool = False,
) -> list[work.MaterialSlot]:
    """Give the slots with their files and what may be done.

    :param with_check: show what the clerk has found so far
    :param refused: slot id -> why the file sent to it was not taken
    :param checked: the page says what is missing, and goes on saying it after an upload
    """
    catalogue = queries.catalogue_of(application)
    return [
        slot_view(
            application,
            catalogue,
            slot,
            with_check=with_check,
            refused=(refused or {}).get(slot.slot.pk, ""),
            checked=checked,
        )
        for slot in materials.slots
    ]


def slot_view(
    application: Application,
    catalogue: Catalogue,
    state: queries.SlotState,
    *,
    with_check: bool,
    refused: str = "",
    checked: bool = False,
) -> work.MaterialSlot:
    """Give one slot."""
    back = "?check" if checked else ""
    slot, material = state.slot, state.material
    slot_state, state_words = _slot_state(state, with_check=with_check)
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
        problem=refused or _slot_problem(state, with_check=with_check),
        source=_document_source(reused.document.source) if reused else "",
        source_words=_reused_words(reused.document) if reused else "",
        files=[
            work.SlotFile(
                name=file.document.file_name,
                size_bytes=file.document.blob.size_bytes,
                at=file.attached_at,
                url=reverse("applications:material", args=[application.pk, file.pk]),
                remove_url=reverse("applications:material_remove", args=[application.pk, file.pk]) + back
                if state.may_edit
                else "",
            )
            for file in state.files
        ],
        reusable=[
            ui.Option(str(document.pk), f"{document.file_name} · {words.short_day(document.supplied_at)}")
            for document in state.reusable
        ],
        upload_url=reverse("applications:material_add", args=[application.pk]) + back if state.may_edit else "",
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
            item=_for_items(catalogue, point.items, total=total),
            light=Light.DONE if point.mended_at else Light.NO,
            state_words=_("已改，待核对") if point.mended_at else _("还没改"),
            url="" if point.mended_at else f"#{_anchor(point)}",
            url_label=_("去改"),
        )
        for point in points
    ]


def _slot_problem(state: queries.SlotState, *, with_check: bool) -> str:
    if state.point and not state.point.mended_at:
        return state.point.problem
    return state.slot.remark if with_check else ""


def _slot_state(state: queries.SlotState, *, with_check: bool) -> tuple[work.SlotState, str]:
    found_wrong = with_check and state.slot.verdict == Verdict.WRONG
    if found_wrong or (state.point and not state.point.mended_at and state.files):
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


def _for_items(catalogue: Catalogue, items: Sequence[str], *, total: int) -> str:
    if total > 1 and len(items) >= total:
        return _("全部事项")
    return _("、").join(catalogue.items[item].name for item in items)


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
    return SOURCES.get(source, ui.Source.APPLICANT)


def _reused_words(document: Any) -> str:
    day = words.short_day(document.supplied_at)
    if document.number:
        return _("%(number)s，%(day)s") % {"number": document.number, "day": day}
    return _("项目已有，%(day)s") % {"day": day}


def _anchor(point: CorrectionPoint) -> str:
    return f"{point.field}-field" if point.field else f"slot-{point.slot_id}"
