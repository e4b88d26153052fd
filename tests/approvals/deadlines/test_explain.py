"""The clock's arithmetic: the worked examples, and each rule at its edge."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from approvals.deadlines.management.commands.explain_clock import answer
from portal.core import calendars

EXAMPLES = json.loads((Path(__file__).parent / "worked_examples.json").read_text(encoding="utf-8"))


def explain(*events: tuple[Any, ...], as_of: str, **fields: Any) -> dict[str, Any]:
    """Ask the clock; an event is (type, at, kind or days), `at` without offset is Shanghai."""
    given = {"statutory_days": 20, "promised_days": 10, "as_of": as_of, **fields}
    given["events"] = []
    for name, at, *more in events:
        event = {"type": name, "at": f"{at}T10:00:00+08:00" if len(at) == 10 else f"{at}+08:00"}
        for value in more:
            event["days" if isinstance(value, int) else "kind"] = value
        given["events"].append(event)
    return answer(given, calendars.from_pack(settings.CITY_PACK))


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_worked_examples(example: dict[str, Any]) -> None:
    told = answer(example["input"], calendars.from_pack(settings.CITY_PACK))

    assert {key: told[key] for key in example["answer"]} == example["answer"]
    assert told["errors"] == []


def test_the_day_before_silence_becomes_acceptance() -> None:
    told = explain(("submitted", "2026-04-01"), as_of="2026-04-09")

    assert (told["light"], told["accepted_on"], told["due_on"]) == ("blue", None, {"C1": None, "C2": None})
    assert told["used"]["C1"] == 0
    assert told["used"]["C3"] == 5


@pytest.mark.parametrize(
    ("at", "received_on"),
    [
        ("2026-02-13T17:30:00", "2026-02-13"),
        ("2026-02-13T17:30:00.000001", "2026-02-14"),
        ("2026-02-14T18:00:00", "2026-02-24"),
        ("2026-03-07T09:00:00", "2026-03-09"),
        ("2026-03-07T23:00:00", "2026-03-09"),
    ],
)
def test_online_after_hours_is_received_on_the_next_working_day(at: str, received_on: str) -> None:
    assert explain(("submitted", at), as_of="2026-03-31")["received_on"] == received_on


def test_paper_is_received_when_it_is_handed_in() -> None:
    assert explain(("received", "2026-03-07T23:00:00"), as_of="2026-03-09")["received_on"] == "2026-03-07"


def test_an_answer_on_the_last_day_of_notice_is_in_time_at_any_hour() -> None:
    told = explain(("submitted", "2026-04-01"), ("accepted", "2026-04-09T23:59:59"), as_of="2026-04-10")

    assert (told["deemed_accepted"], told["accepted_on"]) == (False, "2026-04-09")


def test_a_late_acceptance_moves_nothing_once_deemed() -> None:
    told = explain(("submitted", "2026-04-01"), ("accepted", "2026-04-10"), as_of="2026-04-13")

    assert (told["deemed_accepted"], told["accepted_on"], told["used"]["C1"]) == (True, "2026-04-01", 7)


def test_a_timely_correction_notice_rules_deeming_out_for_good() -> None:
    told = explain(("submitted", "2026-04-01"), ("correction_requested", "2026-04-09"), as_of="2026-06-30")

    assert (told["deemed_accepted"], told["light"], told["provisional"]) == (False, "blue", False)


def test_a_late_correction_notice_comes_after_deemed_acceptance() -> None:
    told = explain(("submitted", "2026-04-01"), ("correction_requested", "2026-04-10"), as_of="2026-04-20")

    assert (told["deemed_accepted"], told["used"]["C1"], told["used"]["C2"], told["light"]) == (True, 12, 6, "grey")


def test_acceptance_before_the_day_of_receipt_counts_from_the_receipt() -> None:
    told = explain(("submitted", "2026-03-06T18:00:00"), ("accepted", "2026-03-07"), as_of="2026-03-07")

    assert (told["received_on"], told["accepted_on"]) == ("2026-03-09", "2026-03-09")
    assert told["ledger"] == []
    assert told["used"]["C6"] == 1
    assert told["due_on"]["C2"] == "2026-03-23"
    assert told["light"] == "green"


def test_a_correction_open_across_acceptance_stops_from_acceptance_on() -> None:
    told = explain(
        ("submitted", "2026-03-02"),
        ("correction_requested", "2026-03-03"),
        ("accepted", "2026-03-05"),
        ("correction_supplied", "2026-03-10"),
        as_of="2026-03-12",
    )

    assert {calibre: told["used"][calibre] for calibre in ("C1", "C2", "C3", "C4")} == {
        "C1": 5,
        "C2": 2,
        "C3": 3,
        "C4": 5,
    }


def test_a_pause_begun_and_ended_on_one_day_is_empty() -> None:
    told = explain(
        ("received", "2026-03-02"),
        ("accepted", "2026-03-02"),
        ("special_started", "2026-03-03", "test"),
        ("special_ended", "2026-03-03", "test"),
        as_of="2026-03-03",
    )

    assert (told["used"]["C1"], told["light"], told["provisional"]) == (1, "green", False)


def test_two_specials_of_one_kind_need_two_ends() -> None:
    events = [
        ("received", "2026-03-02"),
        ("accepted", "2026-03-02"),
        ("special_started", "2026-03-03", "test"),
        ("special_started", "2026-03-04", "test"),
        ("special_ended", "2026-03-05", "test"),
    ]
    assert explain(*events, as_of="2026-03-06")["light"] == "grey"

    events.append(("special_ended", "2026-03-09", "test"))
    told = explain(*events, as_of="2026-03-10")
    assert (told["used"]["C5"], told["used"]["C2"]) == (4, 2)


def test_a_pause_is_told_on_its_first_day_and_no_longer_on_its_last() -> None:
    started = [("received", "2026-03-02"), ("accepted", "2026-03-02"), ("special_started", "2026-03-03")]
    told = explain(*started, as_of="2026-03-03")
    assert (told["light"], told["provisional"], told["ledger"][-1]["holder"]) == ("grey", True, "dept")

    told = explain(*started, ("special_ended", "2026-03-05"), as_of="2026-03-05")
    assert (told["light"], told["provisional"], told["ledger"][-1]["holder"]) == ("green", False, "third")


def test_a_correction_that_stops_nothing_suspends_nothing() -> None:
    told = explain(
        ("received", "2026-03-02"),
        ("accepted", "2026-03-02"),
        ("correction_requested", "2026-03-03"),
        as_of="2026-03-06",
        correction_stops=["C9"],
    )

    assert (told["used"]["C2"], told["used"]["C9"], told["light"]) == (4, 1, "green")


def test_a_pause_does_not_hide_a_red_light() -> None:
    told = explain(
        ("received", "2026-03-02"),
        ("accepted", "2026-03-02"),
        ("special_started", "2026-03-20"),
        as_of="2026-03-25",
    )

    assert (told["used"]["C2"], told["due_on"]["C2"], told["light"]) == (14, "2026-03-16", "red")


def test_used_up_on_the_last_day_is_yellow_and_a_day_later_red() -> None:
    events = (("received", "2026-03-02"), ("accepted", "2026-03-02"))

    assert explain(*events, as_of="2026-03-16")["light"] == "yellow"
    assert explain(*events, as_of="2026-03-17")["light"] == "red"
    assert explain(*events, ("decided", "2026-03-17"), as_of="2026-04-30")["light"] == "red"
    assert explain(*events, ("decided", "2026-03-16"), as_of="2026-04-30")["light"] == "green"


def test_calendar_days_are_late_only_after_the_shifted_due_day() -> None:
    events = (("submitted", "2026-02-11"), ("accepted", "2026-02-11"))
    fields = {"unit": "calendar", "promised_days": 7}

    assert explain(*events, as_of="2026-02-24", **fields)["light"] == "yellow"
    assert explain(*events, as_of="2026-02-25", **fields)["light"] == "red"


def test_an_extension_adds_to_both_limits_from_its_day_on() -> None:
    events = (("received", "2026-03-02"), ("accepted", "2026-03-02"), ("extended", "2026-03-16", 5))

    assert explain(*events, as_of="2026-03-13")["due_on"] == {"C1": "2026-03-30", "C2": "2026-03-16"}
    assert explain(*events, as_of="2026-03-17")["due_on"] == {"C1": "2026-04-07", "C2": "2026-03-23"}


@pytest.mark.parametrize("end", [("withdrawn", "2026-03-04"), ("decided", "2026-03-04", "refused")])
def test_what_ended_before_acceptance_stays_blue(end: tuple[str, ...]) -> None:
    told = explain(("received", "2026-03-02"), end, as_of="2026-04-30")

    assert (told["light"], told["ended_on"], told["deemed_accepted"]) == ("blue", "2026-03-04", False)
    assert told["used"] == {"C1": 0, "C2": 0, "C3": 2, "C4": 0, "C5": 0, "C6": 2, "C9": 0}


def test_what_happens_after_the_day_asked_for_does_not_exist_yet() -> None:
    told = explain(
        ("received", "2026-03-02"), ("accepted", "2026-03-04"), ("decided", "2026-03-09"), as_of="2026-03-03"
    )

    assert (told["accepted_on"], told["ended_on"], told["used"]["C6"]) == (None, None, 1)


def test_a_limit_beyond_the_calendar_of_mankind_has_no_due_day() -> None:
    extensions = [("extended", "2026-03-03", 3650)] * 900
    told = explain(("received", "2026-03-02"), ("accepted", "2026-03-02"), *extensions, as_of="2026-03-04")

    assert told["due_on"] == {"C1": None, "C2": None}
    assert told["light"] == "green"


def test_every_day_says_why() -> None:
    told = explain(
        ("received", "2026-03-02"),
        ("accepted", "2026-03-04"),
        ("special_started", "2026-03-05", "expert"),
        ("special_ended", "2026-03-06", "expert"),
        ("correction_requested", "2026-03-06"),
        as_of="2026-03-09",
    )

    assert [row["why"] for row in told["ledger"]] == [
        "尚未受理，不计入时限",
        "尚未受理，不计入时限",
        "部门办理，计入时限",
        "专家评审期间，不计入时限（行政许可法第45条）",
        "休息日，不计入时限（行政许可法第82条）",
        "休息日，不计入时限（行政许可法第82条）",
        "等申请人补正：计入法定时限，不计入承诺时限和国标用时",
    ]
