"""Several rows of several tables in one statement, where an act writes a little in many places.

PostgreSQL carries out the parts of a `WITH` together: they do not see each other's rows, so no row may be in it twice
and nothing in it may rest on another part but by a deferred foreign key. Model.save() stays the way for everything
that is not written ten times a second.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Field, Model


class Changes:
    """What an act is about to write. Nothing is sent before `write()`."""

    def __init__(self) -> None:
        self._inserts: dict[type[Model], list[Model]] = defaultdict(list)
        self._updates: list[tuple[Model, tuple[str, ...]]] = []
        self._deletes: list[tuple[type[Model], Mapping[str, object]]] = []

    def insert(self, *rows: Model) -> None:
        """Add new rows; each gets its pk by `write()`."""
        for row in rows:
            self._inserts[type(row)].append(row)

    def update(self, row: Model, fields: Collection[str]) -> None:
        """Save these fields of a row; a second call for the row joins the first."""
        for index, (known, before) in enumerate(self._updates):
            if known is row:
                self._updates[index] = (row, tuple(dict.fromkeys((*before, *fields))))
                return
        self._updates.append((row, tuple(fields)))

    def delete(self, model: type[Model], **columns: object) -> None:
        """Delete the rows whose columns have these values; nothing may refer to them."""
        self._deletes.append((model, columns))

    def __bool__(self) -> bool:
        return bool(self._inserts or self._updates or self._deletes)

    def write(self) -> None:
        """Send everything as one statement, and nothing twice."""
        if not self:
            return
        parts, params = self.parts()
        numbers = ", ".join(_ids(n, model) for n, model in enumerate(self._inserts))
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {parts} SELECT {numbers or '1'}", params)
            found = cursor.fetchone()
        for keys, rows in zip(found, self._inserts.values(), strict=False):
            for key, row in zip(keys, rows, strict=True):
                row.pk = key
                row._state.adding = False
                row._state.db = connection.alias
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._inserts.clear()
        self._updates.clear()
        self._deletes.clear()

    def parts(self) -> tuple[str, list[Any]]:
        """Return the changes as parts of a WITH and their parameters."""
        parts: list[str] = []
        params: list[Any] = []
        for n, (model, rows) in enumerate(self._inserts.items()):
            sql, values = insert_sql(model, rows)
            parts.append(f"i{n} AS ({sql} RETURNING {_key(model).column})")
            params += values
        for n, (row, names) in enumerate(self._updates):
            fields = [row._meta.get_field(name) for name in names]
            sets = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
            table, key = row._meta.db_table, _key(type(row)).column
            parts.append(f'u{n} AS (UPDATE "{table}" SET {sets} WHERE {key} = %s)')  # noqa: S608  names of models, no values
            params += [*_values(row, fields), row.pk]  # type: ignore[arg-type]
        for n, (gone, columns) in enumerate(self._deletes):
            where = " AND ".join(f'"{column}" = %s' for column in columns)
            parts.append(f'd{n} AS (DELETE FROM "{gone._meta.db_table}" WHERE {where})')  # noqa: S608  names of models, no values
            params += columns.values()
        return ", ".join(parts), params


def insert_sql(model: type[Model], rows: Iterable[Model]) -> tuple[str, list[Any]]:
    """Return an INSERT of rows without their generated keys, and its parameters."""
    fields = [field for field in model._meta.concrete_fields if not _is_generated(field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    params: list[Any] = []
    places: list[str] = []
    for row in rows:
        params += _values(row, fields)
        places.append(_PLACES[len(fields)])
    table, values = model._meta.db_table, ", ".join(places)
    return f'INSERT INTO "{table}" ({columns}) VALUES {values}', params  # noqa: S608  names of models, no values


def _ids(n: int, model: type[Model]) -> str:
    return f"ARRAY(SELECT {_key(model).column} FROM i{n})"  # noqa: S608  names of models, no values


class _Places(dict[int, str]):
    """(%s, %s, …) by length."""

    def __missing__(self, length: int) -> str:
        self[length] = f"({', '.join(['%s'] * length)})"
        return self[length]


_PLACES = _Places()


def _values(row: Model, fields: "Iterable[Field[Any, Any]]") -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _is_generated(field: "Field[Any, Any]") -> bool:
    return field.primary_key and field.get_internal_type() == "BigAutoField"


def _key(model: type[Model]) -> "Field[Any, Any]":
    key = model._meta.pk
    if key is None:
        raise TypeError(f"{model} has no key")
    return key
