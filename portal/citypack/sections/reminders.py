"""reminders.yaml: when whom to remind of what, in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, VERSION, WORD, ListOf, Number, Record, Table, Text

FILE = "reminders.yaml"
_DAYS = ListOf(Number(0, 365), unique="")

FILES = {
    "reminders": Record(
        {
            "version": VERSION,
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
    roles = {role["id"] for role in documents["roles"]["roles"]}
    document = documents["reminders"]
    for reminder in document["reminders"]:
        path = f"reminders[{reminder['id']}]"
        if reminder["event"] not in document["events"]:
            yield Fault(FILE, f"{path}.event", _("没有“%s”这个日期") % reminder["event"])
        if not reminder["before"] and not reminder["after"]:
            yield Fault(FILE, path, _("before 和 after 都是空的，永远不会提醒"))
        for index, role in enumerate(reminder["to"]):
            if role not in roles:
                yield Fault(FILE, f"{path}.to[{index + 1}]", _("没有“%s”这个角色") % role)
