"""Answers and history in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from approvals.applications import queries
from approvals.applications.presenting.sources import boundary, column_words
from approvals.oneform.prefill import Filled
from portal.core.models import AuditEvent
from portal.ui import words
from projects.registry.queries import fact_text

#: rows of a table that are written out in one line of an extract
MAX_TABLE_ROWS = 20

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
        return _table_words(state, filled)
    if definition.type == "geometry":
        return boundary(filled.value)
    if definition.type == "daterange":
        return f"{filled.value['start']}—{filled.value['end']}"
    return fact_text(state.spec.catalogue, definition, filled.value)


def _table_words(state: queries.FormState, filled: Filled) -> str:
    """Write a table row by row, each cell with its heading; of a long one, the first rows and how many there are."""
    catalogue, columns = state.spec.catalogue, filled.field.definition.columns
    rows = [
        _("，").join(
            _("%(label)s：%(value)s")
            % {"label": column.label, "value": column_words(catalogue, column, row[column.id])}
            for column in columns
            if row.get(column.id) not in (None, "")
        )
        for row in filled.value[:MAX_TABLE_ROWS]
    ]
    text = _("；").join(f"{number}. {row}" for number, row in enumerate(rows, start=1)) if len(rows) > 1 else rows[0]
    more = len(filled.value) - len(rows)
    if more <= 0:
        return text
    return ngettext("%(rows)s；另有 %(n)d 行", "%(rows)s；另有 %(n)d 行", more) % {"rows": text, "n": more}


def history_lines(events: Sequence[AuditEvent]) -> list[HistoryLine]:
    """Say what happened to an application, newest first."""
    return [
        HistoryLine(at=event.at, actor=event.actor_name, words=str(_EVENT_WORDS[verb]))
        for event in events
        if (verb := event.action.rpartition(".")[2]) in _EVENT_WORDS
    ]
