"""Features into PostgreSQL by binary COPY, sent by a thread of its own while the next ones are read."""

from __future__ import annotations

import contextlib
import queue
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import shapely
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
ABSENT = struct.pack(">i", -1)
VARCHAR = 1043
NO_WORDS = struct.pack(">iiii", 12, 0, 0, VARCHAR)
#: batches that wait to be sent
WAITING = 2
_HEAD = struct.Struct(">hiqii")
_LENGTH = struct.Struct(">i")
_NUMBER = struct.Struct(">id")


class Sender:
    """Takes batches and sends them; what PostgreSQL says against them is raised where the next batch is given."""

    def __init__(self, edition_id: int) -> None:
        self._edition_id = edition_id
        self._queue: queue.Queue[bytes | None] = queue.Queue(WAITING)
        self._fault: BaseException | None = None
        self._sent, self._at = SIGNATURE, 0
        self._thread = threading.Thread(target=self._send, name="copy", daemon=True)
        connection.ensure_connection()
        self._session = connection.connection
        self._thread.start()

    def put(self, batch: CleanBatch) -> None:
        """Hand over a batch."""
        wkb = shapely.to_wkb(batch.geometry)
        rows = zip(batch.index.tolist(), batch.attributes, batch.area.tolist(), wkb, strict=True)
        self._give(b"".join(_row(self._edition_id, *row) for row in rows))

    def close(self) -> None:
        """Send what is left and wait until it is stored."""
        self._give(END)
        self._give(None)
        self._thread.join()
        if self._fault is not None:
            with connection.wrap_database_errors:
                raise self._fault

    def abort(self) -> None:
        """Stop; the transaction is lost."""
        self._fault = self._fault or Aborted()
        while self._thread.is_alive():
            with contextlib.suppress(queue.Full):
                self._queue.put(None, timeout=0.1)
            self._thread.join(timeout=0.1)

    def _give(self, content: bytes | None) -> None:
        while True:
            if self._fault is not None:
                with connection.wrap_database_errors:
                    raise self._fault
            with contextlib.suppress(queue.Full):
                self._queue.put(content, timeout=1)
                return

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; called by the driver in the thread."""
        if self._at >= len(self._sent):
            content = self._queue.get()
            if isinstance(self._fault, Aborted):
                raise self._fault
            self._sent, self._at = content or b"", 0
        part = self._sent[self._at : self._at + size]
        self._at += len(part)
        return part

    def _send(self) -> None:
        columns = ", ".join(f'"{column}"' for column in COLUMNS)
        statement = f"COPY {Feature._meta.db_table} ({columns}) FROM STDIN WITH (FORMAT binary)"
        try:
            with self._session.cursor() as cursor:
                cursor.copy_expert(statement, self, size=1 << 20)
        except (psycopg2.Error, Aborted) as fault:
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


def _row(edition_id: int, index: int, said: Attributes, area: float, wkb: bytes) -> bytes:
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
    content = value.encode() if value else b""
    return _LENGTH.pack(len(content)) + content


def _number(value: float | None) -> bytes:
    return ABSENT if value is None else _NUMBER.pack(8, value)


def _words(values: tuple[str, ...]) -> bytes:
    if not values:
        return NO_WORDS
    content = struct.pack(">iiiii", 1, 0, VARCHAR, len(values), 1) + b"".join(map(_text, values))
    return _LENGTH.pack(len(content)) + content
