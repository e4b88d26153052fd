"""A GeoPackage: a table of an SQLite file, read row by row and never written to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from django.utils.translation import gettext_lazy as _

from blueprint.geometry import attributes, faults, systems
from blueprint.geometry.batch import SIZE, VERTICES, Batch
from blueprint.geometry.formats import wkb
from blueprint.geometry.source import Remarks

MAGIC = b"SQLite format 3\0"
#: bytes before the geometry itself, by the code of the envelope there
STARTS = {0: 8, 1: 40, 2: 56, 3: 56, 4: 72}
EMPTY_FLAG = 0x10
#: of a vertex
BYTES = 16

_LAYER = """
SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c
JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table' AND m.sql LIKE 'CREATE TABLE%'
WHERE c.data_type = 'features' ORDER BY c.rowid LIMIT 1
"""
_SYSTEM = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?"


class GeoPackage:
    """The first layer of a GeoPackage."""

    def __init__(self, path: Path, *, encoding: str | None = None) -> None:
        self.remarks = Remarks()
        self._encoding = encoding or "utf-8"
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
        if not head:
            raise faults.unusable(faults.EMPTY_FILE)
        if head != MAGIC:
            raise faults.unreadable(_("文件不是 GeoPackage。"))
        self._uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with self._connected() as database:
            found = database.execute(_LAYER).fetchone()
            if found is None:
                raise faults.unusable(faults.EMPTY_FILE)
            self._name, self._column, self._srs = found
            columns = database.execute(f"PRAGMA table_info({_quoted(self._name)})").fetchall()
        # the number of a row is the file's own affair, whatever its column is called
        self._columns = [row[1] for row in columns if not row[5] and row[1] != self._column]

    def declared_crs(self) -> int | None:
        """Return what the table of systems says of the layer's; undefined ones say nothing."""
        with self._connected() as database:
            found = database.execute(_SYSTEM, [self._srs]).fetchone()
        if found is None or self._srs in (0, -1):
            return None
        organization, number, definition = found
        if str(organization).casefold() == "epsg":
            return systems.accepted(int(number))
        return systems.from_wkt(definition or "")

    def batches(self) -> Iterator[Batch]:
        """Read the rows."""
        plan = attributes.plan(self._columns)
        wanted = ", ".join(map(_quoted, [*self._columns, self._column]))
        begin = 0
        rows: list[tuple[Any, ...]] = []
        size = 0
        with self._connected() as database:
            for row in database.execute(f"SELECT {wanted} FROM {_quoted(self._name)}"):  # noqa: S608 - quoted names
                rows.append(row)
                size += len(row[-1]) if isinstance(row[-1], bytes) else 0
                if len(rows) >= SIZE or size >= VERTICES * BYTES:
                    yield _batch(begin, plan, rows)
                    begin, rows, size = begin + len(rows), [], 0
        if not begin and not rows:
            raise faults.unusable(faults.EMPTY_FILE)
        if rows:
            yield _batch(begin, plan, rows)

    def _connected(self) -> _Reading:
        return _Reading(self._uri, self._encoding)


class _Reading:
    """A connection that reads only; whatever SQLite says of the file, it cannot be read."""

    def __init__(self, uri: str, encoding: str) -> None:
        try:
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._database.execute("PRAGMA trusted_schema = OFF")
            self._database.execute("PRAGMA query_only = ON")
        except sqlite3.Error:
            raise faults.unreadable(_("文件不是 GeoPackage。")) from None
        self._database.text_factory = lambda raw: raw.decode(encoding)

    def __enter__(self) -> sqlite3.Connection:
        return self._database

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with closing(self._database):
            if isinstance(error, sqlite3.Error):
                raise faults.unreadable(_("GeoPackage 已损坏或不完整。")) from error
            if isinstance(error, UnicodeDecodeError):
                raise faults.unreadable(_("属性的文字不是 UTF-8 编码。")) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _batch(begin: int, plan: attributes.Plan, rows: list[tuple[Any, ...]]) -> Batch:
    """Make a batch of rows, of which the last column is the geometry."""
    *columns, geometries = zip(*rows, strict=True)
    contents = [blob if isinstance(blob, bytes) else b"" for blob in geometries]
    starts = list(map(_start, contents))
    found = wkb.read(contents, starts)
    is_empty = [start > 0 and bool(content[3] & EMPTY_FLAG) for content, start in zip(contents, starts, strict=True)]
    no_geometry = [start < 0 and blob is not None for blob, start in zip(geometries, starts, strict=True)]
    batch = Batch(
        xy=found.xy,
        ring_at=found.ring_at,
        polygon_at=found.polygon_at,
        feature_at=found.feature_at,
        index=list(range(begin, begin + len(rows))),
        attributes=attributes.read_all(plan, columns, len(rows)),
        other=(found.other & ~np.array(is_empty)).tolist(),
        broken=(found.broken | np.array(no_geometry)).tolist(),
    )
    batch.mark_broken()
    return batch


def _start(blob: bytes) -> int:
    """Return where the well-known binary begins in a geometry of a GeoPackage; -1 if it is none."""
    if len(blob) < 8 or blob[:2] != b"GP":
        return -1
    return STARTS.get((blob[3] >> 1) & 7, -1)
