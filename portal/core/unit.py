"""One operation = one transaction, with its audit events and outbox messages written at its end.

Writing them last keeps the order of locks the same everywhere (business rows first, chain heads last,
sorted), so that two operations on one project cannot wait for each other in a circle, and lets two
statements carry everything an operation has said, whatever it did.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from portal.core.rows import Changes

if TYPE_CHECKING:
    from portal.core.audit import Entry
    from portal.core.outbox import Message


@dataclass(slots=True)
class Book:
    """What an operation has said so far."""

    entries: "list[Entry]" = field(default_factory=list)
    messages: "list[Message]" = field(default_factory=list)
    #: rows that nothing in the rest of the operation reads, sent with its last statements
    changes: Changes = field(default_factory=Changes)


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
    """Open the transaction of an operation; inside another operation, join it.

    What fails inside an operation fails it as a whole. Whoever wants to go on after a refusal says so by a savepoint
    of his own, `attempt()`.
    """
    if _book.get() is not None:
        with transaction.atomic(savepoint=False):
            yield
            # whoever called may read what this one wrote
            book().changes.write()
        return
    running = Book()
    token = _book.set(running)
    try:
        with transaction.atomic():
            yield
            _close(running)
    finally:
        _book.reset(token)


@contextmanager
def attempt() -> Iterator[None]:
    """Open a savepoint inside an operation: what fails in it, may be caught outside, and is gone without a trace."""
    running = book()
    running.changes.write()
    marks = len(running.entries), len(running.messages)
    try:
        with transaction.atomic():
            yield
            running.changes.write()
    except BaseException:
        # the savepoint's rows are gone, so must be what was said about them
        del running.entries[marks[0] :]
        del running.messages[marks[1] :]
        running.changes.clear()
        raise


@contextmanager
def joined() -> Iterator[None]:
    """Run in the transaction that is open, else in one of its own: for verbs that say nothing in the book."""
    if transaction.get_connection().in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def _close(running: Book) -> None:
    """Write what the operation has said: the messages with what is left of its rows, then the links of the chains."""
    from portal.core import audit, outbox

    outbox.flush(running.messages, running.changes)
    audit.flush(running.entries, running.changes)
