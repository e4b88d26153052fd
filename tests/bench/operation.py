"""What every act costs at least: one transaction with one audit event and one outbox message."""

import json
from collections.abc import Iterator

import psycopg2
from django.db import connection

from portal.core import audit, clock, outbox
from portal.core.actor import Actor
from portal.core.unit import operation
from tests.bench.measure import Measurement, seconds, statements

N = 500
STREAM = "bench"
ACTOR = Actor.system("bench")


def act() -> None:
    """Write one event and one message through the portal."""
    with operation():
        audit.record(stream=STREAM, action="bench.act.done", actor=ACTOR, at=clock.now(), subject=("bench", 1))
        outbox.emit("bench.act.done", at=clock.now(), id=1)


def plain_acts() -> float:
    """Return how long the same rows take without Django: message, locked head, event, new head, commit."""
    session = psycopg2.connect(**connection.get_connection_params())
    now = clock.now()
    digest = "0" * 64

    def plain() -> None:
        with session, session.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_outboxmessage (topic, payload, created_at, next_try_at, attempts, last_error) "
                "VALUES ('bench.act.done', %s, %s, %s, 0, '') RETURNING id",
                [json.dumps({"id": 1}), now, now],
            )
            cursor.execute(
                "INSERT INTO core_audithead (stream, number, digest) VALUES ('plain', 0, '') "
                "ON CONFLICT (stream) DO UPDATE SET number = core_audithead.number RETURNING number"
            )
            number = cursor.fetchone()[0] + 1
            cursor.execute(
                "INSERT INTO core_auditevent (stream, number, action, at, recorded_at, actor_id, actor_name, "
                "subject_type, subject_id, data, previous_digest, digest) "
                "VALUES ('plain', %s, 'bench.act.done', %s, %s, NULL, 'bench', 'bench', '1', '{}', %s, %s) "
                "RETURNING id",
                [number, now, now, digest, digest],
            )
            cursor.execute(
                "UPDATE core_audithead SET number = %s, digest = %s WHERE stream = 'plain'", [number, digest]
            )

    try:
        return seconds(plain, n=N)
    finally:
        session.close()


def run() -> Iterator[Measurement]:
    """Measure operations per second in one process."""
    act()
    with statements() as seen:
        act()
    floor = N / plain_acts()
    yield Measurement("operation", "operations_per_s", N / seconds(act, n=N), "1/s", N, floor=floor, sql=len(seen))
