"""Dates of a plan by hand-made examples."""

from datetime import date

import pytest

from portal.core.workdays import Calendar
from projects.planning import forecast
from projects.planning.forecast import Actual, Circular, Reality, StagePlan
from tests.properties.planning import an_item

MAY_DAY = Calendar(rest_days=frozenset(date(2026, 5, day) for day in (1, 4, 5)), extra_workdays={date(2026, 5, 9)})
TUESDAY = date(2026, 4, 14)
STAGES = (
    StagePlan("S0", 0, any_milestone=False, is_advisory=True),
    StagePlan("S1", 8, any_milestone=False, is_advisory=False),
    StagePlan("S2", 0, any_milestone=False, is_advisory=False),
)


def run(*items, stages=STAGES, start=TUESDAY, today=None, **more):
    return forecast.forecast(items=items, stages=stages, calendar=MAY_DAY, start=start, today=today or start, **more)


def spans(found):
    return {item: (dates.start, dates.finish) for item, dates in found.items.items()}


def test_an_item_takes_its_limit_and_the_next_one_begins_the_day_it_ends():
    found = run(an_item("a", "S1", days=5), an_item("b", "S1", days=1, waits_for=("a",)))

    assert spans(found) == {
        "a": (TUESDAY, date(2026, 4, 21)),
        "b": (date(2026, 4, 21), date(2026, 4, 22)),
    }
    assert found.items["b"].after == "a"
    assert found.items["a"].after is None


def test_holidays_and_make_up_days_count_as_the_calendar_says():
    found = run(an_item("a", "S1", days=3), start=date(2026, 4, 30))

    assert found.items["a"].finish == date(2026, 5, 8)
    assert run(an_item("a", "S1", days=4), start=date(2026, 4, 30)).items["a"].finish == date(2026, 5, 9)


def test_nothing_starts_on_a_rest_day():
    found = run(an_item("a", "S1", days=1), start=date(2026, 5, 2))

    assert spans(found) == {"a": (date(2026, 5, 6), date(2026, 5, 7))}


def test_calendar_days_go_on_to_a_working_day():
    found = run(an_item("a", "P", days=17, calendar=True))

    assert found.items["a"].finish == date(2026, 5, 6)


def test_a_stage_opens_when_the_milestones_before_it_are_done():
    found = run(
        an_item("a", "S1", days=2),
        an_item("mile", "S1", days=4, milestone=True),
        an_item("slow", "S1", days=9),
        an_item("next", "S2", days=1),
        an_item("beside", "P", days=1),
        an_item("advice", "S0", days=30),
    )

    assert found.stages["S1"].finish == date(2026, 4, 20)
    assert found.stages["S1"].after == "mile"
    assert found.stages["S1"].due == date(2026, 4, 24)
    assert found.stages["S2"].opens == found.items["next"].start == date(2026, 4, 20)
    assert found.stages["S2"].due is None
    assert found.items["beside"].start == TUESDAY
    assert found.finish == found.items["next"].finish, "advice gates nothing"
    assert {item for item, dates in found.items.items() if dates.critical} == {"mile", "next"}


def test_a_stage_without_milestones_waits_for_all_and_one_without_items_is_passed():
    found = run(an_item("a", "S1", days=2), an_item("b", "S1", days=3))
    assert found.stages["S1"].finish == date(2026, 4, 17)
    assert found.stages["S2"].opens == found.stages["S2"].finish == found.finish == date(2026, 4, 17)

    nothing = run()
    assert nothing.finish == TUESDAY
    assert nothing.items == {}


def test_any_milestone_is_enough_where_the_flow_says_so():
    stages = (StagePlan("S1", 8, any_milestone=True, is_advisory=False), STAGES[2])
    items = (an_item("slow", "S1", days=6, milestone=True), an_item("fast", "S1", days=2, milestone=True))

    assert run(*items, stages=stages).stages["S2"].opens == date(2026, 4, 16)
    assert run(*items).stages["S2"].opens == date(2026, 4, 22)


def test_what_is_undetermined_is_planned_and_marked():
    found = run(
        an_item("maybe", "S1", days=5, applies=None),
        an_item("sure", "S1", days=1, milestone=True, waits_for=("maybe",)),
        an_item("out", "S1", days=5, applies=False),
    )

    assert found.items["maybe"].tentative
    assert found.items["sure"].tentative
    assert found.items["sure"].start == found.items["maybe"].finish
    assert "out" not in found.items


def test_the_forecast_starts_from_what_has_happened():
    items = (
        an_item("done", "S1", days=5, milestone=True),
        an_item("running", "S2", days=5, waits_for=("done",)),
        an_item("late", "S2", days=2),
        an_item("next", "S2", days=1, waits_for=("running",)),
    )
    reality = Reality(
        items={
            "done": Actual(TUESDAY, finished_on=date(2026, 4, 15)),
            "running": Actual(date(2026, 4, 16), due_on=date(2026, 4, 29)),
            "late": Actual(date(2026, 4, 16)),
        },
        opened={"S1": TUESDAY, "S2": date(2026, 4, 16)},
        concluded={"S1": date(2026, 4, 15)},
    )

    found = run(*items, today=date(2026, 4, 22), reality=reality)

    assert spans(found)["done"] == (TUESDAY, date(2026, 4, 15))
    assert found.items["done"].is_actual
    assert not found.items["done"].critical
    assert spans(found)["running"] == (date(2026, 4, 16), date(2026, 4, 29))
    assert found.items["late"].finish == date(2026, 4, 22), "what is overdue is done today at the earliest"
    assert spans(found)["next"] == (date(2026, 4, 29), date(2026, 4, 30))
    assert (found.stages["S1"].finish, found.stages["S2"].opens) == (date(2026, 4, 15), date(2026, 4, 16))
    assert {item for item, dates in found.items.items() if dates.critical} == {"running", "next"}


def test_nothing_that_has_not_begun_begins_before_today():
    found = run(an_item("a", "S1", days=1), today=date(2026, 4, 20))

    assert found.items["a"].start == date(2026, 4, 20)


def test_items_that_wait_for_each_other_are_refused():
    with pytest.raises(Circular):
        run(an_item("a", "S1", days=1, waits_for=("b",)), an_item("b", "S1", days=1, waits_for=("a",)))
    with pytest.raises(Circular):
        run(an_item("a", "S1", days=1, waits_for=("b",)), an_item("b", "S2", days=1))


def test_the_span_of_a_drawing():
    found = run(an_item("a", "S1", days=5), an_item("b", "P", days=9))

    assert forecast.dates_of(found.items.values()) == (TUESDAY, date(2026, 4, 27))
    assert forecast.dates_of(()) is None
