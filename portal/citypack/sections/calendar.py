"""holidays.yaml: days off and make-up workdays by year, as the State Council announces them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import DAY, NOTE, VERSION, WORD, ListOf, Number, Record, Text
from portal.core import calendars

if TYPE_CHECKING:
    from portal.citypack.models import PackVersion

FILE = "holidays.yaml"

_DAYS = ListOf(Record({"date": DAY, "name": WORD}), unique="date")
_YEAR = Record(
    {
        "year": Number(2000, 2099),
        "source": WORD,
        "workdays_total": Number(200, 300),
        "days_off": _DAYS,
        "makeup_workdays": _DAYS,
    },
    {"source_checked": NOTE, "note": NOTE},
)
#: days of one region, or of the whole city when it names the city's own code; they override the notice
_LOCAL = Record({"region": WORD, "source": WORD, "days_off": _DAYS, "makeup_workdays": _DAYS})
FILES = {
    "holidays": Record(
        {
            "version": VERSION,
            "timezone": Text(choices=("Asia/Shanghai",)),
            "rule": WORD,
            "years": ListOf(_YEAR, unique="year", least=1),
        },
        {"notes": ListOf(WORD), "local": ListOf(_LOCAL, unique="region")},
    )
}


def check(documents: Documents) -> Iterator[Fault]:
    """Check that each year is whole, that its sum of working days is right, and that its days can be what they are."""
    faults = [Fault(FILE, path, reason) for path, reason in calendars.check(documents["holidays"])]
    yield from faults
    if not faults:
        for year in documents["holidays"]["years"]:
            yield from _makeup_days(year)
    regions = {region["code"] for region in documents["city"]["regions"]}
    for place in documents["holidays"].get("local") or ():
        if place["region"] not in regions:
            yield Fault(FILE, f"local[{place['region']}].region", _("city.yaml 里没有这个区划"))


def _makeup_days(year: dict[str, Any]) -> Iterator[Fault]:
    off = {entry["date"] for entry in year["days_off"]}
    for entry in year["makeup_workdays"]:
        path = f"years[{year['year']}].makeup_workdays[{entry['date']}]"
        if entry["date"] in off:
            yield Fault(FILE, path, _("这一天既是休息日又是上班日"))
        elif date.fromisoformat(entry["date"]).weekday() < 5:
            yield Fault(FILE, path, _("调休上班日应在周六或周日"))


def apply(*, version: PackVersion, documents: Documents, at: datetime) -> None:
    """Write the calendar days; the calendar is the city's and not the version's, so it is replaced as a whole."""
    calendars.apply(documents["holidays"], city=documents["city"]["region_code"])
