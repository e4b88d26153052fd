"""roles.yaml: which role may do which act, and how far: own things, those of the department, the whole city."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, VERSION, WORD, Either, ListOf, Record, Table, Text

FILE = "roles.yaml"
_ACT = r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*"
_HELD_IN = Text(choices=("enterprise", "department"))
_ACTS = ListOf(WORD, unique="", least=1)

FILES = {
    "roles": Record(
        {
            "version": VERSION,
            "acts": Table(WORD, key=_ACT, least=1),
            "separated": ListOf(IDENT, unique=""),
            "roles": ListOf(
                Record(
                    {
                        "id": IDENT,
                        "name": WORD,
                        "held_in": Either((_HELD_IN, ListOf(_HELD_IN, unique="", least=1)), "enterprise / department"),
                        "layout": Text(choices=("applicant", "window", "department", "leader", "admin")),
                        "grants": Record({}, {"own": _ACTS, "department": _ACTS, "city": _ACTS}),
                    }
                ),
                unique="id",
                least=1,
            ),
        }
    )
}


def check(documents: Documents) -> Iterator[Fault]:
    """Check that granted acts exist, that nobody is left without any, and that separated roles share no act alone."""
    document = documents["roles"]
    roles = {role["id"] for role in document["roles"]}
    for index, name in enumerate(document["separated"]):
        if name not in roles:
            yield Fault(FILE, f"separated[{index + 1}]", _("没有“%s”这个角色") % name)
    granted: set[str] = set()
    for role in document["roles"]:
        path = f"roles[{role['id']}].grants"
        seen: dict[str, str] = {}
        if not role["grants"]:
            yield Fault(FILE, path, _("这个角色什么都不能做"))
        for scope, acts in role["grants"].items():
            for index, act in enumerate(acts):
                here = f"{path}.{scope}[{index + 1}]"
                if act not in document["acts"]:
                    yield Fault(FILE, here, _("没有“%s”这个动作") % act)
                elif act in seen:
                    yield Fault(FILE, here, _("“%(act)s”已按 %(scope)s 授权") % {"act": act, "scope": seen[act]})
                seen.setdefault(act, scope)
        if "enterprise" in role["held_in"] and role["grants"].keys() - {"own"}:
            yield Fault(FILE, path, _("企业人员只能授权 own 范围"))
        granted |= seen.keys()
    for act in document["acts"]:
        if act not in granted:
            yield Fault(FILE, f"acts.{act}", _("没有任何角色能做这个动作"))
