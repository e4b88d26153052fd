"""Pages of a long list by key, not by number: no count, no offset, the last page costs what the first does."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursors of its neighbours; '' where there is none."""

    items: list[Row]
    next: str = ""
    previous: str = ""


def page(rows: QuerySet[Row], *, by: Sequence[str], cursor: str = "", size: int = SIZE) -> Page[Row]:
    """Return the page a cursor points to, or the first one for a blank or broken cursor.

    :param by: fields of the row that order the list and together are unique, e.g. ("-created_at", "-id");
        none of them may be null
    """
    position = _read(cursor, len(by))
    backwards = position is not None and position[0]
    order = [_turned(name) for name in by] if backwards else list(by)
    chosen = rows.order_by(*order)
    if position is not None:
        try:
            chosen = chosen.filter(_after(order, position[1]))
            found = list(chosen[: size + 1])
        except (ValidationError, ValueError, TypeError):  # values of another list's cursor
            return page(rows, by=by, size=size)
    else:
        found = list(chosen[: size + 1])
    if position is None:
        return first(found, by=by, size=size)
    more = len(found) > size
    items = found[:size]
    if backwards:
        items.reverse()
    return Page(
        items=items,
        next=_write(items[-1], by, backwards=False) if items and (more or backwards) else "",
        previous=_write(items[0], by, backwards=True) if items and (more or not backwards) else "",
    )


def first(found: Sequence[Row], *, by: Sequence[str], size: int = SIZE) -> Page[Row]:
    """Return the first page from its rows in their order, with one more where there is a next one."""
    items = list(found[:size])
    return Page(items=items, next=_write(items[-1], by, backwards=False) if len(found) > size else "")


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Keep what comes behind the values in this order: (a, b) > (x, y) spelt for the database."""
    condition = Q()
    for depth, name in enumerate(order):
        operator = "lt" if name.startswith("-") else "gt"
        step = Q(**{f"{name.lstrip('-')}__{operator}": values[depth]})
        for before in range(depth):
            step &= Q(**{order[before].lstrip("-"): values[before]})
        condition |= step
    return condition


def _write(row: Model, by: Sequence[str], *, backwards: bool) -> str:
    values = [getattr(row, name.lstrip("-")) for name in by]
    text = json.dumps([int(backwards), *values], cls=_Exact, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class _Exact(DjangoJSONEncoder):
    """Keeps the microseconds that Django's own encoder drops; a cursor has to hit its row."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _read(cursor: str, length: int) -> tuple[bool, list[Any]] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(values, list) or len(values) != length + 1 or values[0] not in (0, 1):
        return None
    return bool(values[0]), values[1:]
