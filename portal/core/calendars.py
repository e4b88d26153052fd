"""The city's working-day calendar: read from a pack's `holidays.yaml`, kept as rows, used as a value.

A year counts as known when its national notice is in the rows; what is computed beyond is provisional (暂定).
"""

import time
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from portal.core.models import CalendarDay
from portal.core.workdays import Calendar

DOCUMENT = "holidays"

Stamp = tuple[int, int]

#: per region: when it was last compared with the rows (monotonic seconds), the rows' stamp, the calendar
_held: dict[str, tuple[float, Stamp, Calendar]] = {}


def current(region: str = "") -> Calendar:
    """Return the calendar in force: the whole city's rows and those of a region.

    Held per process; whether the rows have changed is asked at most every CALENDAR_RECHECK_SECONDS, by one
    small query.
    """
    held = _held.get(region)
    if held and time.monotonic() - held[0] < settings.CALENDAR_RECHECK_SECONDS:
        return held[2]
    stamp = _stamp(region)
    calendar = held[2] if held and held[1] == stamp else _from_rows(region)
    _held[region] = (time.monotonic(), stamp, calendar)
    return calendar


def apply(document: Mapping[str, Any]) -> None:
    """Replace the whole city's rows by those of a pack's `holidays.yaml`; rows of regions stay."""
    rows = [
        CalendarDay(day=day, kind=kind, name=name, source=source)
        for kind, day, name, source in sorted(set(_entries(document)))
    ]
    with transaction.atomic():
        CalendarDay.objects.filter(region="").delete()
        CalendarDay.objects.bulk_create(rows)
    _held.clear()


def check(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with a `holidays.yaml` of the right shape, as (key, reason)."""
    faults: list[tuple[str, str]] = []
    years = document["years"]
    numbers = [int(entry["year"]) for entry in years]
    for earlier, later in pairwise(numbers):
        if later != earlier + 1:
            faults.append((f"years[{later}]", str(_("年份应从小到大逐年相连，不重复、不跳年。"))))
    for entry, number in zip(years, numbers, strict=True):
        faults.extend(_check_year(entry, number))
    return faults


def from_pack(directory: Path) -> Calendar:
    """Return the calendar of a pack directory without asking the database; read once per process."""
    return _read(directory / f"{DOCUMENT}.yaml")


@lru_cache(maxsize=4)
def _read(path: Path) -> Calendar:
    return Calendar.from_document(yaml.safe_load(path.read_text(encoding="utf-8")))


def _check_year(entry: Mapping[str, Any], number: int) -> Iterator[tuple[str, str]]:
    place = f"years[{number}]"
    for key in ("days_off", "makeup_workdays"):
        for row in entry[key]:
            day = _day(row["date"])
            if day.year != number:
                # The known years are read off the rows: a day in its neighbour's list would widen them.
                yield f"{place}.{key}[{day}]", str(_("日期不在这一年，请移到它所在的年份下。"))
    if not entry["days_off"]:
        yield f"{place}.days_off", str(_("这一年没有放假日，请按国务院办公厅通知补全。"))
        return
    calendar = Calendar.from_document({"years": [entry]})
    total = calendar.workdays_between(date(number - 1, 12, 31), date(number, 12, 31))
    if total != entry["workdays_total"]:
        reason = _("全年工作日算得 %(found)s 天，与所写的 %(given)s 天不符，请核对放假和调休。")
        yield f"{place}.workdays_total", str(reason) % {"found": total, "given": entry["workdays_total"]}


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, date, str, str]]:
    kinds = (("days_off", CalendarDay.Kind.REST), ("makeup_workdays", CalendarDay.Kind.WORK))
    for year in document["years"]:
        for key, kind in kinds:
            for row in year[key]:
                yield kind.value, _day(row["date"]), row["name"], year["source"]


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _stamp(region: str) -> Stamp:
    # Row numbers are never given twice, so every rewrite of the rows shows in the highest one.
    found = CalendarDay.objects.filter(_in_force(region)).aggregate(rows=Count("id"), newest=Max("id"))
    return found["rows"], found["newest"] or 0


def _from_rows(region: str) -> Calendar:
    rest: set[date] = set()
    work: set[date] = set()
    years: set[int] = set()
    for kind, day, place in CalendarDay.objects.filter(_in_force(region)).values_list("kind", "day", "region"):
        (rest if kind == CalendarDay.Kind.REST else work).add(day)
        if not place:
            years.add(day.year)
    return Calendar(
        rest_days=frozenset(rest),
        extra_workdays=frozenset(work),
        # Without any notice nothing is known.
        known_from=date(min(years), 1, 1) if years else date.max,
        known_until=date(max(years), 12, 31) if years else date.min,
    )


def _in_force(region: str) -> Q:
    return Q(region="") | Q(region=region)
