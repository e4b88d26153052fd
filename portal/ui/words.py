"""Put dates, numbers, money, areas and codes into words, in the language of the reader.

Rules: a date reads 2026年3月4日 周三, the year is left out inside the current year except in documents; times 10:32;
spans 3月30日—4月9日; thousands commas; a no-break space before the unit; — where nothing can be said.
English keeps the same facts: 4 Mar, Wed. A moment is always told in Shanghai time.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.translation import get_language

from portal.core import clock

NONE = "—"
SPACE = "\u00a0"  # number and unit never part at a line's end

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Number = int | float | Decimal


def english() -> bool:
    """Tell whether the reader's language is English."""
    return (get_language() or "").startswith("en")


def as_day(moment: date | datetime) -> date:
    """Return the Shanghai day of a date or an aware moment."""
    return clock.day_of(moment) if isinstance(moment, datetime) else moment


def short_day(moment: date | datetime | None, *, year: bool | None = None) -> str:
    """Say a day without its weekday: 4月16日. ``year`` forces or forbids the year; None leaves it to the rule."""
    if moment is None:
        return NONE
    found = as_day(moment)
    return _short_day(found, with_year=_with_year(found, year), is_english=english())


def _with_year(found: date, year: bool | None) -> bool:
    return found.year != clock.today().year if year is None else year


def _short_day(found: date, *, with_year: bool, is_english: bool) -> str:
    if is_english:
        return f"{found.day}{SPACE}{_MONTHS_EN[found.month - 1]}" + (f"{SPACE}{found.year}" if with_year else "")
    return (f"{found.year}年" if with_year else "") + f"{found.month}月{found.day}日"


def weekday(moment: date | datetime) -> str:
    """Say the day of the week: 周四."""
    number = as_day(moment).weekday()
    return _WEEKDAYS_EN[number] if english() else f"周{_WEEKDAYS_ZH[number]}"


def day(moment: date | datetime | None, *, year: bool | None = None) -> str:
    """Say a day with its weekday: 4月16日 周四."""
    if moment is None:
        return NONE
    found = as_day(moment)
    return _day(found, with_year=_with_year(found, year), is_english=english())


@lru_cache(maxsize=2048)
def _day(found: date, *, with_year: bool, is_english: bool) -> str:
    glue = f",{SPACE}" if is_english else SPACE
    return f"{_short_day(found, with_year=with_year, is_english=is_english)}{glue}{weekday(found)}"


def clock_time(moment: datetime | None) -> str:
    """Say a time of day: 10:32."""
    return NONE if moment is None else f"{moment.astimezone(clock.SHANGHAI):%H:%M}"


def moment(at: datetime | None) -> str:
    """Say a day and a time: 4月14日 10:32."""
    return NONE if at is None else f"{short_day(at)}{SPACE}{clock_time(at)}"


def span(first: date | datetime | None, last: date | datetime | None) -> str:
    """Say a span of days: 3月30日—4月9日, within one month 4月4日—6日."""
    if first is None or last is None:
        return short_day(first if last is None else last)
    start, end = as_day(first), as_day(last)
    if start == end:
        return short_day(start)
    if english():
        return f"{short_day(start)}–{short_day(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{short_day(start)}—{end.day}日"
    return f"{short_day(start)}—{short_day(end)}"


def week_span(first: date | datetime, last: date | datetime) -> str:
    """Say a span with its weekdays, for ledgers: 3月26日 周四—27日 周五."""
    start, end = as_day(first), as_day(last)
    if start == end:
        return day(start)
    if not english() and (start.year, start.month) == (end.year, end.month):
        return f"{day(start)}—{end.day}日{SPACE}{weekday(end)}"
    return f"{day(start)}{'–' if english() else '—'}{day(end)}"


def chart_day(moment: date | datetime | None) -> str:
    """Say a day at an axis: 4/13."""
    return NONE if moment is None else f"{as_day(moment).month}/{as_day(moment).day}"


def number(value: Number | str | None, decimals: int | None = None) -> str:
    """Write a number with thousands commas; without ``decimals``, whole numbers stay whole, others keep up to two."""
    if value is None or value == "":
        return NONE
    exact = Decimal(str(value))
    if decimals is None:
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded.normalize():,f}"
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def money_wan(value: Number | str | None) -> str:
    """Write an amount given in 万元: with two decimals, from one 亿元 on in 亿元; in English in million CNY."""
    if value is None or value == "":
        return NONE
    exact = Decimal(str(value))
    if english():
        return f"CNY{SPACE}{number(exact / 100, 2)}{SPACE}million"
    if abs(exact) >= 10_000:
        return f"{number(exact / 10_000, 2)}{SPACE}亿元"
    return f"{number(exact, 2)}{SPACE}万元"


def area_m2(value: Number | str | None, decimals: int | None = None) -> str:
    """Write an area given in square metres: 66,000 m²; findings use one decimal, certificates two."""
    return NONE if value is None or value == "" else f"{number(value, decimals)}{SPACE}m²"


def file_size(value: int | None) -> str:
    """Write a size given in bytes: 6.2 MB, 840 KB."""
    if value is None:
        return NONE
    if value >= 1024 * 1024:
        return f"{number(value / (1024 * 1024), 1)}{SPACE}MB"
    return f"{number(max(value / 1024, 1), 0)}{SPACE}KB"


def short_code(code: str | None) -> str:
    """Shorten a project or engineering code in the middle: 2512-…-161806-01; other texts stay as they are."""
    if not code:
        return NONE
    parts = code.split("-")
    return "-".join([parts[0], "…", *parts[4:]]) if len(parts) > 4 else code
