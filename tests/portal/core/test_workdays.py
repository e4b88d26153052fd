"""Working days: the table, the formula around it, and the inverse."""

from datetime import date, timedelta

import pytest
import yaml
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from portal.core.workdays import FIRST_DAY, LAST_DAY, Calendar, OutOfCalendar

DAY = timedelta(days=1)
days = st.dates(FIRST_DAY, LAST_DAY)
calendars = st.builds(Calendar, st.frozensets(days, max_size=8), st.frozensets(days, max_size=8))


@pytest.fixture(scope="module")
def published() -> Calendar:
    document = yaml.safe_load((settings.CITY_PACK / "holidays.yaml").read_text(encoding="utf-8"))
    return Calendar.from_document(document)


@pytest.mark.parametrize(("year", "total"), [(2024, 251), (2025, 248), (2026, 248)])
def test_published_years_have_the_announced_number_of_working_days(published: Calendar, year: int, total: int) -> None:
    assert published.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == total


def test_spring_festival_has_make_up_saturdays(published: Calendar) -> None:
    assert published.is_workday(date(2026, 2, 14))
    assert not published.is_workday(date(2026, 2, 23))
    assert published.next_workday(date(2026, 2, 15)) == date(2026, 2, 24)
    assert published.add_workdays(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert published.add_workdays(date(2026, 2, 14), 5) == date(2026, 2, 28)


def test_the_eve_of_the_2024_festival_is_worked(published: Calendar) -> None:
    assert published.is_workday(date(2024, 2, 9))


def test_days_past_the_last_notice_are_unknown_and_follow_the_week(published: Calendar) -> None:
    assert published.is_known(date(2024, 1, 1))
    assert published.is_known(date(2026, 12, 31))
    assert not published.is_known(date(2023, 12, 31))
    assert not published.is_known(date(2027, 1, 1))
    assert published.is_workday(date(2027, 1, 1))
    assert published.add_workdays(date(2026, 12, 31), 2) == date(2027, 1, 4)


def test_a_day_in_both_lists_is_worked() -> None:
    saturday = date(2026, 3, 7)
    assert Calendar(frozenset([saturday]), frozenset([saturday])).is_workday(saturday)


def test_without_exceptions_it_is_monday_to_friday_for_ever() -> None:
    plain = Calendar()
    assert plain.workdays_between(date(2026, 3, 6), date(2026, 3, 9)) == 1
    assert plain.is_known(date(2099, 12, 31))
    assert plain.add_workdays(date(2026, 3, 9), -1) == date(2026, 3, 6)
    assert plain.add_workdays(date(2026, 3, 8), -1) == date(2026, 3, 6)
    assert plain.add_workdays(date(2026, 3, 8), 0) == date(2026, 3, 8)


def test_an_empty_interval_has_no_days() -> None:
    assert Calendar().workdays_between(date(2026, 3, 9), date(2026, 3, 9)) == 0
    assert Calendar().workdays_between(date(2026, 3, 10), date(2026, 3, 2)) == 0


def test_refuses_a_day_past_the_year_9999() -> None:
    with pytest.raises(OutOfCalendar):
        Calendar().add_workdays(LAST_DAY, 3_000_000)


@given(calendars, days, st.integers(0, 900))
def test_counting_agrees_with_walking(calendar: Calendar, start: date, length: int) -> None:
    walked = [start + DAY * step for step in range(1, length + 1) if calendar.is_workday(start + DAY * step)]

    assert calendar.workdays_between(start, start + DAY * length) == len(walked)
    assert list(calendar.workdays(start, start + DAY * length)) == walked


@given(calendars, days, st.integers(1, 400))
def test_adding_is_the_inverse_of_counting(calendar: Calendar, start: date, count: int) -> None:
    due = calendar.add_workdays(start, count)

    assert calendar.is_workday(due)
    assert calendar.workdays_between(start, due) == count
    assert calendar.nth(calendar.number(due)) == due
    assert calendar.add_workdays(calendar.add_workdays(due, -count), count) <= due


@given(calendars, days)
def test_next_workday_is_the_first_worked_day_from_the_day_on(calendar: Calendar, day: date) -> None:
    found = day
    while not calendar.is_workday(found):
        found += DAY
    assert calendar.next_workday(day) == found
