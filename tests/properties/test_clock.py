"""The clock against a naive day-by-day model, and what must hold of every timer."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from django.conf import settings
from hypothesis import given, note
from hypothesis import strategies as st

from approvals.deadlines.management.commands.explain_clock import answer
from portal.core import calendars
from portal.core.workdays import Calendar
from tests.properties.clock_model import OUTCOMES, SPECIALS, Model

DAY = timedelta(days=1)
SHANGHAI = timezone(timedelta(hours=8))
#: around the longest holiday, and around the end of what is published
STARTS = (date(2026, 1, 26), date(2025, 12, 22), date(2026, 9, 14), date(2026, 12, 7), date(2023, 12, 18))
OFFSETS = (8, 0, -11, 14, 5.5)
NAMES = (
    "submitted",
    "received",
    "correction_requested",
    "correction_supplied",
    "accepted",
    "special_started",
    "special_ended",
    "extended",
    "decided",
    "refused",
    "withdrawn",
    "delivered",
)


def likely(names: list[str]) -> list[str]:
    """Name what may well come next; not always sound, for the days decide as well."""
    if "decided" in names or "refused" in names or "withdrawn" in names:
        return ["delivered"]
    following = ["correction_requested"]
    if names.count("correction_requested") > names.count("correction_supplied"):
        following += ["correction_supplied"] * 3
    if names.count("special_started") > names.count("special_ended"):
        following += ["special_ended"] * 5
    if "accepted" not in names:
        return [*following, *["accepted"] * 5, "withdrawn", "refused"]
    return [*following, *["special_started"] * 4, "extended", "decided"]


def pack() -> Calendar:
    return calendars.from_pack(settings.CITY_PACK)


@st.composite
def event_lists(draw: st.DrawFn, *, start: date, wild: bool) -> list[dict[str, Any]]:
    at = datetime(start.year, start.month, start.day, tzinfo=SHANGHAI) + DAY * draw(st.integers(0, 30))
    names: list[str] = []
    events: list[dict[str, Any]] = []
    for index in range(draw(st.integers(1, 10))):
        hours = draw(st.sampled_from((0, 8, 17, 17.5, 23.9)))
        micro = draw(st.sampled_from((0, 0, 1)))
        moment = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hours, microseconds=micro)
        at = moment if moment >= at or (wild and draw(st.booleans())) else at
        if wild and draw(st.integers(0, 2)) == 0:
            name = draw(st.sampled_from(NAMES))
        elif index == 0:
            name = draw(st.sampled_from(("submitted", "received")))
        else:
            name = draw(st.sampled_from(likely(names)))
        names.append(name)
        event: dict[str, Any] = {"type": name}
        if name == "refused":
            event.update(type="decided", kind="refused")
        elif name == "decided" and draw(st.booleans()):
            event["kind"] = draw(st.sampled_from(sorted(OUTCOMES)))
        elif name.startswith("special") and draw(st.booleans()):
            event["kind"] = draw(st.sampled_from(("other", "other", "test", *sorted(SPECIALS))))
        elif name == "extended":
            event["days"] = draw(st.integers(1, 12))
        offset = timezone(timedelta(hours=draw(st.sampled_from(OFFSETS))))
        event["at"] = at.astimezone(offset).isoformat()
        events.append(event)
        at += DAY * draw(st.sampled_from((0, 0, 1, 1, 2, 3, 5, 9)))
    return events


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.sampled_from(STARTS))
    given: dict[str, Any] = {
        "statutory_days": draw(st.integers(1, 30)),
        "promised_days": draw(st.integers(1, 14)),
        "events": draw(event_lists(start=start, wild=draw(st.integers(0, 4)) == 0)),
    }
    if draw(st.booleans()):
        given["unit"] = draw(st.sampled_from(("working", "calendar")))
    if draw(st.booleans()):
        given["correction_stops"] = draw(st.lists(st.sampled_from(("C2", "C9")), unique=True))
    if draw(st.booleans()):
        given["close_of_business"] = draw(st.sampled_from(("17:30", "00:00", "23:59", "08:00")))
    if draw(st.booleans()):
        near = st.dates(start - DAY * 10, start + DAY * 120).map(date.isoformat)
        given["calendar"] = {
            key: draw(st.lists(near, max_size=25)) for key in ("rest_days", "extra_workdays") if draw(st.integers(0, 3))
        }
    last = datetime.fromisoformat(given["events"][-1]["at"]).astimezone(SHANGHAI).date()
    given["as_of"] = (last + DAY * draw(st.integers(-12, 30))).isoformat()
    return given


def model(given: dict[str, Any]) -> Model:
    if "calendar" not in given:
        published = pack()
        return Model(
            given, set(published.rest_days), set(published.extra_workdays), (date(2024, 1, 1), date(2026, 12, 31))
        )
    own = {key: {date.fromisoformat(day) for day in days} for key, days in given["calendar"].items()}
    return Model(given, own.get("rest_days", set()), own.get("extra_workdays", set()), None)


def without_words(answered: dict[str, Any]) -> dict[str, Any]:
    rows = [{key: row[key] for key in row if key != "why"} for row in answered.get("ledger", [])]
    return {**answered, "ledger": rows} if "ledger" in answered else answered


@given(inputs())
def test_agrees_with_the_day_by_day_model(given: dict[str, Any]) -> None:
    note(str(given))
    assert without_words(answer(given, pack())) == model(given).answer()


@given(inputs(), st.integers(1, 40))
def test_numbers_never_fall_and_never_go_below_zero(given: dict[str, Any], later: int) -> None:
    told = answer(given, pack())
    if told["errors"]:
        return
    after = answer({**given, "as_of": (date.fromisoformat(given["as_of"]) + DAY * later).isoformat()}, pack())

    assert all(days >= 0 for days in told["used"].values())
    assert all(after["used"][calibre] >= days for calibre, days in told["used"].items())
    assert told["accepted_on"] in (None, after["accepted_on"])


@given(inputs())
def test_the_ledger_adds_up(given: dict[str, Any]) -> None:
    told = answer(given, pack())
    if told["errors"]:
        return
    rows, used = told["ledger"], told["used"]

    for calibre in ("C1", "C2", "C9"):
        assert used[calibre] == sum(row["counts"][calibre] for row in rows)
    for calibre, holder in (("C3", "dept"), ("C4", "applicant"), ("C5", "third")):
        assert used[calibre] == sum(row["working"] and row["holder"] == holder for row in rows)
    assert used["C3"] + used["C4"] + used["C5"] == sum(row["working"] for row in rows)
    assert used["C2"] <= used["C1"]
    assert all(row["why"] for row in rows)


@given(inputs())
def test_a_due_day_ahead_is_where_an_undisturbed_clock_arrives(given: dict[str, Any]) -> None:
    told = answer(given, pack())
    if told["errors"] or told["ended_on"] or told["light"] == "grey" or not told["due_on"]["C2"]:
        return
    # Nothing more happens: drop what comes after the day the clock was told for.
    past = [event for event in given["events"] if _day(event) <= date.fromisoformat(given["as_of"])]
    due = told["due_on"]["C2"]
    if due <= given["as_of"]:
        return
    on_due = answer({**given, "events": past, "as_of": due}, pack())
    before = answer({**given, "events": past, "as_of": (date.fromisoformat(due) - DAY).isoformat()}, pack())
    limit = given["promised_days"] + sum(event.get("days", 0) for event in past if event["type"] == "extended")

    assert on_due["used"]["C2"] >= limit
    assert on_due["light"] == "yellow"
    assert before["light"] != "red"
    assert given.get("unit") == "calendar" or before["used"]["C2"] < limit


def _day(event: dict[str, Any]) -> date:
    return datetime.fromisoformat(event["at"]).astimezone(SHANGHAI).date()
