"""Moving a row from state to state: the only way a state changes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from portal.core import audit, outbox
from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.rows import Changes


class Stateful(Protocol):
    """What `move` needs of a model."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]]
    state: str
    pk: Any

    @property
    def audit_stream(self) -> str: ...

    def get_state_display(self) -> str: ...

    def save(self, *args: Any, **kwargs: Any) -> None: ...


Row = TypeVar("Row", bound=Any)


class TransitionRefused(Conflict):
    """The row's state does not allow this step; somebody was quicker or the page is old."""

    code = "state"
    message = _("这一步已经办过，或者现在的状态不允许办理。请刷新页面看最新状态。")


def require_move(row: Stateful, *, to: str) -> None:
    """Check that a step is in the row's table.

    :raises TransitionRefused: it is not
    """
    if to not in row.TRANSITIONS.get(row.state, frozenset()):
        raise TransitionRefused(fields={"state": row.state, "to": str(to)})


def require_from(row: Any, *states: str, to: str) -> None:
    """Check that a verb begins where it may: the table alone does not tell two verbs apart that lead to one state.

    :raises TransitionRefused: the row is in another state
    """
    if row.state not in states:
        raise TransitionRefused(fields={"state": row.state, "to": str(to)})


def move(
    row: Row,
    *,
    to: str,
    actor: Actor,
    at: datetime,
    topic: str,
    data: Mapping[str, Any] | None = None,
    fields: Collection[str] = (),
    changes: Changes | None = None,
) -> Row:
    """Change a locked row's state, save it with the named fields, write the audit event and the message.

    :param topic: `slice.noun.past_verb`; also the audit action
    :param data: what the audit keeps besides from and to
    :param fields: other fields of the row that were set before
    :param changes: what the caller writes himself in one statement; the row is saved with it
    :raises TransitionRefused: the step is not in the row's table
    """
    require_move(row, to=to)
    before = row.state
    row.state = to
    if changes is None:
        row.save(update_fields=["state", *fields])
    else:
        changes.update(row, ["state", *fields])
    audit.record(
        stream=row.audit_stream,
        action=topic,
        actor=actor,
        at=at,
        subject=(row._meta.label_lower, row.pk),
        data={"from": str(before), "to": str(to), **(data or {})},
    )
    outbox.emit(topic, at=at, id=row.pk)
    return row
