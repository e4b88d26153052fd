"""The working-day calendars: read from a pack's `holidays.yaml`, kept as rows, used as values.

There is one per region: the national notices, overridden by the city's own days, overridden by the region's. A year
counts as known when its national notice is in the rows; what is computed beyond is provisional (暂定).
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from portal.core.models import CalendarDay
from portal.core.workdays import Calendar

DOCUMENT = "holidays"

Stamp = tuple[int, int, frozenset[str]]

_KINDS = (("days_off", CalendarDay.Kind.REST), ("makeup_workdays", CalendarDay.Kind.WORK))


@dataclass(slots=True)
class _Held:
    """What this process holds: when it last looked at the rows (monotonic seconds), their stamp, a value per region."""

    looked_at: float = float("-inf")
    stamp: Stamp = (0, 0, frozenset())
    calendars: dict[str, Calendar] = field(default_factory=dict)


_held = _Held()


def current(region: str = "") -> Calendar:
    """Return the calendar in force in a region; blank, or a region without days of its own: the whole city's.

    Held per process; whether the rows have changed is asked at most every CALENDAR_RECHECK_SECONDS, by one
    small query.
    """
    now = time.monotonic()
    if now - _held.looked_at >= settings.CALENDAR_RECHECK_SECONDS:
        stamp = _stamp()
        if stamp != _held.stamp:
            _held.calendars = {}
        _held.looked_at, _held.stamp = now, stamp
    own = region if region in _held.stamp[2] else ""
    calendar = _held.calendars.get(own)
    if calendar is None:
        calendar = _held.calendars[own] = _from_rows(own)
    return calendar


def apply(document: Mapping[str, Any], *, city: str = "") -> None:
    """Replace all rows by those of a pack's `holidays.yaml`.

    :param city: code of the city, whose local days are everybody's
    """
    rows = [
        CalendarDay(day=day, kind=kind, name=name, source=source)
        for kind, day, name, source in sorted(set(_entries(document)))
    ]
    for place in document.get("local") or ():
        region = "" if place["region"] == city else place["region"]
        for key, kind in _KINDS:
            rows.extend(
                CalendarDay(
                    region=region,
                    day=_day(row["date"]),
                    kind=kind,
                    name=row["name"],
                    source=place["source"],
                    is_local=True,
                )
                for row in place[key]
            )
    with transaction.atomic():
        CalendarDay.objects.all().delete()
        CalendarDay.objects.bulk_create(rows)
    forget()


def forget() -> None:
    """Ask the rows again at the next look; for whoever has just changed them."""
    _held.looked_at = float("-inf")
    _held.calendars = {}


def fingerprint() -> str:
    """Return a digest of all rows: the same as long as every calendar is; one statement."""
    rows = CalendarDay.objects.order_by("region", "day", "kind").values_list("region", "day", "kind", "is_local")
    digest = hashlib.sha256()
    for region, day, kind, is_local in rows:
        digest.update(f"{region}|{day}|{kind}|{is_local}\n".encode())
    return digest.hexdigest()


def regions() -> tuple[str, ...]:
    """Name the regions that have days of their own; one statement."""
    rows = CalendarDay.objects.exclude(region="").order_by("region").values_list("region", flat=True)
    return tuple(rows.distinct())


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
    if not faults:
        faults.extend(_check_local(document))
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


def _check_local(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Find local days that change nothing: a mistake in the date, or a notice that says it already."""
    national = Calendar.from_document(document)
    for place in document.get("local") or ():
        for key, kind in _KINDS:
            for row in place[key]:
                day = _day(row["date"])
                path = f"local[{place['region']}].{key}[{day}]"
                if not national.is_known(day):
                    yield path, str(_("这一年还没有国务院办公厅的通知，先补全年份再写本地安排。"))
                elif national.is_workday(day) == (kind is CalendarDay.Kind.WORK):
                    yield path, str(_("这一天本来就是这样，请核对日期。"))


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, date, str, str]]:
    for year in document["years"]:
        for key, kind in _KINDS:
            for row in year[key]:
                yield kind.value, _day(row["date"]), row["name"], year["source"]


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _stamp() -> Stamp:
    """Return what changes with the rows, and the regions that have days of their own."""
    # Row numbers are never given twice, so every rewrite of the rows shows in the highest one.
    found = CalendarDay.objects.aggregate(
        rows=Count("id"), newest=Max("id"), regions=ArrayAgg("region", distinct=True, filter=~Q(region=""))
    )
    return found["rows"], found["newest"] or 0, frozenset(found["regions"] or ())


def _from_rows(region: str) -> Calendar:
    rest: set[date] = set()
    work: set[date] = set()
    years: set[int] = set()
    # the nearer authority speaks last: national notice, city, region
    rows = CalendarDay.objects.filter(_in_force(region)).order_by("region", "is_local", "id")
    for kind, day, is_local in rows.values_list("kind", "day", "is_local"):
        chosen, other = (rest, work) if kind == CalendarDay.Kind.REST else (work, rest)
        chosen.add(day)
        if is_local:
            other.discard(day)
        else:
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
