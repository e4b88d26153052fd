"""departments.yaml: the departments of the city, their offices, and the stages they lead."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, NOTE, VERSION, WORD, ListOf, Record, Text

FILE = "departments.yaml"
NUMBER_WORD = Text(pattern=r"[^\W_]{1,12}", hint="1-12 个文字或字母，没有空格和标点")
KINDS = ("gov", "window", "agency", "coordination", "public", "utility", "intermediary")

FILES = {
    "departments": Record(
        {
            "version": VERSION,
            "city": WORD,
            "departments": ListOf(
                Record(
                    {
                        "id": IDENT,
                        "name": WORD,
                        "short": WORD,
                        "kind": Text(choices=KINDS),
                        "leads_stage": ListOf(WORD, unique=""),
                    },
                    {
                        "note_en": NOTE,
                        "number_word": NUMBER_WORD,
                        "units": ListOf(Record({"id": IDENT, "name": WORD}), unique="id"),
                    },
                ),
                unique="id",
                least=1,
            ),
        }
    )
}


def check(documents: Documents) -> Iterator[Fault]:
    """Check that led stages exist, have one lead each, and that number words and office ids are unique in the city."""
    stages = {stage["id"]: stage for stage in documents["flows"]["stages"]}
    led: dict[str, str] = {}
    units: dict[str, str] = {}
    names: dict[str, str] = {}
    signed: dict[str, str] = {}
    for department in documents["departments"]["departments"]:
        path = f"departments[{department['id']}]"
        if department["name"] in names:
            yield Fault(FILE, f"{path}.name", _("与“%s”同名") % names[department["name"]])
        names[department["name"]] = department["id"]
        word = department.get("number_word") or department["short"]
        if word in signed:
            yield Fault(FILE, f"{path}.number_word", _("“%s”已用这个发文代字，编号会分不清") % signed[word])
        signed[word] = department["id"]
        for index, stage in enumerate(department["leads_stage"]):
            here = f"{path}.leads_stage[{index + 1}]"
            if stage not in stages:
                yield Fault(FILE, here, _("没有“%s”这个阶段") % stage)
            elif stage in led:
                words = {"stage": stage, "other": led[stage]}
                yield Fault(FILE, here, _("“%(stage)s”已由“%(other)s”牵头") % words)
            elif stages[stage]["lead"] != department["id"]:
                yield Fault(FILE, here, _("flows.yaml 里这个阶段的牵头部门是“%s”") % stages[stage]["lead"])
            led.setdefault(stage, department["id"])
        for unit in department.get("units") or []:
            if unit["id"] in units:
                yield Fault(FILE, f"{path}.units[{unit['id']}]", _("“%s”已有这个科室编号") % units[unit["id"]])
            units[unit["id"]] = department["id"]
