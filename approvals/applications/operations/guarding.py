"""What stands between what was sent and what is kept: the limits of a correction, and somebody who was quicker."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.applications import queries
from approvals.applications.models import Application
from approvals.applications.operations.mending import NotToMend
from approvals.oneform import problems
from approvals.oneform.prefill import Filled
from approvals.oneform.versions import version_of
from portal.core.errors import Conflict

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Clash:
    """One field that somebody else has changed since the writer read it."""

    field: str
    theirs: Any
    """What the field shows now."""
    mine: Any
    """What was sent, cleaned where it could be."""
    version: str
    """The mark of what the field shows now; sending it back says: I have seen it."""
    author: str = ""
    """Empty when the new value came from the project and not from this form."""
    at: datetime | None = None


class EditedMeanwhile(Conflict):
    """Somebody changed a field after the writer had read it; nothing was saved."""

    code = "edited_meanwhile"
    message = gettext_lazy("有人先改过。您的改动没有保存也没有丢，请看差别，再决定用谁的。")

    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(fields={clash.field: _("有人先改过这一项。") for clash in clashes})


def require_open_fields(state: queries.FormState, values: Mapping[str, Any]) -> None:
    """Refuse to change a field that the correction notice has not opened; sending it unchanged is no change.

    What an authority has delivered is passed over here: it stays as delivered in every state.
    :raises NotToMend: with one sentence per field
    """
    closed = [
        field
        for field, raw in values.items()
        if not state.filled[field].read_only and not state.may_edit(field) and _changes(state, field, raw)
    ]
    if closed:
        said = _("这一项不在补正范围内，没有改动。请只补告知书上列出的内容。")
        raise NotToMend(fields=dict.fromkeys(closed, said))


def without_lost_updates(
    application: Application, state: queries.FormState, values: Mapping[str, Any], versions: Mapping[str, str]
) -> dict[str, Any]:
    """Keep what may be written over the present values.

    What the writer sends back as he had read it is left out, so that it undoes nobody's change. A field without a
    version is written as it is.
    :param application: locked
    :param versions: field -> mark of what the writer had read
    :raises EditedMeanwhile: he has changed what somebody else had changed before him
    """
    kept = {}
    clashing = {}
    for field, raw in values.items():
        filled, read = state.filled[field], versions.get(field)
        if read is None or read == filled.version or filled.read_only:
            kept[field] = raw
            continue
        mine = _cleaned(state, field, raw)
        if version_of(mine) != read and version_of(mine) != filled.version:
            clashing[field] = mine
    if clashing:
        raise EditedMeanwhile(_clashes(application, state, clashing))
    return kept


def storable(typed: Any) -> Any:
    """Return what was typed as PostgreSQL can keep it, with another control character in place of what it cannot.

    NUL and half of a surrogate pair have no place in its texts. What stands for them is refused just as they are.
    """
    if isinstance(typed, str):
        return _UNSTORABLE.sub("\x01", typed)
    if isinstance(typed, Mapping):
        return {storable(key): storable(value) for key, value in typed.items()}
    if isinstance(typed, list | tuple):
        return [storable(part) for part in typed]
    return typed


def _clashes(application: Application, state: queries.FormState, clashing: Mapping[str, Any]) -> list[Clash]:
    rows = {row.field: row for row in application.answers.filter(field__in=clashing)}
    found = []
    for field, mine in clashing.items():
        filled, row = state.filled[field], rows.get(field)
        is_shown = row is not None and filled.shown == (row.value if row.typed is None else row.typed)
        found.append(
            Clash(
                field=field,
                theirs=filled.shown,
                mine=mine,
                version=filled.version,
                author=row.changed_by if row is not None and is_shown else "",
                at=row.changed_at if row is not None and is_shown else None,
            )
        )
    return found


def _changes(state: queries.FormState, field: str, raw: Any) -> bool:
    filled: Filled = state.filled[field]
    return bool(_cleaned(state, field, raw) != filled.shown)


def _cleaned(state: queries.FormState, field: str, raw: Any) -> Any:
    """Return the value that was meant, or what was typed when it cannot be taken."""
    value = problems.clean(state.spec, field, raw)
    return raw if isinstance(value, problems.Problem) else value
