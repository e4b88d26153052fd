"""Features into PostgreSQL by binary COPY, sent by a thread of its own while the next ones are read."""

from __future__ import annotations

import contextlib
import io
import queue
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import connection

from blueprint.geometry.reading import CleanBatch
from blueprint.geometry.shapes import Attributes
from blueprint.layers.models import Feature

#: as they are written by `_row`
COLUMNS = (
    "edition_id",
    "index",
    "fid",
    "name",
    "use",
    "far",
    "density",
    "green",
    "height",
    "project_code",
    "related_codes",
    "declared_m2",
    "area_m2",
    "geom",
)
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = struct.pack(">h", -1)
ABSENT, EMPTY = struct.pack(">i", -1), bytes(4)
VARCHAR = 1043
NO_WORDS = struct.pack(">iiii", 12, 0, 0, VARCHAR)
#: batches that wait to be sent
WAITING = 2
_HEAD = struct.Struct(">hiqii")
_LENGTH = struct.Struct(">i")
_NUMBER = struct.Struct(">id")


class Sender:
    """Takes batches and sends them; what PostgreSQL says against them is raised where the next batch is given.

    A batch is a statement of its own, and foreign keys are looked after with each: a million of them would have to be
    kept in mind until the end of the transaction, and looked after while nothing else is to do.
    """

    def __init__(self, edition_id: int) -> None:
        self._edition_id = edition_id
        self._queue: queue.Queue[bytes | None] = queue.Queue(WAITING)
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._send, name="copy", daemon=True)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self._session = connection.connection
        self._thread.start()

    def put(self, batch: CleanBatch) -> None:
        """Hand over a batch."""
        if len(batch):
            rows = zip(batch.index.tolist(), batch.attributes, batch.area.tolist(), batch.outlines.wkb(), strict=True)
            self._give(b"".join((SIGNATURE, *(_row(self._edition_id, *row) for row in rows), END)))

    def close(self) -> None:
        """Wait until everything is stored."""
        self._give(None)
        self._thread.join()
        self._raise_fault()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def abort(self) -> None:
        """Stop; the transaction is lost."""
        self._fault = self._fault or Aborted()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._queue.put(None, timeout=0.1)
            self._thread.join(timeout=0.1)

    def _give(self, content: bytes | None) -> None:
        while True:
            self._raise_fault()
            with contextlib.suppress(queue.Full):
                self._queue.put(content, timeout=1)
                return

    def _raise_fault(self) -> None:
        if self._fault is not None:
            with connection.wrap_database_errors:
                raise self._fault

    def _send(self) -> None:
        columns = ", ".join(f'"{column}"' for column in COLUMNS)
        statement = f"COPY {Feature._meta.db_table} ({columns}) FROM STDIN WITH (FORMAT binary)"
        try:
            with self._session.cursor() as cursor:
                while self._fault is None and (content := self._queue.get()) is not None:
                    cursor.copy_expert(statement, io.BytesIO(content), size=1 << 20)
        except psycopg2.Error as fault:
            self._fault = self._fault or fault


class Aborted(RuntimeError):
    """Nothing more is to be sent."""


@contextmanager
def sender(edition_id: int) -> Iterator[Sender]:
    """Open the way into the table of features, inside a transaction; at the end everything is stored or nothing."""
    sending = Sender(edition_id)
    try:
        yield sending
        sending.close()
    finally:
        sending.abort()


def _row(edition_id: int, index: int, said: Attributes, area: float, wkb: memoryview) -> bytes:
    return b"".join(
        (
            _HEAD.pack(len(COLUMNS), 8, edition_id, 4, index),
            _text(said.fid or str(index)),
            _text(said.name),
            _text(said.use),
            _number(said.far),
            _number(said.density),
            _number(said.green),
            _number(said.height),
            _text(said.project_code),
            _words(said.related_codes),
            _number(said.declared_m2),
            _number(area),
            _LENGTH.pack(len(wkb)),
            wkb,
        )
    )


def _text(value: str | None) -> bytes:
    if not value:
        return EMPTY
    content = value.encode()
    return _LENGTH.pack(len(content)) + content


def _number(value: float | None) -> bytes:
    return ABSENT if value is None else _NUMBER.pack(8, value)


def _words(values: tuple[str, ...]) -> bytes:
    if not values:
        return NO_WORDS
    content = struct.pack(">iiiii", 1, 0, VARCHAR, len(values), 1) + b"".join(map(_text, values))
    return _LENGTH.pack(len(content)) + content
