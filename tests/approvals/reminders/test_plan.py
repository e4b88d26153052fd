"""Which event days are told of today: against a walk day by day, and the chain of steps."""

from datetime import date, time, timedelta

from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from approvals.reminders.plan import DayUnit, Rules, Step, courses, latest_day
from portal.core import calendars
from portal.core.workdays import Calendar

DAY = timedelta(days=1)
days = st.dates(date(2026, 1, 20), date(2026, 5, 20))


def pack() -> Calendar:
    return calendars.from_pack(settings.CITY_PACK)


def told_on(event: date, distance: int, unit: DayUnit) -> date:
    """Walk from the event's day to the day of the reminder."""
    step = DAY if distance > 0 else -DAY
    left, day = abs(distance), event
    while left:
        day += step
        left -= unit is DayUnit.CALENDAR or pack().is_workday(day)
    return day


@given(days, st.integers(-12, 12), st.sampled_from(DayUnit))
def test_the_latest_event_day_is_the_last_one_whose_turn_has_come(today: date, distance: int, unit: DayUnit) -> None:
    latest = latest_day(today, distance, unit=unit, calendar=pack())

    assert told_on(latest, distance, unit) <= today
    assert told_on(latest + DAY, distance, unit) > today


def rules(*distances: int) -> Rules:
    steps = tuple(Step(f"rule{n}", "case_due", DayUnit.WORKING, n, ("holder",)) for n in distances)
    return Rules(steps, {"case_due": "到期"}, catch_up_days=14, not_before=time(8))


@given(days, st.lists(st.integers(-8, 8), min_size=1, max_size=4, unique=True), days)
def test_an_event_day_is_told_of_once_at_most_by_its_latest_step(
    today: date, distances: list[int], event: date
) -> None:
    (course,) = courses(rules(*distances), "case_due", calendar=pack(), today=today)
    found = [window.days for window in course.windows if window.after < event <= window.last]
    turns = [distance for distance in sorted(distances) if told_on(event, distance, DayUnit.WORKING) <= today]

    assert len(found) <= 1
    if found:
        assert found == turns[-1:]
    elif turns:
        # the last step's catching up is over
        assert turns[-1] == max(distances)
        assert event <= latest_day(today, turns[-1], unit=DayUnit.WORKING, calendar=pack()) - timedelta(days=14)


def test_steps_at_the_same_distance_are_all_told() -> None:
    same = Rules(
        tuple(Step(name, "case_due", DayUnit.WORKING, 0, ("holder",)) for name in ("one", "two")),
        {},
        catch_up_days=14,
        not_before=time(8),
    )
    (course,) = courses(same, "case_due", calendar=pack(), today=date(2026, 4, 14))

    assert [step.rule for window in course.windows for step in window.steps] == ["one", "two"]
