"""What holds for the dates of every plan."""

import dataclasses
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.core.workdays import Calendar
from projects.planning.forecast import Actual, Forecast, Reality, StagePlan, forecast
from tests.properties.planning import MAIN, an_item, projects

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
FESTIVAL = Calendar(rest_days=frozenset(date(2026, 2, day) for day in range(16, 24)))


@st.composite
def stage_plans(draw: st.DrawFn) -> tuple[StagePlan, ...]:
    advisory = StagePlan("S0", 0, any_milestone=False, is_advisory=True)
    return (
        advisory,
        *(StagePlan(stage, draw(st.integers(0, 20)), draw(st.booleans()), is_advisory=False) for stage in MAIN),
    )


def run(items, stages, start, today=None, reality=None) -> Forecast:
    return forecast(items=items, stages=stages, calendar=FESTIVAL, start=start, today=today or start, reality=reality)


def finishes(found: Forecast) -> dict[str, date]:
    return {
        **{item: dates.finish for item, dates in found.items.items()},
        **{stage: dates.finish for stage, dates in found.stages.items()},
        "": found.finish,
    }


def nothing_later(after: Forecast, before: Forecast) -> bool:
    limits = finishes(before)
    return all(finish <= limits[name] for name, finish in finishes(after).items())


@given(projects(), stage_plans(), DAYS)
def test_everything_that_applies_or_may_apply_gets_working_dates(items, stages, start):
    found = run(items, stages, start)

    assert set(found.items) == {item.id for item in items if item.applies is not False}
    for dates in found.items.values():
        assert start <= dates.start < dates.finish
        assert FESTIVAL.is_workday(dates.start)
        assert FESTIVAL.is_workday(dates.finish)


@given(projects(), stage_plans(), DAYS)
def test_nothing_starts_before_its_prerequisites_or_its_stage(items, stages, start):
    found = run(items, stages, start)

    for item in items:
        if item.id in found.items:
            dates = found.items[item.id]
            assert all(found.items[other].finish <= dates.start for other in item.waits_for)
            if item.stage in found.stages:
                assert found.stages[item.stage].opens <= dates.start
            if dates.after:
                assert found.items[dates.after].finish <= dates.start


@given(projects(), stage_plans(), DAYS)
def test_stages_follow_one_another(items, stages, start):
    found = run(items, stages, start)

    days = [start]
    for stage in MAIN:
        assert found.stages[stage].opens == days[-1]
        days.append(found.stages[stage].finish)
    assert days == sorted(days)
    assert found.finish == days[-1]


@given(projects(), stage_plans(), DAYS)
def test_what_is_undetermined_is_marked_and_all_that_waits_for_it(items, stages, start):
    found = run(items, stages, start)

    for item in items:
        if item.id in found.items:
            waits = any(found.items[other].tentative for other in item.waits_for)
            assert found.items[item.id].tentative == (item.applies is None or waits)


@given(projects(), stage_plans(), DAYS, st.data())
def test_a_longer_limit_makes_nothing_earlier(items, stages, start, data):
    if not items:
        return
    chosen = data.draw(st.sampled_from(items)).id
    longer = tuple(
        dataclasses.replace(item, limit_days=item.limit_days + 5) if item.id == chosen else item for item in items
    )

    assert nothing_later(run(items, stages, start), run(longer, stages, start))


@given(projects(), stage_plans(), DAYS, st.integers(0, 60))
def test_a_later_start_makes_nothing_earlier(items, stages, start, days):
    assert nothing_later(run(items, stages, start), run(items, stages, start + timedelta(days=days)))
    assert nothing_later(run(items, stages, start), run(items, stages, start, today=start + timedelta(days=days)))


@given(projects(), stage_plans(), DAYS, st.data())
def test_an_answer_to_what_was_open_makes_nothing_later(items, stages, start, data):
    unsettled = [item.id for item in items if item.applies is None]
    if not unsettled:
        return
    chosen, answer = data.draw(st.sampled_from(unsettled)), data.draw(st.booleans())
    answered = tuple(
        dataclasses.replace(
            item,
            applies=answer if item.id == chosen else item.applies,
            waits_for=tuple(other for other in item.waits_for if answer or other != chosen),
        )
        for item in items
    )

    assert nothing_later(run(answered, stages, start), run(items, stages, start))


@given(projects(), stage_plans(), DAYS, st.data())
def test_what_has_happened_stays_as_it_happened(items, stages, start, data):
    planned = [item.id for item in items if item.applies is not False]
    done = data.draw(st.lists(st.sampled_from(planned), unique=True)) if planned else []
    today = start + timedelta(days=40)
    reality = Reality(
        items={item: Actual(start, finished_on=start + timedelta(days=7 + place)) for place, item in enumerate(done)}
    )

    found = run(items, stages, start, today=today, reality=reality)

    for item in planned:
        if item in done:
            assert found.items[item].is_actual
            assert found.items[item].finish == reality.items[item].finished_on
            assert not found.items[item].critical
        else:
            assert found.items[item].start >= today


@given(projects(), stage_plans(), DAYS)
def test_the_critical_path_is_what_a_delay_of_the_whole_hangs_on(items, stages, start):
    found = run(items, stages, start)

    for item in items:
        if item.id not in found.items or found.items[item.id].critical:
            continue
        shorter = tuple(dataclasses.replace(other, limit_days=1) if other.id == item.id else other for other in items)
        any_rule = any(stage.any_milestone for stage in stages)
        assert any_rule or run(shorter, stages, start).finish == found.finish


def test_an_item_made_by_hand_is_planned():
    found = run(
        (an_item("a", "S1", days=1),), (StagePlan("S1", 1, any_milestone=False, is_advisory=False),), date(2026, 3, 2)
    )

    assert found.items["a"].critical
