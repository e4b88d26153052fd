"""Statements that are sent again and again: put together once, sent with other values.

The ORM needs longer to put a wide statement together than the database to answer it. Such a query stays an ordinary
one, written as a function of its values; only its SQL is kept. It is worth it where the same lines are passed ten times
for one act of a person, nowhere else.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)

#: stand for the values while the SQL is put together; no row has such numbers and days
NUMBER, ANOTHER_NUMBER = -987_654_321, -987_654_322
DAY = date(1, 2, 3)
MOMENT = datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)
_Value = int | date | datetime


#: the query, what reads its rows, its SQL and values, and how columns become values
_Kept = tuple[QuerySet[Row], SQLCompiler, str, tuple[Any, ...], dict[int, Any]]


class Prepared(Generic[Row]):
    """A query as a function of the values it is filtered by.

    :param build: called once, with a stand-in for each value; it may do nothing with them but filter
    :param marks: the stand-ins, each of the kind of its value
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], *, marks: tuple[_Value, ...] = (NUMBER,)) -> None:
        self._build = build
        self._marks = marks
        self._kept: _Kept[Row] | None = None

    def __call__(self, *values: _Value) -> list[Row]:
        """Return the rows for these values; one statement."""
        query, compiler, sql, params, converters = self._kept or self._put_together()
        meant = dict(zip(self._marks, values, strict=True))
        sent = tuple(meant.get(param, param) if isinstance(param, int | date) else param for param in params)
        again: Any = copy.copy(compiler)
        # the statement is every thread's, the connection its own
        again.connection = connections[DEFAULT_DB_ALIAS]
        again.as_sql = lambda *_args, **_kwargs: (sql, sent)
        again.get_converters = lambda _expressions: converters
        rows: Any = query.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: again
        return list(rows)

    def _put_together(self) -> _Kept[Row]:
        query = self._build(*self._marks)
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        if not all(mark in params for mark in self._marks):
            raise TypeError("every value must be one the query is filtered by")
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        self._kept = (query, compiler, sql, tuple(params), compiler.get_converters(columns))
        return self._kept
