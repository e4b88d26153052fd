"""Rules of materials.yaml, results.yaml and joint.yaml: what is handed in and what is handed out."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from projects.catalogue.definitions import ResultKind

NOT_A_CERTIFICATE = ("coordination", "fee", "supervision", "tech_review")
"""Types of items whose result is no certificate, whatever it is called."""
SERIES_KEYS = frozenset({"dept", "year", "item", "serial"})
UNSAFE_IN_NUMBERS = re.compile(r"[\s/\\?#%&+\"'<>]")
"""What would break an address, a file name or a form that carries the number."""

Row = dict[str, Any]


def check(documents: Documents) -> Iterator[Fault]:
    """Check materials, results and joint work."""
    items = {item["id"]: item for item in documents["items"]["items"]}
    yield from _materials(documents, items)
    yield from _results(documents, items)
    yield from _joint(documents, items)


def _materials(documents: Documents, items: dict[str, Row]) -> Iterator[Fault]:
    file = "materials.yaml"
    words = documents["materials"]["enums"]["source"]
    used = {name for item in items.values() for name in (*item["materials"], item["result"]["material_id"])}
    for material in documents["materials"]["materials"]:
        path = f"materials[{material['id']}]"
        if material["source"] not in words:
            yield Fault(file, f"{path}.source", _("enums.source 里没有“%s”的名称") % material["source"])
        produced = material["produced_by"]
        if produced and produced not in items:
            yield Fault(file, f"{path}.produced_by", _("没有“%s”这个事项") % produced)
        if (material["source"] == "prior_result") != bool(produced):
            yield Fault(file, f"{path}.produced_by", _("source: prior_result 要写明由哪个事项产生，其他不写"))
        if material["source"] == "e_cert" and not material["e_cert"]:
            yield Fault(file, f"{path}.e_cert", _("source: e_cert 要写明电子证照的名称"))
        if material["source"] == "prior_result" and material["tolerable"]:
            yield Fault(file, f"{path}.tolerable", _("前置事项的结果不能容缺"))
        if material["tolerable"] != bool(material["default_correction_days"]):
            yield Fault(file, f"{path}.default_correction_days", _("能容缺的材料要写补齐天数，其他写 0"))
        if produced in items and material["id"] not in used:
            yield Fault(file, path, _("没有事项产生它，也没有事项要它"))


def _results(documents: Documents, items: dict[str, Row]) -> Iterator[Fault]:
    file = "results.yaml"
    document = documents["results"]
    fields = {field["id"]: field for form in documents["form"]["forms"] for field in form["fields"]}
    for key in ("default_number_series", "refusal_number_series"):
        if key in document:
            yield from _series(file, key, document[key])
    if document.get("refusal_number_series") in {
        document["default_number_series"],
        *(result.get("number_series") for result in document["results"]),
    }:
        yield Fault(file, "refusal_number_series", _("不予决定要有自己的编号，不能和结果共用一个系列"))
    for result in document["results"]:
        path = f"results[{result['item']}]"
        item = items.get(result["item"])
        if item is None:
            yield Fault(file, f"{path}.item", _("没有“%s”这个事项") % result["item"])
            continue
        if result["material_id"] != item["result"]["material_id"]:
            yield Fault(file, f"{path}.material_id", _("items.yaml 里写的是“%s”") % item["result"]["material_id"])
        if result["kind"] == ResultKind.CERTIFICATE and item["type"] in NOT_A_CERTIFICATE:
            yield Fault(file, f"{path}.kind", _("这一类事项不是许可，结果不能是证照"))
        if "number_series" in result:
            yield from _series(file, f"{path}.number_series", result["number_series"])
        yield from _limits(file, path, result, fields)
    known = {result["item"] for result in document["results"]}
    for name in items:
        if name not in known:
            yield Fault(file, "results", _("缺少事项“%s”的结果") % name)


def _limits(file: str, path: str, result: Row, fields: dict[str, Row]) -> Iterator[Fault]:
    """Check that a value bounds a number of the form in the same unit."""
    for attribute in result.get("attributes") or ():
        if "limits" not in attribute:
            continue
        here = f"{path}.attributes[{attribute['id']}].limits"
        field = fields.get(attribute["limits"]["field"])
        if field is None:
            yield Fault(file, here, _("没有“%s”这个字段") % attribute["limits"]["field"])
        elif not {attribute["type"], field["type"]} <= {"int", "decimal"}:
            yield Fault(file, here, _("只有数字能作上下限"))
        elif attribute.get("unit") != field.get("unit") and attribute.get("unit") and field.get("unit"):
            words = {"own": attribute.get("unit"), "other": field.get("unit")}
            yield Fault(file, here, _("单位不同：这里是“%(own)s”，字段是“%(other)s”") % words)


def _series(file: str, path: str, pattern: str) -> Iterator[Fault]:
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError:
        yield Fault(file, path, _("花括号不成对"))
        return
    keys = [key for _text, key, _format, _conversion in parts if key is not None]
    for key in keys:
        if key not in SERIES_KEYS:
            yield Fault(file, path, _("不认识 {%s}，可用 {dept} {year} {item} {serial}") % key)
    if "serial" not in keys:
        yield Fault(file, path, _("缺少 {serial}，编号会重复"))
    if keys.count("serial") > 1:
        yield Fault(file, path, _("{serial} 只能出现一次"))
    if unsafe := UNSAFE_IN_NUMBERS.search("".join(text for text, *_rest in parts)):
        yield Fault(file, path, _("编号要放进网址，不能有“%s”") % unsafe.group())
    texts = [text for text, *_rest in parts]
    for (before, name, *_more), after in zip(parts, [*texts[1:], ""], strict=True):
        if name == "serial" and (before[-1:].isdigit() or after[:1].isdigit()):
            yield Fault(file, path, _("{serial} 的前后不能紧挨数字，否则两个系列会写出同一个编号"))


def _joint(documents: Documents, items: dict[str, Row]) -> Iterator[Fault]:
    file = "joint.yaml"
    departments = {department["id"] for department in documents["departments"]["departments"]}
    procedures = {kind["id"] for kind in documents["clock"]["special_procedures"]}
    for kind in documents["joint"]["kinds"]:
        path = f"kinds[{kind['id']}]"
        for key, name in (("lead", kind["lead"]), *(("participants", name) for name in kind["participants"])):
            if name not in departments and not (key == "participants" and name == "*"):
                yield Fault(file, f"{path}.{key}", _("没有“%s”这个部门") % name)
        for index, name in enumerate(kind["items"]):
            if name not in items:
                yield Fault(file, f"{path}.items[{index + 1}]", _("没有“%s”这个事项") % name)
        if kind["opinion_days"] > kind["days"]:
            yield Fault(file, f"{path}.opinion_days", _("回复意见的天数超过全程天数"))
        if kind["special_procedure"] and kind["special_procedure"] not in procedures:
            yield Fault(file, f"{path}.special_procedure", _("没有“%s”这种特别程序") % kind["special_procedure"])
