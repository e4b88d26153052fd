"""Upward news: a lower slice announces, a higher slice reacts in its `handlers.py`.

A message is written in the transaction that made it true and delivered at least once afterwards: nudged
on commit, drained by the beat. A handler's own effects and its HandledMessage row are one transaction,
so a message delivered twice changes nothing the second time.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from portal.core import unit
from portal.core.models import HandledMessage, OutboxMessage
from portal.core.rows import Changes

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any], datetime], None]

#: a message that failed this often waits for a person (supervision shows it)
MAX_ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)

_handlers: dict[str, dict[str, Handler]] = {}
_hushed: ContextVar[bool] = ContextVar("outbox_hushed", default=False)


@dataclass(frozen=True, slots=True)
class Message:
    """News on its way into the table."""

    topic: str
    payload: dict[str, Any]
    at: datetime


def emit(topic: str, *, at: datetime, **payload: Any) -> None:
    """Announce that something has happened, when the running operation commits.

    :param topic: `slice.noun.past_verb`
    :param payload: ids and plain values only; whoever handles the news asks for the rest itself
    """
    unit.book().messages.append(Message(topic, payload, at))


def flush(messages: Sequence[Message], changes: Changes) -> None:
    """Add the messages of an operation to what it is about to write; called by `unit.operation` at its end."""
    if not messages:
        return
    changes.insert(
        *(OutboxMessage(topic=m.topic, payload=m.payload, created_at=m.at, next_try_at=m.at) for m in messages)
    )
    if settings.OUTBOX_NUDGE and not _hushed.get():
        transaction.on_commit(import_string(settings.OUTBOX_NUDGE))


@contextmanager
def hushed() -> Iterator[None]:
    """Wake no worker for what is announced meanwhile, as when history is written and drained at its own time."""
    token = _hushed.set(True)
    try:
        yield
    finally:
        _hushed.reset(token)


def handler(topic: str, *, name: str) -> Callable[[Handler], Handler]:
    """Register a function `(payload, at)` for a topic under a lasting name.

    The name is stored with each handled message: renaming it makes old messages run again.
    """

    def register(function: Handler) -> Handler:
        taken = _handlers.setdefault(topic, {}).setdefault(name, function)
        if taken is not function:
            raise RuntimeError(f"two handlers are called {name}")
        return function

    return register


def handled_topics() -> Mapping[str, Mapping[str, Handler]]:
    """Return topic -> name -> handler."""
    return _handlers


def drain(*, at: datetime, limit: int = 200) -> int:
    """Deliver up to `limit` due messages, oldest first, and return how many were taken.

    Runs beside itself: a message that another drain holds is skipped.
    """
    taken = 0
    while taken < limit:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True)
                .filter(done_at__isnull=True, abandoned_at__isnull=True, next_try_at__lte=at)
                .order_by("next_try_at", "id")
                .first()
            )
            if message is None:
                break
            _deliver(message, at)
        taken += 1
    return taken


def _deliver(message: OutboxMessage, at: datetime) -> None:
    failures: list[str] = []
    for name, function in _handlers.get(message.topic, {}).items():
        if HandledMessage.objects.filter(message=message, handler=name).exists():
            continue
        try:
            with transaction.atomic():
                function(dict(message.payload), at)
                HandledMessage.objects.create(message=message, handler=name, handled_at=at)
        except Exception as error:  # a queue must outlive any fault of a handler; the fault is kept and retried
            logger.exception("outbox handler failed", extra={"topic": message.topic, "handler": name})
            failures.append(f"{name}: {type(error).__name__}: {error}"[:500])
    message.attempts += 1
    message.last_error = "\n".join(failures)
    if not failures:
        message.done_at = at
    elif message.attempts >= MAX_ATTEMPTS:
        message.abandoned_at = at
    else:
        message.next_try_at = at + min(FIRST_DELAY * 2 ** (message.attempts - 1), LONGEST_DELAY)
    message.save(update_fields=["attempts", "last_error", "done_at", "abandoned_at", "next_try_at"])
