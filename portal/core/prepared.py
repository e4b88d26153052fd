"""Statements that are sent again and again: put together once by Python, planned once by each connection.

The ORM needs longer to put a wide statement together than the database to answer it, and the database longer to plan
it than to carry it out. A query that is sent ten times for one act, or with every page, stays an ordinary one, written
as a function of its values; its SQL is kept (`Prepared`), and the server keeps its plan (`planned`).
"""

from __future__ import annotations

import copy
import itertools
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

Row = TypeVar("Row")

#: stand for the values while the SQL is put together; no row has such numbers and days
NUMBER, ANOTHER_NUMBER = -987_654_321, -987_654_322
DAY = date(1, 2, 3)
MOMENT = datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)
NUMBERS = [-987_654_323]
_Value = int | date | datetime | list[int]

#: the most statements one connection keeps; the one not sent for the longest time makes room
MOST = 150

#: the query, what reads its rows, its SQL, how columns become values, and whether some make one value together
_Kept = tuple[QuerySet[Any, Row], SQLCompiler, str, dict[int, Any], bool]

#: of each connection of the driver: SQL -> the name under which the server knows it, none after the first time
_plans: WeakKeyDictionary[Any, OrderedDict[str, str]] = WeakKeyDictionary()
_ordinals = itertools.count(1)


@contextmanager
def planned(sql: str, *, values: int) -> Iterator[str]:
    """Give what to send in place of a statement, so that the server plans it once for this connection.

    The first time it goes as it is: what comes once is not worth a plan. What fails is planned again under another
    name, since nobody knows how far it got.

    :param sql: with `%s` for each value and in the order of the values
    :param values: how many
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.connection is None:
        connection.ensure_connection()
    plans = _plans.setdefault(connection.connection, OrderedDict())
    name = plans.pop(sql, None)
    if name is None:
        name = ""
        yield _room(plans) + sql
    elif name:
        yield _call(name, values)
    else:
        name = f"{_table(sql)}_{next(_ordinals)}"
        yield f"{_room(plans)}PREPARE {name} AS {_numbered(sql)}; {_call(name, values)}"
    plans[sql] = name


class Statement:
    """SQL as a function of its values, where a query alone does not say it, as one over several querysets.

    :param build: called once, with a stand-in for each value; returns SQL and parameters
    :param marks: the stand-ins, each of the kind of its value
    """

    def __init__(
        self, build: Callable[..., tuple[str, Sequence[Any]]], *, marks: tuple[_Value, ...] = (NUMBER,)
    ) -> None:
        self._build = build
        self._marks = marks
        self._kept: tuple[str, tuple[int, ...]] | None = None

    def __call__(self, *values: _Value) -> list[tuple[Any, ...]]:
        """Return the rows for these values; one statement, none where there can be no rows."""
        if self._kept is None:
            try:
                self._kept = _opened(*self._build(*self._marks), self._marks)
            except EmptyResultSet:
                return []
        sql, order = self._kept
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor, planned(sql, values=len(order)) as text:
            cursor.execute(text, [values[place] for place in order])
            return list(cursor.fetchall())


def _call(name: str, values: int) -> str:
    return f"EXECUTE {name} ({', '.join(['%s'] * values)})" if values else f"EXECUTE {name}"


def _numbered(sql: str) -> str:
    """Write the places of a statement as PREPARE does."""
    numbers = itertools.count(1)
    return re.sub("%[%s]", lambda found: f"${next(numbers)}" if found[0] == "%s" else found[0], sql)


def _table(sql: str) -> str:
    """Return the first table of a statement, so that whoever reads the server's log knows what its name is about."""
    found = re.search(r'(?:FROM|INTO|UPDATE) "?(\w{1,50})', sql)
    return found[1] if found else "portal"


def _room(plans: OrderedDict[str, str]) -> str:
    """Return what has the server forget the oldest of too many."""
    if len(plans) < MOST:
        return ""
    _sql, name = plans.popitem(last=False)
    return f"DEALLOCATE {name}; " if name else ""


class Prepared(Generic[Row]):
    """A query as a function of the values it is filtered by.

    :param build: called once, with a stand-in for each value; it may do nothing with them but filter
    :param marks: the stand-ins, each of the kind of its value
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *, marks: tuple[_Value, ...] = (NUMBER,)) -> None:
        self._build = build
        self._marks = marks
        self._order: tuple[int, ...] = ()
        self._iterable: Callable[[Any], Iterable[Row]] = list
        self._fields: tuple[str, ...] | None = None
        self._kept: _Kept[Row] | None = None

    def __call__(self, *values: _Value) -> list[Row]:
        """Return the rows for these values; one statement, none where there can be no rows."""
        try:
            kept = self._kept or self._put_together()
        except EmptyResultSet:
            return []
        query, compiler, sql, converters, is_composite = kept
        sent = tuple(values[place] for place in self._order)
        again: Any = copy.copy(compiler)
        # the statement is every thread's, the connection its own
        again.connection = connections[DEFAULT_DB_ALIAS]
        again.get_converters = lambda _expressions: converters
        again.has_composite_fields = lambda _expressions: is_composite
        # a clone of the queryset would copy all of what the statement was made of
        inner: Any = copy.copy(query.query)
        inner.get_compiler = lambda *_args, **_kwargs: again
        rows: Any = type(query)(model=query.model, query=inner, using=DEFAULT_DB_ALIAS)
        rows._fields = self._fields
        with planned(sql, values=len(sent)) as text:
            again.as_sql = lambda *_args, **_kwargs: (text, sent)
            return list(self._iterable(rows))

    def _put_together(self) -> _Kept[Row]:
        query: Any = self._build(*self._marks)
        if query._prefetch_related_lookups:
            raise TypeError("what is prefetched is a statement of its own")
        self._iterable, self._fields = query._iterable_class, query._fields
        compiler = query.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        sql, self._order = _opened(sql, params, self._marks)
        if len(set(self._order)) != len(self._marks):
            raise TypeError("every value must be one the query is filtered by")
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        self._kept = (query, compiler, sql, compiler.get_converters(columns), compiler.has_composite_fields(columns))
        return self._kept


def _opened(sql: str, params: Sequence[Any], marks: Sequence[_Value]) -> tuple[str, tuple[int, ...]]:
    """Keep `%s` for the stand-ins only, and tell whose value each is.

    All else is written into the statement and so part of its plan: an index over some of the rows fits a state that is
    written there, and not one that comes with each call.
    """
    places = [_place(param, marks) for param in params]
    values = [param if place is None else AsIs(_HERE) for param, place in zip(params, places, strict=True)]
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        text: str = cursor.mogrify(sql, values).decode()
    return text.replace("%", "%%").replace(_HERE, "%s"), tuple(place for place in places if place is not None)


#: in no statement; of the characters that Unicode gives no meaning
_HERE = "\ue000"


def _place(param: Any, marks: Sequence[_Value]) -> int | None:
    return next((n for n, mark in enumerate(marks) if type(param) is type(mark) and param == mark), None)
