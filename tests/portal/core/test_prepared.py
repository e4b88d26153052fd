"""A statement that is put together once gives what the query itself gives, for whatever values."""

import threading
from datetime import date

import pytest
from django.db import DataError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from pytest_django import DjangoAssertNumQueries

from portal.accounts.models import Department, RoleGrant
from portal.core.models import CalendarDay
from portal.core.prepared import ANOTHER_NUMBER, MOST, NUMBER, NUMBERS, Prepared, Statement, planned


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


def kept_plans() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, statement FROM pg_prepared_statements")
        return dict(cursor.fetchall())


def send(sql: str, *values: object) -> object:
    with connection.cursor() as cursor, planned(sql, values=len(values)) as text:
        cursor.execute(text, values)
        return cursor.fetchone()[0]


def test_a_statement_is_planned_once_and_answers_alike(db: None) -> None:
    sql = "SELECT count(*) FROM core_calendarday WHERE day > %s AND name LIKE '%%节%%s' /* planned once */"

    answers = [send(sql, date(2026, 1, 1)) for _ in range(4)]

    assert len(set(answers)) == 1
    (name,) = [name for name, statement in kept_plans().items() if "planned once" in statement]
    assert name.startswith("core_calendarday_")


def test_a_statement_that_failed_is_planned_anew(db: None) -> None:
    sql = "SELECT 1 / %s::int AS failing"
    assert send(sql, 1) == 1
    for _ in range(2):
        with pytest.raises(DataError), transaction.atomic():
            send(sql, 0)

    assert [send(sql, 1) for _ in range(3)] == [1, 1, 1]


def test_the_server_keeps_no_more_than_so_many(db: None) -> None:
    for number in range(MOST + 10):
        for _ in range(2):
            assert send(f"SELECT {number} + %s /* room for */", 1) == number + 1

    assert len([statement for statement in kept_plans().values() if "room for" in statement]) <= MOST
    assert send("SELECT 0 + %s /* room for */", 5) == 5


def test_a_list_of_numbers_is_one_value(pack: object) -> None:
    some = Prepared(
        lambda pks: CalendarDay.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [pks])).order_by("pk"),
        marks=(NUMBERS,),
    )
    days = list(CalendarDay.objects.order_by("pk")[:3])

    assert some([day.pk for day in days]) == days
    assert some([]) == []


def test_values_come_as_the_query_gives_them(pack: object) -> None:
    day = CalendarDay.objects.order_by("pk")[0]

    plain = Prepared(lambda pk: CalendarDay.objects.filter(pk=pk).values_list("name", "day"))
    named = Prepared(lambda pk: CalendarDay.objects.filter(pk=pk).values_list("name", "day", named=True))

    assert plain(day.pk) == [(day.name, day.day)]
    assert named(day.pk)[0].name == day.name


def test_what_can_be_nobody_is_not_asked(pack: object, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert Prepared(lambda pk: CalendarDay.objects.filter(pk=pk, name__in=[]))(1) == []
        assert Statement(lambda pk: CalendarDay.objects.filter(pk=pk, name__in=[]).query.sql_with_params())(1) == []


def test_what_is_prefetched_is_refused(pack: object) -> None:
    with pytest.raises(TypeError):
        Prepared(lambda pk: RoleGrant.objects.filter(pk=pk).prefetch_related("role"))(1)


def test_only_the_stand_ins_are_left_open(pack: object) -> None:
    statement = Statement(
        lambda pk: CalendarDay.objects.filter(pk__gt=pk, name__contains="节").values("pk").query.sql_with_params()
    )
    wanted = list(CalendarDay.objects.filter(name__contains="节").order_by("pk").values_list("pk", flat=True))

    for _ in range(3):
        assert sorted(pk for (pk,) in statement(0)) == wanted
    assert statement(max(wanted)) == []
