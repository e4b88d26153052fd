"""Rules of form.yaml: fields that can be filled in, and where their values come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from projects.catalogue.definitions import MapGives

FILE = "form.yaml"
BUILT_IN = frozenset({"number", "issued_on", "valid_until"})
"""Attributes every result has."""
SQUARE_METRES = "平方米"
"""The unit of every area the map gives."""
MAP_TYPES: dict[str, tuple[str, ...]] = {
    MapGives.BOUNDARY: ("geometry",),
    MapGives.POINT: ("lonlat",),
    MapGives.AREA: ("decimal",),
    MapGives.INSIDE: ("decimal",),
    MapGives.OUTSIDE: ("decimal",),
    MapGives.HIT: ("bool",),
}
WITH_LAYERS = (MapGives.INSIDE, MapGives.OUTSIDE, MapGives.HIT)
MAY_BE_MAPPED = ("map", "registry", "applicant")

Row = dict[str, Any]


def check(documents: Documents) -> Iterator[Fault]:
    """Check every field of every form."""
    items = {item["id"] for item in documents["items"]["items"]}
    results = {result["item"]: result for result in documents["results"]["results"]}
    lists = documents["form"]["code_lists"]
    layers = layer_codes(documents["layers"])
    seen: dict[str, str] = {}
    stages: dict[str, str] = {}
    for form in documents["form"]["forms"]:
        if form["stage"] in stages:
            yield Fault(FILE, f"forms[{form['id']}].stage", _("“%s”已是这个阶段的表") % stages[form["stage"]])
        stages[form["stage"]] = form["id"]
        for field in form["fields"]:
            path = f"forms[{form['id']}].fields[{field['id']}]"
            if field["id"] in seen:
                yield Fault(
                    FILE,
                    path,
                    _("字段“%(field)s”在 %(form)s 里已有") % {"field": field["id"], "form": seen[field["id"]]},
                )
            seen[field["id"]] = form["id"]
            yield from _needed_by(field, path, items)
            yield from _codes(field, path, lists)
            yield from _columns(field, path, lists)
            yield from _origin(field, path, results)
            yield from _plotted(field, path, layers)
            yield from _range(field, path)
    if "*" not in stages:
        yield Fault(FILE, "forms", _("缺少 stage 为 * 的公共信息表"))


def _needed_by(field: Row, path: str, items: set[str]) -> Iterator[Fault]:
    for index, name in enumerate(field["needed_by"]):
        if name != "*" and name not in items:
            yield Fault(FILE, f"{path}.needed_by[{index + 1}]", _("没有“%s”这个事项") % name)


def _codes(field: Row, path: str, lists: Row) -> Iterator[Fault]:
    codes = field.get("codes")
    if codes and codes not in lists:
        yield Fault(FILE, f"{path}.codes", _("code_lists 里没有“%s”") % codes)
    if (field["type"] == "enum") != bool(codes):
        yield Fault(FILE, f"{path}.codes", _("type: enum 要写 codes，其他不写"))


def _columns(field: Row, path: str, lists: Row) -> Iterator[Fault]:
    if (field["type"] == "table") != ("columns" in field):
        yield Fault(FILE, f"{path}.columns", _("type: table 要写 columns，其他不写"))
    for column in field.get("columns") or []:
        yield from _codes(column, f"{path}.columns[{column['id']}]", lists)


def _origin(field: Row, path: str, results: dict[str, Row]) -> Iterator[Fault]:
    origin = field.get("from")
    if (field["source"] == "prior_result") != bool(origin):
        yield Fault(FILE, f"{path}.from", _("source: prior_result 要写 from，其他不写"))
    if not origin:
        return
    result = results.get(origin["item"])
    if result is None:
        yield Fault(FILE, f"{path}.from.item", _("没有“%s”这个事项") % origin["item"])
        return
    known = BUILT_IN | {attribute["id"] for attribute in result.get("attributes") or []}
    if origin["attribute"] not in known:
        words = {"item": origin["item"], "attribute": origin["attribute"]}
        yield Fault(FILE, f"{path}.from.attribute", _("%(item)s 的结果没有“%(attribute)s”这个值") % words)


def _plotted(field: Row, path: str, layers: set[str]) -> Iterator[Fault]:
    """Check that a field can take what the red line says of it."""
    plotted = field.get("map")
    if not plotted:
        return
    here = f"{path}.map"
    gives = plotted["gives"]
    if field["source"] not in MAY_BE_MAPPED:
        yield Fault(FILE, here, _("来源是 %s 的字段另有出处，不能再取自红线") % field["source"])
    if field["type"] not in MAP_TYPES[gives]:
        words = {"gives": gives, "types": " / ".join(MAP_TYPES[gives])}
        yield Fault(FILE, f"{here}.gives", _("gives: %(gives)s 只能填 type: %(types)s 的字段") % words)
    elif field["type"] == "decimal" and field.get("unit") != SQUARE_METRES:
        yield Fault(FILE, f"{path}.unit", _("取自红线的面积以“%s”为单位") % SQUARE_METRES)
    if (gives in WITH_LAYERS) != ("layers" in plotted):
        yield Fault(FILE, f"{here}.layers", _("gives: inside、outside、hit 要写 layers，其他不写"))
    for index, layer in enumerate(plotted.get("layers") or []):
        if layer not in layers:
            yield Fault(FILE, f"{here}.layers[{index + 1}]", _("没有“%s”这个图层") % layer)


def layer_codes(document: Row) -> set[str]:
    """Name every topic, subtopic and layer of the blueprint."""
    topics = document["topics"]
    subtopics = [subtopic for topic in topics for subtopic in topic["subtopics"]]
    return {row["id"] for row in (*topics, *subtopics, *(layer for row in subtopics for layer in row["layers"]))}


def _range(field: Row, path: str) -> Iterator[Fault]:
    if field["type"] not in ("int", "decimal") and ("min" in field or "max" in field):
        yield Fault(FILE, path, _("只有数字字段能写 min 和 max"))
    elif "min" in field and "max" in field and field["min"] > field["max"]:
        yield Fault(FILE, f"{path}.min", _("min 大于 max"))
