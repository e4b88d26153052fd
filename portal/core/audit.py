"""The append-only, hash-chained record of every act.

One chain per text stream: a project code, `pack`, `accounts`. A link's digest is SM3 over the digest of
the link before it and the event's own values, so a changed, removed or inserted row breaks the chain
(domain.md 8: 网络安全法第21条, GB/T 39786).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from portal.core import clock, unit
from portal.core.actor import Actor
from portal.core.models import AuditEvent, AuditHead
from portal.core.prepared import planned
from portal.core.rows import Changes


@dataclass(frozen=True, slots=True)
class Entry:
    """An event on its way into its chain."""

    stream: str
    action: str
    at: datetime
    actor_id: int | None
    actor_name: str
    subject_type: str
    subject_id: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: the number of the first bad link and what is wrong with it."""

    stream: str
    number: int
    reason: str


def record(
    *,
    stream: str,
    action: str,
    actor: Actor,
    at: datetime,
    subject: models.Model | tuple[str, object],
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append one event to a stream when the running operation ends.

    :param action: `slice.noun.past_verb`, as the outbox topics
    :raises RuntimeError: no operation is running
    """
    if isinstance(subject, models.Model):
        subject = (subject._meta.label_lower, subject.pk)
    # Through JSON and back now, so that the digest is computed over exactly what will be read again.
    plain = json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder, ensure_ascii=False))
    unit.book().entries.append(Entry(stream, action, at, actor.user_id, actor.name, subject[0], str(subject[1]), plain))


def digest(*, previous: str, number: int, recorded_at: datetime, entry: Entry) -> str:
    """Return the hex SM3 of one link."""
    values = [
        previous,
        entry.stream,
        number,
        entry.action,
        entry.at.astimezone(UTC).isoformat(),
        recorded_at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.actor_name,
        entry.subject_type,
        entry.subject_id,
        entry.data,
    ]
    state = hashes.Hash(hashes.SM3())
    state.update(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    return state.finalize().hex()


def flush(entries: Sequence[Entry], changes: Changes) -> None:
    """Write the events of an operation, each at the end of its stream, and before them what is left of its rows.

    Two statements: the first sends the changes and locks the heads, the second adds the links and moves the heads on.
    """
    if not entries:
        changes.write()
        return
    by_stream: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_stream[entry.stream].append(entry)
    # Heads are locked sorted by name: two operations over the same streams cannot wait in a circle.
    heads = _lock_heads(sorted(by_stream), changes)
    recorded_at = clock.now()
    links: list[Any] = []
    moved: list[Any] = []
    for stream, chain in by_stream.items():
        number, previous, last_at = heads[stream]
        for entry in chain:
            number += 1
            link = digest(previous=previous, number=number, recorded_at=recorded_at, entry=entry)
            links += [stream, number, entry.action, entry.at, recorded_at, entry.actor_id, entry.actor_name]
            links += [entry.subject_type, entry.subject_id, _json(entry.data), previous, link]
            previous = link
            # an act entered afterwards does not move the last one back
            last_at = max(last_at, entry.at) if last_at else entry.at
        moved += [stream, number, previous, last_at]
    events = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(entries))
    values = ", ".join(["(%s, %s::bigint, %s, %s::timestamptz)"] * len(heads))
    sql = (
        "WITH links AS (INSERT INTO core_auditevent (stream, number, action, at, recorded_at, actor_id, "  # noqa: S608  only placeholders
        f"actor_name, subject_type, subject_id, data, previous_digest, digest) VALUES {events}) "
        "UPDATE core_audithead AS head SET number = moved.number, digest = moved.digest, last_at = moved.last_at "
        f"FROM (VALUES {values}) AS moved (stream, number, digest, last_at) WHERE head.stream = moved.stream"
    )
    with connection.cursor() as cursor, planned(sql, values=len(links) + len(moved)) as text:
        cursor.execute(text, [*links, *moved])


def _lock_heads(streams: Sequence[str], changes: Changes) -> dict[str, tuple[int, str, datetime | None]]:
    """Create what is missing and lock the heads; the changes go along."""
    parts, params = changes.parts()
    keys = changes.keys()
    values = ", ".join(["(%s, 0, '')"] * len(streams))
    params += streams
    sql = (
        f"{f'WITH {parts} ' if parts else ''}"  # noqa: S608  only placeholders
        f"INSERT INTO core_audithead (stream, number, digest) VALUES {values} "
        "ON CONFLICT (stream) DO UPDATE SET number = core_audithead.number "
        f"RETURNING stream, number, digest, last_at{f', {keys}' if keys else ''}"
    )
    with connection.cursor() as cursor, planned(sql, values=len(params)) as text:
        cursor.execute(text, params)
        rows = cursor.fetchall()
    changes.landed(rows[0][4:])
    return {stream: (number, link, last_at) for stream, number, link, last_at, *_keys in rows}


def _json(data: dict[str, Any]) -> Any:
    return connection.ops.adapt_json_value(data, None)


def verify(stream: str) -> Break | None:
    """Walk a chain and return its first broken link, or None when every link holds."""
    previous, number = "", 0
    for event in AuditEvent.objects.filter(stream=stream).order_by("number").iterator(chunk_size=2000):
        if event.number != number + 1:
            return Break(stream, number + 1, "missing")
        number = event.number
        if event.previous_digest != previous:
            return Break(stream, number, "unlinked")
        entry = Entry(
            stream,
            event.action,
            event.at,
            event.actor_id,
            event.actor_name,
            event.subject_type,
            event.subject_id,
            event.data,
        )
        if digest(previous=previous, number=number, recorded_at=event.recorded_at, entry=entry) != event.digest:
            return Break(stream, number, "changed")
        previous = event.digest
    head = AuditHead.objects.filter(stream=stream).first()
    if head is None:
        return Break(stream, number, "no_head") if number else None
    if (head.number, head.digest) != (number, previous):
        return Break(stream, number + 1, "missing")
    return None


def streams() -> Iterator[str]:
    """Yield the name of every chain."""
    yield from AuditHead.objects.order_by("stream").values_list("stream", flat=True).iterator()


def history(stream: str) -> models.QuerySet[AuditEvent]:
    """Return a stream's events, newest first."""
    return AuditEvent.objects.filter(stream=stream).order_by("-number")
