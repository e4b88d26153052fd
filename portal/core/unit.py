"""One operation = one transaction, with its audit events and outbox messages written at its end.

Writing them last keeps the order of locks the same everywhere (business rows first, chain heads last,
sorted), so that two operations on one project cannot wait for each other in a circle, and lets one
statement carry all events of an operation.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from portal.core.audit import Entry
    from portal.core.outbox import Message


@dataclass(slots=True)
class Book:
    """What an operation has said so far."""

    entries: "list[Entry]" = field(default_factory=list)
    messages: "list[Message]" = field(default_factory=list)


_book: ContextVar[Book | None] = ContextVar("operation_book", default=None)


def book() -> Book:
    """Return the running operation's book.

    :raises RuntimeError: audit or outbox was used outside `operation()`
    """
    running = _book.get()
    if running is None:
        raise RuntimeError("audit events and outbox messages belong into a `with operation():` block")
    return running


@contextmanager
def operation() -> Iterator[None]:
    """Open the transaction of an operation; inside another operation, join it as a savepoint."""
    from portal.core import audit, outbox

    outer = _book.get()
    if outer is not None:
        marks = len(outer.entries), len(outer.messages)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            # the savepoint's rows are gone, so must be what was said about them
            del outer.entries[marks[0] :]
            del outer.messages[marks[1] :]
            raise
        return
    running = Book()
    token = _book.set(running)
    try:
        with transaction.atomic():
            yield
            outbox.flush(running.messages)
            audit.flush(running.entries)
    finally:
        _book.reset(token)
