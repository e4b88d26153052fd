"""Rules of all conditions: of items, flows, packages and limit variants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from projects.catalogue.conditions import number, truth
from projects.catalogue.definitions import ConditionKind
from projects.catalogue.pack.forms import layer_codes

_ORDERED = ("le", "ge", "lt", "gt")
_NUMBERS = ("int", "decimal")

Row = dict[str, Any]


def check(documents: Documents) -> Iterator[Fault]:
    """Check that each clause can be answered: its field exists, and field, operation and value fit together."""
    fields = {field["id"]: field for form in documents["form"]["forms"] for field in form["fields"]}
    lists = documents["form"]["code_lists"]
    layers = layer_codes(documents["layers"])
    for key, condition in documents["items"]["conditions"].items():
        path = f"conditions.{key}"
        yield from _shape("items.yaml", path, condition)
        yield from _clauses("items.yaml", path, condition, fields, lists)
        for index, layer in enumerate(condition.get("intersects") or []):
            if layer not in layers:
                yield Fault("items.yaml", f"{path}.intersects[{index + 1}]", _("没有“%s”这个图层") % layer)
    used = {item["applies_when"] for item in documents["items"]["items"]}
    for group in ("flows", "packages"):
        for row in documents["flows"][group]:
            path = f"{group}[{row['id']}]"
            if not row["condition"]:
                yield Fault("flows.yaml", f"{path}.condition", _("缺少 all 或 any"))
            yield from _clauses("flows.yaml", f"{path}.condition", row["condition"], fields, lists)
            for variant in row.get("limit_variants") or []:
                here = f"{path}.limit_variants[{variant['stage']}].when"
                yield from _clause("flows.yaml", here, variant["when"], fields, lists)
            for index, key in enumerate(row.get("alternative") or []):
                if key not in used:
                    yield Fault("flows.yaml", f"{path}.alternative[{index + 1}]", _("没有事项用“%s”这个条件") % key)


def _shape(file: str, path: str, condition: Row) -> Iterator[Fault]:
    """Check that a condition has what its kind needs and nothing else."""
    clauses = "all" in condition or "any" in condition
    kind = condition["kind"]
    if kind == ConditionKind.FIELD and not clauses:
        yield Fault(file, path, _("kind: field 要写 all 或 any"))
    if kind != ConditionKind.FIELD and clauses:
        yield Fault(file, path, _("只有 kind: field 才写 all 或 any"))
    if (kind == ConditionKind.MAP) != ("intersects" in condition):
        yield Fault(file, path, _("kind: map 要写 intersects，其他不写"))


def _clauses(file: str, path: str, condition: Row, fields: dict[str, Row], lists: Row) -> Iterator[Fault]:
    for key in ("all", "any"):
        for clause in condition.get(key) or []:
            yield from _clause(file, f"{path}.{key}[{clause['field']}]", clause, fields, lists)


def _clause(file: str, path: str, clause: Row, fields: dict[str, Row], lists: Row) -> Iterator[Fault]:
    field = fields.get(clause["field"])
    if field is None:
        yield Fault(file, f"{path}.field", _("表单里没有“%s”这个字段") % clause["field"])
        return
    op, value = clause["op"], clause["value"]
    if (op == "in") != isinstance(value, list):
        yield Fault(file, f"{path}.value", _("op: in 的值写成列表，其他 op 写单个值"))
        return
    if op in _ORDERED:
        if field["type"] not in _NUMBERS or isinstance(value, bool) or number(value) is None:
            yield Fault(file, path, _("只有数字字段能比大小，值也要是数字"))
        return
    values = value if isinstance(value, list) else [value]
    if field["type"] == "bool" and any(truth(entry) is None for entry in values):
        yield Fault(file, f"{path}.value", _("是否字段的值写 true 或 false"))
    if field["type"] in _NUMBERS and any(number(entry) is None for entry in values):
        yield Fault(file, f"{path}.value", _("数字字段的值要是数字"))
    options = lists.get(field.get("codes") or "", {})
    for entry in values:
        if options and str(entry) not in options:
            words = {"value": entry, "field": field["label"]}
            yield Fault(file, f"{path}.value", _("“%(field)s”没有“%(value)s”这个选项") % words)
