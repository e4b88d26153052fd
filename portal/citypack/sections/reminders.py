"""reminders.yaml, and the escalation of metrics.yaml: when whom to remind of what, in numbers."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, VERSION, WORD, ListOf, Number, Record, Table, Text

FILE = "reminders.yaml"
METRICS = "metrics.yaml"
#: whoever has the thing on his desk, instead of a role
HOLDER = "holder"
_DAYS = ListOf(Number(0, 365), unique="")

FILES = {
    "reminders": Record(
        {
            "version": VERSION,
            "not_before": Text(pattern=r"([01]\d|2[0-3]):[0-5]\d", hint="HH:MM"),
            "catch_up_days": Number(1, 60),
            "events": Table(WORD, key="[a-z_]+", least=1),
            "reminders": ListOf(
                Record(
                    {
                        "id": IDENT,
                        "name": WORD,
                        "event": WORD,
                        "unit": Text(choices=("working", "calendar")),
                        "before": _DAYS,
                        "after": _DAYS,
                        "to": ListOf(IDENT, unique="", least=1),
                    }
                ),
                unique="id",
            ),
        }
    )
}


def check(documents: Documents) -> Iterator[Fault]:
    """Check events and roles, and that each reminder comes at some time."""
    known = {HOLDER, *(role["id"] for role in documents["roles"]["roles"])}
    document = documents["reminders"]
    for reminder in document["reminders"]:
        path = f"reminders[{reminder['id']}]"
        if not reminder["before"] and not reminder["after"]:
            yield Fault(FILE, path, _("before 和 after 都是空的，永远不会提醒"))
        yield from _names(FILE, path, reminder, events=document["events"], known=known)
    taken = {reminder["id"] for reminder in document["reminders"]}
    for level in documents["metrics"]["escalation"]:
        path = f"escalation[{level['id']}]"
        if level["id"] in taken:
            yield Fault(METRICS, f"{path}.id", _("reminders.yaml 里已有这个编号"))
        yield from _names(METRICS, path, level, events=document["events"], known=known)


def _names(
    file: str, path: str, rule: Mapping[str, Any], *, events: Container[str], known: Container[str]
) -> Iterator[Fault]:
    """Check that a rule names a date and roles that there are."""
    if rule["event"] not in events:
        yield Fault(file, f"{path}.event", _("没有“%s”这个日期") % rule["event"])
    for index, role in enumerate(rule["to"]):
        if role not in known:
            yield Fault(file, f"{path}.to[{index + 1}]", _("没有“%s”这个角色") % role)
