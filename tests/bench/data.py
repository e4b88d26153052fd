"""Rows by COPY: what a bench measures against is not made through the operations it measures."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

#: rows per COPY buffer: large enough to be quick, small enough to stay in memory
CHUNK = 50_000


def copy(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> int:
    """COPY rows, each a mapping of column name -> value, all with the same keys; returns how many."""
    stream = iter(rows)
    first = next(stream, None)
    if first is None:
        return 0
    columns = list(first)
    lines = (_line(row.values()) for row in _with_first(first, stream))
    return copy_lines(model, columns, lines)


def copy_lines(model: type[Model], columns: Iterable[str], lines: Iterable[str]) -> int:
    """COPY ready lines of text format: a million of them are made faster than a million mappings."""
    names = ", ".join(f'"{name}"' for name in columns)
    stream, total = iter(lines), 0
    with connection.cursor() as cursor:
        while chunk := list(islice(stream, CHUNK)):
            cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", io.StringIO("".join(chunk)))
            total += len(chunk)
    return total


def values_of(row: Model) -> dict[str, Any]:
    """Return a row as COPY takes it: column -> the value as the database gets it."""
    return {
        str(field.column): field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields
    }


@contextmanager
def unchecked() -> Iterator[None]:
    """Load without triggers and key checks; the private cluster's own role may ask for that."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def empty(*models: type[Model]) -> None:
    """Remove all rows of these tables and of what refers to them, and let ids begin again."""
    names = ", ".join(model._meta.db_table for model in models)
    with connection.cursor() as cursor, unchecked():
        cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER core_auditevent_no_truncate")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("ALTER TABLE core_auditevent ENABLE TRIGGER core_auditevent_no_truncate")


def settle_statistics(*models: type[Model]) -> None:
    """Let the planner know the new rows, and let no later vacuum fall into the measurement; ids go on behind them."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(f"VACUUM (FREEZE, ANALYZE) {table}")
            if model._meta.pk is not None and model._meta.pk.get_internal_type() == "BigAutoField":
                newest = f"(SELECT coalesce(max(id), 1) FROM {table})"
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {newest})")


def clones(
    rows: Iterable[Model], *, step: int, change: Callable[[dict[str, Any], int], None], n: int
) -> Iterator[dict[str, Any]]:
    """Give n copies of template rows; the k-th has ids raised by k * step, then `change(values, k)`.

    Foreign keys that stay inside the template are raised by `change`.
    """
    templates = [values_of(row) for row in rows]
    for k in range(1, n + 1):
        for template in templates:
            values = dict(template)
            if isinstance(values.get("id"), int):
                values["id"] += k * step
            change(values, k)
            yield values


def _with_first(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _line(values: Iterable[Any]) -> str:
    return "\t".join(text(value) for value in values) + "\n"


def text(value: Any) -> str:
    """Return a value as a line of COPY has it."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(f'"{each}"' for each in value) + "}"
    if hasattr(value, "dumps"):  # psycopg2's wrapper of JSON
        value = value.dumps(value.adapted)
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
