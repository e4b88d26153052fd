"""Dates, numbers and codes in the words of ui.md, in both languages."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from portal.core import clock
from portal.core.clock import SHANGHAI
from portal.ui import words

NOW = datetime(2026, 4, 14, 10, 50, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _story_day():
    with clock.frozen(NOW), translation.override("zh-hans"):
        yield


def test_leaves_the_year_out_inside_the_current_year() -> None:
    assert words.day(date(2026, 4, 16)) == "4月16日\u00a0周四"
    assert words.day(date(2025, 12, 31)) == "2025年12月31日\u00a0周三"


def test_keeps_the_year_in_documents() -> None:
    assert words.day(date(2026, 4, 16), year=True) == "2026年4月16日\u00a0周四"


def test_tells_a_moment_in_shanghai_time_whatever_its_offset() -> None:
    late = datetime.fromisoformat("2026-04-14T17:30:00+00:00")
    assert words.moment(late) == "4月15日\u00a001:30"


def test_writes_a_span_inside_one_month_with_the_month_once() -> None:
    assert words.span(date(2026, 4, 4), date(2026, 4, 6)) == "4月4日—6日"
    assert words.span(date(2026, 3, 30), date(2026, 4, 9)) == "3月30日—4月9日"
    assert words.span(date(2026, 4, 9), date(2026, 4, 9)) == "4月9日"


def test_writes_the_weekdays_of_a_ledger_row() -> None:
    assert words.week_span(date(2026, 3, 26), date(2026, 3, 27)) == "3月26日\u00a0周四—27日\u00a0周五"


def test_speaks_english_to_an_english_reader() -> None:
    with translation.override("en"):
        assert words.day(date(2026, 4, 16)) == "16\u00a0Apr,\u00a0Thu"
        assert words.day(date(2025, 12, 31)) == "31\u00a0Dec\u00a02025,\u00a0Wed"
        assert words.money_wan(185000) == "CNY\u00a01,850.00\u00a0million"


def test_says_a_dash_where_there_is_no_date_or_number() -> None:
    blank = (words.day(None), words.moment(None), words.clock_time(None), words.number(None), words.area_m2(""))
    assert set(blank) == {"—"}


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(66000, None, "66,000"), ("26.40", None, "26.4"), (Decimal("1.005"), 2, "1.01"), (0, None, "0"), (7, 1, "7.0")],
)
def test_groups_thousands_and_keeps_the_decimals_asked_for(value: object, decimals: int | None, shown: str) -> None:
    assert words.number(value, decimals) == shown  # type: ignore[arg-type]


def test_turns_wan_into_yi_from_ten_thousand_on() -> None:
    assert words.money_wan(9999.99) == "9,999.99\u00a0万元"
    assert words.money_wan(185000) == "18.50\u00a0亿元"


def test_shortens_a_code_in_the_middle_and_leaves_other_texts_alone() -> None:
    assert words.short_code("2512-449902-04-01-161806-01") == "2512-…-161806-01"
    assert words.short_code("2512-449902-04-01-161806") == "2512-…-161806"
    assert words.short_code("A-1") == "A-1"


def test_never_parts_a_size_from_its_unit() -> None:
    assert words.file_size(6_501_171) == "6.2\u00a0MB"
    assert words.file_size(100) == "1\u00a0KB"
