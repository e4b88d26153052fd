"""clock.yaml: states, limits, calibres and thresholds of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import (
    IDENT,
    NOTE,
    VERSION,
    WORD,
    Anything,
    Flag,
    ListOf,
    Maybe,
    Number,
    Record,
    Table,
    Text,
)
from portal.core import calendars
from portal.core.workdays import Calendar

FILE = "clock.yaml"
CALIBRES = ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9")

_STATE = Record(
    {
        "id": IDENT,
        "name": WORD,
        "national_blzt": Maybe(Number(1, 15)),
        "holder": Text(choices=("none", "dept", "applicant", "third", "closed")),
    }
)
_EVENT = Anything()
FILES = {
    "clock": Record(
        {
            "version": VERSION,
            "states": ListOf(_STATE, unique="id", least=1),
            "transitions": ListOf(Record({"frm": IDENT, "event": IDENT, "to": IDENT}), least=1),
            "day_sets": Table(WORD),
            "limits": Record(
                {
                    "notice_days": Number(1, 30),
                    "decide_days": Number(1, 365),
                    "extend_days": Number(0, 365),
                    "joint_days": Number(1, 365),
                    "joint_extend_days": Number(0, 365),
                    "deliver_days": Number(1, 365),
                    "hearing_request_days": Number(1, 365),
                    "hearing_hold_days": Number(1, 365),
                    "appeal_days_law": WORD,
                }
            ),
            "calibres": ListOf(
                Record(
                    {
                        "id": Text(choices=CALIBRES),
                        "name": WORD,
                        "start": WORD,
                        "end": WORD,
                        "count": WORD,
                        "limit": NOTE,
                        "use": WORD,
                    }
                ),
                unique="id",
                least=len(CALIBRES),
            ),
            "local_choices": Record(
                {
                    "post_acceptance_correction_stops": ListOf(Text(choices=("C2", "C9")), unique=""),
                    "submit_after_hours": WORD,
                    "submit_on_rest_day": WORD,
                    "half_days": Flag(),
                    "correction_expires_after_days": Number(1, 365),
                    "card_rules": Table(WORD),
                },
                {
                    # without them the numbers of approvals.review.queries.rules hold
                    "extensions_per_case": Number(1, 10),
                    "tolerance_days": Number(1, 365),
                    "commitment_check_days": Number(1, 365),
                    "rectify_days": Number(1, 365),
                },
            ),
            "thresholds": Record(
                {
                    "yellow_percent": Number(1, 99),
                    "yellow_min_days": Number(0, 30),
                    "double_red_times": Number(1, 10),
                    "double_red_overdue_days": Number(1, 365),
                    "card_yellow_unhandled_days": Number(0, 365),
                    "card_red_overdue_days": Number(1, 365),
                    "card_red_after_yellow": Number(1, 100),
                    "stalled_calendar_days": Number(1, 3650),
                }
            ),
            "special_procedures": ListOf(
                Record({"id": IDENT, "name": WORD, "max_days": Number(1, 365), "law": WORD}), unique="id", least=1
            ),
        },
        {"examples": ListOf(Record({"name": WORD, "events": ListOf(_EVENT), "expect": Table(_EVENT)}, {"note": NOTE}))},
    )
}


def check(documents: Documents) -> Iterator[Fault]:
    """Check the state table and count the examples again."""
    clock = documents["clock"]
    yield from _states(clock)
    if calendars.check(documents["holidays"]):
        return  # nothing can be counted on a calendar with faults, which are reported where they stand
    for index, example in enumerate(clock.get("examples") or []):
        yield from _example(example, f"examples[{index + 1}]", documents)


def _states(clock: dict[str, Any]) -> Iterator[Fault]:
    states = {state["id"] for state in clock["states"]}
    for index, move in enumerate(clock["transitions"]):
        for key in ("frm", "to"):
            if move[key] not in states:
                yield Fault(FILE, f"transitions[{index + 1}].{key}", _("没有“%s”这个状态") % move[key])
    first = clock["states"][0]["id"]
    reached = {first}
    for _round in clock["transitions"]:
        reached |= {move["to"] for move in clock["transitions"] if move["frm"] in reached}
    for state in clock["states"]:
        if state["id"] not in reached:
            yield Fault(FILE, f"states[{state['id']}]", _("从“%s”出发到不了这个状态") % first)


def _example(example: dict[str, Any], path: str, documents: Documents) -> Iterator[Fault]:
    """Count what an example expects; one that is no list of [date, event] pairs is a fault itself."""
    events: dict[str, date] = {}
    for entry in example["events"]:
        if not (isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)):
            yield Fault(FILE, f"{path}.events", _("每个事件应写成 [日期, 事件]"))
            return
        try:
            events[entry[1]] = date.fromisoformat(entry[0])
        except ValueError:
            yield Fault(FILE, f"{path}.events", _("没有这一天：%s") % entry[0])
            return
    calendar = Calendar.from_document(documents["holidays"])
    for key, wanted in example["expect"].items():
        found = _expected(key, events, documents["clock"], calendar)
        if found is not None and found != wanted:
            words = {"found": found, "wanted": wanted}
            yield Fault(FILE, f"{path}.expect.{key}", _("按规则算得 %(found)s，这里写的是 %(wanted)s") % words)


def _expected(key: str, events: dict[str, date], clock: dict[str, Any], calendar: Calendar) -> int | str | None:
    """Count one expectation; None for those that need more than this file to be counted."""
    if key == "C6_days" and {"accept", "approve"} <= events.keys():
        return (events["approve"] - events["accept"]).days
    if key == "C1_days" and {"accept", "approve", "suspend", "resume"} <= events.keys():
        spent = calendar.workdays_between(events["accept"], events["approve"])
        return spent - calendar.workdays_between(events["suspend"], events["resume"])
    if key in ("received", "deemed_accept_date") and "submit" in events:
        return events["submit"].isoformat()
    if key == "notice_deadline" and "submit" in events:
        return calendar.add_workdays(events["submit"], clock["limits"]["notice_days"]).isoformat()
    return None
