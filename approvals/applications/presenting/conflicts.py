"""What was sent and not kept, in words: it stays before the writer's eyes until he has decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from approvals.applications import queries
from approvals.applications.operations import Clash
from approvals.applications.presenting.fields import field_view, inputs_of, version_name
from approvals.applications.presenting.reading import value_words
from approvals.oneform import problems
from approvals.oneform.prefill import Filled
from portal.ui.fields import FieldView


@dataclass(frozen=True)
class ClashView:
    """A field two people have changed: both texts, and what to send to keep one's own."""

    id: str
    label: str
    author: str
    at: datetime | None
    theirs: str
    mine: str
    #: names and values of the hidden inputs of “用我的”, with the version that has now been seen
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class UnsavedView:
    """A field that could not be changed: what was typed, beside what stands."""

    id: str
    label: str
    now: str
    mine: str
    problem: str


def clash_views(state: queries.FormState, clashes: Iterable[Clash], data: Mapping[str, Any]) -> list[ClashView]:
    """Give both sides of each clash.

    :param data: the inputs as they were sent
    """
    return [
        ClashView(
            id=clash.field,
            label=state.filled[clash.field].field.label,
            author=clash.author,
            at=clash.at,
            theirs=shown_words(state, clash.field, clash.theirs),
            mine=shown_words(state, clash.field, clash.mine),
            inputs=(
                *inputs_of(state.spec.fields[clash.field], data).items(),
                (version_name(clash.field), clash.version),
            ),
        )
        for clash in clashes
    ]


def clash_answer(state: queries.FormState, clash: Clash, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give a clash as the autosave script reads it: both texts, and the inputs as they would show theirs."""
    (view,) = clash_views(state, [clash], data)
    return {
        "author": view.author,
        "at": view.at,
        "theirs": view.theirs,
        "mine": view.mine,
        "version": clash.version,
        "inputs": _inputs_shown(field_view(state, state.filled[clash.field])),
    }


def unsaved_views(
    state: queries.FormState, raw: Mapping[str, Any], problem_of: Mapping[str, str], *, otherwise: str = ""
) -> list[UnsavedView]:
    """Give what was typed differently from what stands, with why it was not kept.

    :param otherwise: the reason for fields that have none of their own; empty leaves them out
    """
    return [
        UnsavedView(
            id=field,
            label=state.filled[field].field.label,
            now=shown_words(state, field, state.filled[field].shown),
            mine=shown_words(state, field, value),
            problem=problem_of.get(field, otherwise),
        )
        for field, value in raw.items()
        if (field in problem_of or otherwise)
        and shown_words(state, field, value) != shown_words(state, field, state.filled[field].shown)
    ]


def shown_words(state: queries.FormState, field: str, shown: Any) -> str:
    """Write what stands or stood in a field, also when it could not be taken."""
    judged = problems.clean(state.spec, field, shown)
    if not isinstance(judged, problems.Problem):
        return value_words(state, Filled(state.spec.fields[field], judged))
    return shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)


def _inputs_shown(view: FieldView) -> dict[str, str]:
    """Name the inputs of a field with what they show; nothing for a table, which has as many as it has rows."""
    match view.type:
        case "daterange":
            return dict(zip((f"{view.id}_from", f"{view.id}_to"), view.pair, strict=True))
        case "lonlat":
            return dict(zip((f"{view.id}_lon", f"{view.id}_lat"), view.pair, strict=True))
        case "table":
            return {}
        case "bool":
            return {view.id: view.shown.lower()}
    return {view.id: view.shown}
