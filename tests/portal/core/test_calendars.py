"""The calendar in force: rows written from holidays.yaml, read back, and the notice checked."""

import copy
from datetime import date
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core import calendars
from portal.core.models import CalendarDay
from portal.core.workdays import Calendar


@pytest.fixture
def document() -> dict[str, Any]:
    return yaml.safe_load((settings.CITY_PACK / "holidays.yaml").read_text(encoding="utf-8"))


def test_rows_give_back_the_document(db: None, document: dict[str, Any]) -> None:
    calendars.apply(document)

    assert calendars.current() == Calendar.from_document(document) == calendars.from_pack(settings.CITY_PACK)


def test_a_new_notice_is_in_force_at_once(db: None, document: dict[str, Any]) -> None:
    calendars.apply(document)
    assert not calendars.current().is_known(date(2027, 1, 4))

    document["years"].append(
        {
            "year": 2027,
            "source": "测试",
            "workdays_total": 260,
            "days_off": [{"date": "2027-01-01", "name": "元旦"}],
            "makeup_workdays": [],
        }
    )
    calendars.apply(document)

    assert calendars.current().is_known(date(2027, 12, 31))
    assert not calendars.current().is_workday(date(2027, 1, 1))


def test_without_rows_nothing_is_known(db: None) -> None:
    CalendarDay.objects.all().delete()

    assert not calendars.current().is_known(date(2026, 1, 5))
    assert calendars.current().is_workday(date(2026, 1, 5))


def local(region: str, *, off: str = "", work: str = "") -> dict[str, Any]:
    return {
        "region": region,
        "source": "测试",
        "days_off": [{"date": off, "name": "三月三"}] if off else [],
        "makeup_workdays": [{"date": work, "name": "调休上班"}] if work else [],
    }


def test_a_region_has_its_own_days_besides(db: None, document: dict[str, Any]) -> None:
    document["local"] = [local("449902", off="2026-03-03", work="2026-03-07")]
    calendars.apply(document, city="449900")

    assert calendars.current().is_workday(date(2026, 3, 3))
    assert not calendars.current().is_workday(date(2026, 3, 7))
    assert not calendars.current("449902").is_workday(date(2026, 3, 3))
    assert calendars.current("449902").is_workday(date(2026, 3, 7))
    assert calendars.current("449902").known_until == date(2026, 12, 31)
    assert calendars.regions() == ("449902",)


def test_the_nearer_authority_overrides_the_farther(db: None, document: dict[str, Any]) -> None:
    # the national notice has people work on 2026-05-09; the city frees them, one region does not
    document["local"] = [local("449900", off="2026-05-09"), local("449902", work="2026-05-09")]
    calendars.apply(document, city="449900")

    assert not calendars.current().is_workday(date(2026, 5, 9))
    assert not calendars.current("449903").is_workday(date(2026, 5, 9))
    assert calendars.current("449902").is_workday(date(2026, 5, 9))


def test_a_local_day_makes_no_year_known(db: None, document: dict[str, Any]) -> None:
    document["local"] = [local("449900", off="2027-03-03")]
    calendars.apply(document, city="449900")

    assert not calendars.current().is_known(date(2027, 3, 3))


def test_a_local_day_that_changes_nothing_is_a_fault(document: dict[str, Any]) -> None:
    document["local"] = [local("449902", off="2026-10-01", work="2026-03-03"), local("449903", off="2027-03-03")]

    assert [place for place, _reason in calendars.check(document)] == [
        "local[449902].days_off[2026-10-01]",
        "local[449902].makeup_workdays[2026-03-03]",
        "local[449903].days_off[2027-03-03]",
    ]


def test_the_fingerprint_changes_with_any_day(db: None, document: dict[str, Any]) -> None:
    calendars.apply(document, city="449900")
    before = calendars.fingerprint()
    calendars.apply(document, city="449900")
    assert calendars.fingerprint() == before

    document["local"] = [local("449902", off="2026-03-03")]
    calendars.apply(document, city="449900")
    assert calendars.fingerprint() != before


def test_a_process_asks_for_changes_only_now_and_then(db: None, document: dict[str, Any], settings: Any) -> None:
    calendars.apply(document)
    settings.CALENDAR_RECHECK_SECONDS = 60.0
    calendars.current()

    with CaptureQueriesContext(connection) as captured:
        calendars.current()
    assert len(captured) == 0

    settings.CALENDAR_RECHECK_SECONDS = 0.0
    with CaptureQueriesContext(connection) as captured:
        calendars.current()
    assert len(captured) == 1


def test_the_published_notices_are_sound(document: dict[str, Any]) -> None:
    assert calendars.check(document) == []


def test_faults_are_named_with_their_place(document: dict[str, Any]) -> None:
    broken = copy.deepcopy(document)
    broken["years"][0]["days_off"][0]["date"] = "2023-12-31"
    broken["years"][1]["days_off"] = []
    broken["years"][2]["year"] = 2028
    broken["years"][2]["days_off"] = [{"date": "2028-01-03", "name": "元旦"}]
    broken["years"][2]["makeup_workdays"] = []

    places = [place for place, _reason in calendars.check(broken)]

    assert places == [
        "years[2028]",
        "years[2024].days_off[2023-12-31]",
        "years[2024].workdays_total",
        "years[2025].days_off",
        "years[2028].workdays_total",
    ]
