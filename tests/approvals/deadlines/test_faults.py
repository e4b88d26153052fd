"""Faulty inputs: the first fault, by field in the table's order, then by event."""

from typing import Any

import pytest
from django.conf import settings

from approvals.deadlines.course import MESSAGES, Reason
from approvals.deadlines.management.commands.explain_clock import answer
from portal.core import calendars

RECEIVED = {"type": "received", "at": "2026-04-01T09:00:00+08:00"}
ACCEPTED = {"type": "accepted", "at": "2026-04-02T09:00:00+08:00"}
SOUND = {"statutory_days": 20, "promised_days": 10, "events": [RECEIVED], "as_of": "2026-04-30"}


def errors(given: object) -> list[dict[str, Any]]:
    told = answer(given, calendars.from_pack(settings.CITY_PACK))
    assert set(told) == {"errors"} or told["errors"] == []
    return told["errors"]


def event(type_: object, at: object = "2026-04-03T09:00:00+08:00", **more: object) -> dict[str, object]:
    return {"type": type_, "at": at, **more}


@pytest.mark.parametrize("given", [None, 5, "text", [], True])
def test_an_input_that_is_no_object(given: object) -> None:
    assert errors(given) == [{"index": None, "reason": "bad_input"}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("calendar", None),
        ("calendar", "Pack"),
        ("calendar", []),
        ("calendar", {"rest_days": None}),
        ("calendar", {"rest_days": "2026-01-01"}),
        ("calendar", {"rest_days": ["2026-1-1"]}),
        ("calendar", {"extra_workdays": ["1999-12-31"]}),
        ("calendar", {"extra_workdays": ["2026-02-30"]}),
        ("calendar", {"extra_workdays": [20260101]}),
        ("unit", None),
        ("unit", "days"),
        ("unit", ["working"]),
        ("statutory_days", None),
        ("statutory_days", True),
        ("statutory_days", 20.0),
        ("statutory_days", "20"),
        ("statutory_days", 0),
        ("statutory_days", 3651),
        ("promised_days", -1),
        ("close_of_business", None),
        ("close_of_business", "24:00"),
        ("close_of_business", "9:00"),
        ("close_of_business", "17:30\n"),
        ("close_of_business", "17:30:00"),
        ("close_of_business", "１７:30"),
        ("correction_stops", None),
        ("correction_stops", "C2"),
        ("correction_stops", ["C1"]),
        ("correction_stops", [["C2"]]),
        ("events", None),
        ("events", {}),
        ("events", []),
        ("as_of", None),
        ("as_of", "2026-04-30T00:00:00Z"),
        ("as_of", "2100-01-01"),
        ("as_of", "2026-03-31"),
        ("as_of", 20260430),
    ],
)
def test_a_bad_field(field: str, value: object) -> None:
    assert errors({**SOUND, field: value}) == [{"index": None, "field": field, "reason": "bad_field"}]


@pytest.mark.parametrize("field", ["statutory_days", "promised_days", "events", "as_of"])
def test_a_required_field_is_absent(field: str) -> None:
    given = {key: value for key, value in SOUND.items() if key != field}
    assert errors(given) == [{"index": None, "field": field, "reason": "bad_field"}]


def test_fields_are_told_in_the_order_of_the_table_and_before_events() -> None:
    assert errors({"as_of": None, "events": [], "unit": 3})[0]["field"] == "unit"
    assert errors({"statutory_days": 0, "promised_days": 0})[0]["field"] == "statutory_days"
    assert errors({**SOUND, "events": [5], "as_of": "no"})[0]["field"] == "as_of"
    assert errors({**SOUND, "events": [5], "as_of": "2026-01-01"})[0] == {"index": 0, "reason": "bad_event"}


