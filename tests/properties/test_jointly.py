"""The clocks of a stage and of the whole way against a naive walk through the days, and what must hold of them."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from approvals.deadlines import arithmetic, faults
from approvals.deadlines.course import Fault
from approvals.deadlines.jointly import ItemClock, StageUsed, explain_stage, explain_way
from tests.properties.clock_model import Model
from tests.properties.test_clock import event_lists, pack

DAY = timedelta(days=1)
START = date(2026, 1, 26)


@st.composite
def stages(draw: st.DrawFn) -> dict[str, Any]:
    """Return the inputs of one to four items, all told on one day."""
    items = []
    for _ in range(draw(st.integers(1, 4))):
        items.append({"statutory_days": 20, "promised_days": 10, "events": draw(event_lists(start=START, wild=False))})
    last = max(datetime.fromisoformat(item["events"][0]["at"]).date() for item in items)
    return {"items": items, "as_of": last + DAY * draw(st.integers(1, 60)), "ended": draw(st.integers(1, 70))}


def clocks(items: list[dict[str, Any]], as_of: date) -> list[tuple[ItemClock, Model]]:
    """Return each sound item's clock, and the model of it."""
    published = pack()
    known = (date(2024, 1, 1), date(2026, 12, 31))
    found = []
    for number, item in enumerate(items):
        given_ = {**item, "as_of": as_of.isoformat()}
        asked = faults.read(given_, pack=published)
        if isinstance(asked, Fault):
            continue
        told = arithmetic.explain(asked.terms, asked.events, asked.as_of)
        model = Model(given_, set(published.rest_days), set(published.extra_workdays), known)
        found.append((ItemClock(str(number), told), model))
    return found


def naive(models: list[Model], last: date) -> int:
    """Count the working days on which an item is open and not all open ones stand still, one day after the other."""
    used = 0
    answers = [model.answer() for model in models]
    days = [date.fromisoformat(each["accepted_on"]) for each in answers if each["accepted_on"]]
    if not days:
        return 0
    day = min(days) + DAY
    while day <= last:
        open_, still = 0, 0
        for model, told in zip(models, answers, strict=True):
            if not told["accepted_on"]:
                continue
            end = date.fromisoformat(told["ended_on"]) if told["ended_on"] else model.as_of
            if not date.fromisoformat(told["accepted_on"]) < day <= end:
                continue
            open_ += 1
            before = [event for event in model.events if event["day"] < day and event["day"] <= model.as_of]
            still += model.open_specials(before) > 0 or model.open_corrections(before) > 0
        used += models[0].works(day) and open_ > still
        day += DAY
    return used


@given(stages())
def test_a_stage_agrees_with_the_walk_through_its_days(given: dict[str, Any]) -> None:
    note(str(given))
    found = clocks(given["items"], given["as_of"])
    told = explain_stage(pack(), [item for item, _model in found], given["as_of"])

    assert told.used == naive([model for _item, model in found], given["as_of"])
    assert told.used == sum(day.counts for day in told.days)
    assert all(day.why for day in told.days)


@given(stages())
def test_it_ends_with_the_last_milestone(given: dict[str, Any]) -> None:
    ended_on = min(START + DAY * given["ended"], given["as_of"])
    found = clocks(given["items"], ended_on) if given["as_of"] >= ended_on else []
    items = [item for item, _model in found]
    told = explain_stage(pack(), items, given["as_of"], ended_on=ended_on)

    assert told.last == ended_on
    assert told.used == explain_stage(pack(), items, ended_on).used
    # an end that lies ahead has not come yet
    assert explain_stage(pack(), items, ended_on, ended_on=ended_on + DAY).ended_on is None


@given(stages(), st.integers(1, 20))
def test_it_never_falls_and_never_exceeds_the_working_days(given: dict[str, Any], later: int) -> None:
    as_of = given["as_of"]
    now = explain_stage(pack(), [item for item, _ in clocks(given["items"], as_of)], as_of)
    then = explain_stage(pack(), [item for item, _ in clocks(given["items"], as_of + DAY * later)], as_of + DAY * later)

    assert 0 <= now.used <= then.used
    if now.started_on is not None:
        assert now.used <= pack().workdays_between(now.started_on, now.last)


@given(stages())
def test_the_order_of_its_items_does_not_matter(given: dict[str, Any]) -> None:
    items = [item for item, _model in clocks(given["items"], given["as_of"])]

    assert (
        explain_stage(pack(), items, given["as_of"]).used
        == explain_stage(pack(), list(reversed(items)), given["as_of"]).used
    )


ways = st.lists(
    st.tuples(st.sampled_from(("", "01", "02", "0101", "0102", "0201", "010101", "010102")), st.integers(0, 40)),
    max_size=8,
)


@given(ways)
def test_the_whole_way_is_the_longest_line_and_nothing_between_its_stages(given: list[tuple[str, int]]) -> None:
    stages = [StageUsed(f"S{number}", path, used) for number, (path, used) in enumerate(given)]
    told = explain_way(stages)
    lines = [sum(used for path, used in given if end.startswith(path)) for end, _used in given]

    assert told.used == max(lines, default=0)
    assert told.used == sum(stage.used for stage in told.stages)


def test_a_project_without_stages_has_taken_nothing() -> None:
    assert explain_way([]).used == 0
