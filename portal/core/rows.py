"""Several rows of several tables in one statement, where an act writes a little in many places.

PostgreSQL carries out the parts of a `WITH` together: they do not see each other's rows, so no row may be in it twice
and nothing in it may rest on another part but by a foreign key. Model.save() stays the way for everything
that is not written ten times a second.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Field, JSONField, Model

from portal.core.prepared import planned

Row = TypeVar("Row", bound=Model)


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

    def add(self, other: "Changes") -> None:
        """Take over what another one was about to write."""
        for rows in other._inserts.values():
            self.insert(*rows)
        for row, fields in other._updates:
            self.update(row, fields)
        self._deletes += other._deletes
        other.clear()

    def __bool__(self) -> bool:
        return bool(self._inserts or self._updates or self._deletes)

    def write(self) -> None:
        """Send everything as one statement, and nothing twice."""
        if not self:
            return
        parts, params = self.parts()
        sql = f"WITH {parts} SELECT {self.keys() or '1'}"
        with connection.cursor() as cursor, planned(sql, values=len(params)) as text:
            cursor.execute(text, params)
            self.landed(cursor.fetchone())

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
            sets = []
            for field in _fields(row, names):
                sql, values = self._value(row, field)
                sets.append(f'"{field.column}" = {sql}')
                params += values
            table, key = row._meta.db_table, _key(type(row)).column
            parts.append(f'u{n} AS (UPDATE "{table}" SET {", ".join(sets)} WHERE {key} = %s)')  # noqa: S608  names only
            params.append(row.pk)
        for n, (gone, columns) in enumerate(self._deletes):
            where = " AND ".join(f'"{column}" = %s' for column in columns)
            parts.append(f'd{n} AS (DELETE FROM "{gone._meta.db_table}" WHERE {where})')  # noqa: S608  names only
            params += columns.values()
        return ", ".join(parts), params

    def keys(self) -> str:
        """Return the expressions that tell the keys of the new rows, to be selected after the parts."""
        return ", ".join(f"ARRAY(SELECT {_key(model).column} FROM i{n})" for n, model in enumerate(self._inserts))  # noqa: S608  names only

    def landed(self, keys: Sequence[Any]) -> None:
        """Give the new rows their keys, and what points to them too; then forget everything."""
        for numbers, rows in zip(keys, self._inserts.values(), strict=False):
            for number, row in zip(numbers, rows, strict=True):
                row.pk = number
                row._state.adding = False
                row._state.db = DEFAULT_DB_ALIAS
        for row, names in self._updates:
            for field in _fields(row, names):
                target = self._new_target(row, field)
                if target is not None:
                    setattr(row, field.attname, target.pk)
        self.clear()

    def _value(self, row: Model, field: "Field[Any, Any]") -> tuple[str, list[Any]]:
        """Return a column's new value; a key of a row that comes into being in the same statement is asked there."""
        target = self._new_target(row, field)
        if target is None:
            return "%s", _values(row, [field])
        number = list(self._inserts).index(type(target))
        return f"(SELECT {_key(type(target)).column} FROM i{number})", []  # noqa: S608  names only

    def _new_target(self, row: Model, field: "Field[Any, Any]") -> Model | None:
        if not field.is_relation or field.name not in row._state.fields_cache:
            return None
        target = row._state.fields_cache[field.name]
        if target is None or not any(target is new for new in self._inserts.get(type(target), ())):
            return None
        if len(self._inserts[type(target)]) > 1:
            raise ValueError(f"which {type(target).__name__} is meant, only its key can tell: write it first")
        return target


def _fields(row: Model, names: Iterable[str]) -> "list[Field[Any, Any]]":
    return [row._meta.get_field(name) for name in names]  # type: ignore[misc]


def insert_sql(model: type[Model], rows: Iterable[Model]) -> tuple[str, list[Any]]:
    """Return an INSERT of rows without their generated keys, and its parameters."""
    into, fields = _columns(model)
    params: list[Any] = []
    places: list[str] = []
    for row in rows:
        params += _values(row, fields)
        places.append(_PLACES[len(fields)])
    return f"INSERT INTO {into} VALUES {', '.join(places)}", params  # noqa: S608  names only


@cache
def _columns(model: type[Model]) -> "tuple[str, list[Field[Any, Any]]]":
    """Return the table with its columns, and their fields."""
    fields = [field for field in model._meta.concrete_fields if not _is_generated(field)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'"{model._meta.db_table}" ({columns})', fields


def insert(*rows: Model) -> None:
    """Insert new rows of one or several models, none of which refers to another; one statement."""
    changes = Changes()
    changes.insert(*rows)
    changes.write()


def insert_new(rows: Sequence[Row], *, unique: Collection[str]) -> list[Row]:
    """Insert the rows that are not there yet by their unique fields, and return those; one statement."""
    if not rows:
        return []
    model = type(rows[0])
    sql, params = insert_sql(model, rows)
    keys = [model._meta.get_field(name) for name in unique]
    columns = ", ".join(f'"{field.column}"' for field in keys)  # type: ignore[union-attr]
    sql += f" ON CONFLICT ({columns}) DO NOTHING RETURNING {_key(model).column}, {columns}"
    with connection.cursor() as cursor, planned(sql, values=len(params)) as text:
        cursor.execute(text, params)
        added = {tuple(values): pk for pk, *values in cursor.fetchall()}
    fresh = []
    for row in rows:
        pk = added.get(tuple(getattr(row, field.attname) for field in keys))  # type: ignore[union-attr]
        if pk is not None:
            row.pk, row._state.adding, row._state.db = pk, False, DEFAULT_DB_ALIAS
            fresh.append(row)
    return fresh


_AS_THEY_ARE = (str, int, date, type(None))
_IN_THEIR_OWN_FORM = (JSONField, ArrayField)


class _Places(dict[int, str]):
    """(%s, %s, …) by length."""

    def __missing__(self, length: int) -> str:
        self[length] = f"({', '.join(['%s'] * length)})"
        return self[length]


_PLACES = _Places()


def _values(row: Model, fields: "Iterable[Field[Any, Any]]") -> list[Any]:
    """Return values as the driver takes them: most are what they are, and to ask each field takes longer."""
    values = []
    for field in fields:
        value = getattr(row, field.attname)
        if not isinstance(value, _AS_THEY_ARE) or isinstance(field, _IN_THEIR_OWN_FORM):
            value = field.get_db_prep_save(value, connection)
        values.append(value)
    return values


def _is_generated(field: "Field[Any, Any]") -> bool:
    return field.primary_key and field.get_internal_type() == "BigAutoField"


def _key(model: type[Model]) -> "Field[Any, Any]":
    key = model._meta.pk
    if key is None:
        raise TypeError(f"{model} has no key")
    return key