def test_unknown_keys_and_repetitions_are_harmless() -> None:
    assert errors({**SOUND, "more": None, "correction_stops": ["C2", "C2"], "calendar": {"more": 1}}) == []
    assert errors({**SOUND, "correction_stops": []}) == []
    assert errors({**SOUND, "events": [{**RECEIVED, "kind": None, "days": "x"}]}) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "bad_event"),
        ([], "bad_event"),
        ({}, "unknown_type"),
        (event(None), "unknown_type"),
        (event(["accepted"]), "unknown_type"),
        (event("Accepted"), "unknown_type"),
        ({"type": "accepted"}, "bad_datetime"),
        (event("accepted", None), "bad_datetime"),
        (event("accepted", 5), "bad_datetime"),
        (event("accepted", "2026-04-03"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-03 09:00:00+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00z"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00+0800"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00+08:60"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00+24:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00.+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00.1234567+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T24:00:00+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:60+08:00"), "bad_datetime"),
        (event("accepted", "2026-02-29T09:00:00+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-０3T09:00:00+08:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00+08:00\n"), "bad_datetime"),
        (event("accepted", "2099-12-31T16:00:00Z"), "bad_datetime"),
        (event("accepted", "1999-12-31T15:59:59Z"), "bad_datetime"),
        (event("accepted", "0001-01-01T00:00:00+14:00"), "bad_datetime"),
        (event("accepted", "9999-12-31T23:59:59-12:00"), "bad_datetime"),
        (event("accepted", "2026-04-03T09:00:00"), "naive_datetime"),
        (event("accepted", "2026-04-03T09:00:00.5"), "naive_datetime"),
        (event("accepted", "2026-02-30T09:00:00"), "bad_datetime"),
        (event("accepted", "2026-04-01T08:59:59.999999+08:00"), "out_of_order"),
        (event("special_started", "2026-03-01T09:00:00+08:00", kind="no"), "out_of_order"),
        (event("special_started", kind="no"), "bad_kind"),
        (event("special_started", kind=None), "bad_kind"),
        (event("special_started", kind=["expert"]), "bad_kind"),
        (event("special_ended", kind="approved"), "bad_kind"),
        (event("decided", kind="expert"), "bad_kind"),
        (event("extended"), "bad_days"),
        (event("extended", days=None), "bad_days"),
        (event("extended", days=True), "bad_days"),
        (event("extended", days=5.0), "bad_days"),
        (event("extended", days=0), "bad_days"),
        (event("extended", days=3651), "bad_days"),
        (event("decided"), "not_accepted"),
        (event("extended", days=5), "not_accepted"),
        (event("special_started"), "not_accepted"),
        (event("special_ended"), "end_without_start"),
        (event("correction_supplied"), "end_without_start"),
        (event("delivered"), "not_decided"),
    ],
)
def test_a_bad_event_after_receipt(given: object, reason: str) -> None:
    assert errors({**SOUND, "events": [RECEIVED, given]}) == [{"index": 1, "reason": reason}]


@pytest.mark.parametrize(
    "at",
    [
        "2026-04-02T01:00:00Z",
        "2026-04-02T09:00:00.000001+08:00",
        "2026-04-01T09:00:00-12:00",
        "2026-04-01T01:00:00-00:00",
    ],
)
def test_any_offset_is_welcome(at: str) -> None:
    assert errors({**SOUND, "events": [RECEIVED, event("accepted", at)]}) == []


def test_the_range_is_that_of_the_shanghai_day() -> None:
    first = event("received", "1999-12-31T16:00:00Z")
    assert errors({**SOUND, "events": [first], "as_of": "2000-01-01"}) == []


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ([ACCEPTED], (0, "not_received")),
        ([event("delivered")], (0, "not_received")),
        ([RECEIVED, ACCEPTED, ACCEPTED], (2, "already_accepted")),
        ([RECEIVED, ACCEPTED, event("decided", kind="refused")], (2, "already_accepted")),
        ([RECEIVED, event("decided", kind="refused")], None),
        ([RECEIVED, event("decided", "2026-04-10T09:00:00+08:00", kind="refused")], (1, "already_accepted")),
        ([RECEIVED, event("decided", "2026-04-10T09:00:00+08:00", kind="denied")], None),
        ([RECEIVED, event("decided", "2026-04-09T23:59:59+08:00", kind="denied")], (1, "not_accepted")),
        (
            [RECEIVED, event("correction_requested"), event("extended", "2026-04-10T09:00:00Z", days=1)],
            (2, "not_accepted"),
        ),
        (
            [RECEIVED, event("accepted", "2026-04-10T09:00:00Z"), event("accepted", "2026-04-10T09:00:00Z")],
            (2, "already_accepted"),
        ),
        (
            [
                RECEIVED,
                event("correction_requested", "2026-04-10T09:00:00Z"),
                event("special_started", "2026-04-10T09:00:00Z"),
            ],
            None,
        ),
        ([RECEIVED, ACCEPTED, event("special_started", kind="test"), event("special_ended")], (3, "end_without_start")),
        ([RECEIVED, ACCEPTED, event("special_started"), event("special_ended", kind="other")], None),
        ([RECEIVED, ACCEPTED, event("special_started"), event("decided"), event("special_ended")], (4, "after_end")),
        ([RECEIVED, ACCEPTED, event("decided"), event("withdrawn")], (3, "after_end")),
        ([RECEIVED, ACCEPTED, event("decided"), event("extended", days=0)], (3, "bad_days")),
        ([RECEIVED, ACCEPTED, event("decided"), event("delivered"), event("delivered")], None),
        ([RECEIVED, event("withdrawn"), event("delivered")], (2, "after_end")),
        ([RECEIVED, event("withdrawn"), event("received")], (2, "after_end")),
        ([RECEIVED, event("submitted"), event("received")], None),
        (
            [
                RECEIVED,
                event("correction_requested"),
                event("correction_requested"),
                event("correction_supplied"),
                event("correction_supplied"),
            ],
            None,
        ),
    ],
)
def test_the_course_of_a_timer(events: list[object], fault: tuple[int, str] | None) -> None:
    expected = [] if fault is None else [{"index": fault[0], "reason": fault[1]}]
    assert errors({**SOUND, "events": events}) == expected


def test_every_reason_tells_what_to_do() -> None:
    assert set(MESSAGES) == set(Reason)
    assert all("请" in str(message) for message in MESSAGES.values())
