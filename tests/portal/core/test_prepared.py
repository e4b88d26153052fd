"""A statement that is put together once gives what the query itself gives, for whatever values."""

import threading

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Department, RoleGrant
from portal.core.models import CalendarDay
from portal.core.prepared import ANOTHER_NUMBER, NUMBER, Prepared


def grants(number: int) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.select_related("role").annotate(word=F("role__name")).filter(pk=number)


def test_gives_rows_with_what_hangs_on_them(pack: object, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    prepared = Prepared(grants)
    wanted = list(RoleGrant.objects.order_by("pk")[:3])

    for grant in wanted:
        with django_assert_num_queries(1):
            (row,) = prepared(grant.pk)
            assert (row, row.role.name, row.word) == (grant, row.word, row.role.name)  # type: ignore[attr-defined]
    assert prepared(0) == []


def test_a_row_changed_meanwhile_is_read_anew(pack: object) -> None:
    prepared = Prepared(grants)
    grant = RoleGrant.objects.select_related("role").order_by("pk")[0]
    prepared(grant.pk)

    type(grant.role).objects.filter(pk=grant.role_id).update(name="改了名")

    assert prepared(grant.pk)[0].role.name == "改了名"


def test_several_values_keep_their_places(pack: object) -> None:
    between = Prepared(
        lambda low, high: CalendarDay.objects.filter(pk__gt=low, pk__lte=high).order_by("pk"),
        marks=(NUMBER, ANOTHER_NUMBER),
    )
    first, *_rest, last = list(CalendarDay.objects.order_by("pk")[:5])

    assert [day.pk for day in between(first.pk, last.pk)] == [day.pk for day in CalendarDay.objects.order_by("pk")[1:5]]
    assert between(last.pk, first.pk) == []


def test_a_value_that_filters_nothing_is_refused(pack: object) -> None:
    with pytest.raises(TypeError):
        Prepared(lambda _number: Department.objects.all())(1)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection(pack: object) -> None:
    prepared = Prepared(grants)
    pk = RoleGrant.objects.order_by("pk")[0].pk
    prepared(pk)
    backends: list[int] = []

    def ask() -> None:
        seen: list[str] = []

        def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            assert len(prepared(pk)) == 1
        backends.append(len(seen))
        connection.close()

    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert backends == [1]
