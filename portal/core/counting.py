"""Numbers beside menus and lists: never counted far, and all that a page needs in one statement."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

#: more than this nobody counts: it reads 1,000+
MOST = 1000
#: what one number counts: the rows of one query, or of several together
Rows = Sequence[QuerySet[Any, Any]]


def counted(wanted: Sequence[tuple[Rows, int]]) -> list[int]:
    """Count rows, each up to one more than its most, in one statement; none when there is nothing to ask.

    :param wanted: the rows of each number, and how far it is counted
    """
    found = counted_sql(wanted)
    if found is None:
        return [0] * len(wanted)
    with connection.cursor() as cursor:
        cursor.execute(*found)
        return list(cursor.fetchone())


def counted_sql(wanted: Sequence[tuple[Rows, int]]) -> tuple[str, list[Any]] | None:
    """Return the statement that counts, each number a column of its one row; None when there is nothing to ask."""
    parts: list[str] = []
    params: list[Any] = []
    for rows, most in wanted:
        inner = [_select(query, most) for query in rows]
        there = [sql for sql in inner if sql is not None]
        params += [value for _sql, values in there for value in values]
        sums = " + ".join(f"(SELECT count(*) FROM ({sql}) AS found)" for sql, _values in there)  # noqa: S608  the ORM's own
        parts.append(f"least({sums}, {most + 1})" if there else "0")
    return (f"SELECT {', '.join(parts)}", params) if any("SELECT" in part for part in parts) else None


def count(rows: Rows, *, most: int = MOST) -> int:
    """Count one number, up to one more than its most."""
    return counted([(rows, most)])[0]


def grouped_sql(rows: QuerySet[Any, Any], columns: Sequence[str], *, most: int) -> tuple[str, Sequence[Any]]:
    """Return a statement for each combination of these columns with how many of the first `most` rows have it.

    :raises EmptyResultSet: there can be none
    """
    sql, params = rows.order_by().values(*columns)[:most].query.sql_with_params()
    listed = ", ".join(f'"{column}"' for column in columns)
    return f"SELECT {listed}, count(*) FROM ({sql}) AS found GROUP BY {listed}", params  # noqa: S608  the ORM's own


def words(number: int, *, most: int = MOST, at_least: bool = False) -> str:
    """Say a number that was counted no further than its most: 1,000+.

    :param at_least: not all rows were looked at, so there may be more of a small number too
    """
    return f"{min(number, most):,}+" if at_least or number > most else f"{number:,}"


def _select(query: QuerySet[Any, Any], most: int) -> tuple[str, Sequence[Any]] | None:
    try:
        sql, params = query.order_by().values("pk")[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, params
