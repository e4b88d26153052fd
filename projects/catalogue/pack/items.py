"""Rules of items.yaml: everything an item refers to, its limits, and no circle of prerequisites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from projects.catalogue.definitions import PARALLEL_STAGE, Category

FILE = "items.yaml"
INSTANT_LIMIT_DAYS = 3
"""An instant item promises no more than this (working days)."""

Row = dict[str, Any]


def check(documents: Documents) -> Iterator[Fault]:
    """Check every item against the other files, then the prerequisites as a whole."""
    document = documents["items"]
    items = {item["id"]: item for item in document["items"]}
    yield from _enums(documents)
    for item in document["items"]:
        path = f"items[{item['id']}]"
        yield from _references(item, path, documents, items)
        yield from _limits(item, path)
        yield from _materials(item, path, documents)
        yield from _stages(item, path, documents, items)
    yield from _circles(items)


def _enums(documents: Documents) -> Iterator[Fault]:
    """Check that every value an item may take has its word, and special procedures the same ids as the clock."""
    enums = documents["items"]["enums"]
    for key, values in (("type", "type"), ("category", "category"), ("commitment", "commitment")):
        for value in dict.fromkeys(item[values] for item in documents["items"]["items"]):
            if value not in enums[key]:
                yield Fault(FILE, f"enums.{key}", _("缺少“%s”的名称") % value)
    for kind in documents["items"].get("check_points") or {}:
        if kind not in enums["type"]:
            yield Fault(FILE, f"check_points.{kind}", _("enums.type 里没有这一类事项"))
    kinds = {kind["id"] for kind in documents["clock"]["special_procedures"]}
    for kind in enums["special"]:
        if kind not in kinds:
            yield Fault(FILE, f"enums.special.{kind}", _("clock.yaml 里没有这种特别程序"))


def _references(item: Row, path: str, documents: Documents, items: dict[str, Row]) -> Iterator[Fault]:
    departments = {department["id"] for department in documents["departments"]["departments"]}
    if item["dept"] not in departments:
        yield Fault(FILE, f"{path}.dept", _("没有“%s”这个部门") % item["dept"])
    if item["applies_when"] not in documents["items"]["conditions"]:
        yield Fault(FILE, f"{path}.applies_when", _("没有“%s”这个条件") % item["applies_when"])
    for index, kind in enumerate(item["special_procedures"]):
        if kind not in documents["items"]["enums"]["special"]:
            yield Fault(FILE, f"{path}.special_procedures[{index + 1}]", _("没有“%s”这种特别程序") % kind)
    for key in ("prereq", "soft_prereq", "data_from"):
        for index, other in enumerate(item[key]):
            here = f"{path}.{key}[{index + 1}]"
            if other not in items:
                yield Fault(FILE, here, _("没有“%s”这个事项") % other)
            elif other == item["id"]:
                yield Fault(FILE, here, _("事项不能以自己为前置"))
    for other in item["soft_prereq"]:
        if other in item["prereq"]:
            yield Fault(FILE, f"{path}.soft_prereq", _("“%s”已是前置事项，不必再列为数据前置") % other)


def _limits(item: Row, path: str) -> Iterator[Fault]:
    """Check that what is promised is not longer than what the law allows; coordination has no statutory limit."""
    promised, statutory = item["promised_days"], item["statutory_days"]
    if promised > statutory and item["type"] != "coordination":
        words = {"promised": promised, "statutory": statutory}
        yield Fault(FILE, f"{path}.promised_days", _("承诺 %(promised)d 天超过法定 %(statutory)d 天") % words)
    if item["category"] == Category.INSTANT and promised > INSTANT_LIMIT_DAYS:
        yield Fault(FILE, f"{path}.promised_days", _("即办事项的承诺时限不能超过 %d 天") % INSTANT_LIMIT_DAYS)


def _materials(item: Row, path: str, documents: Documents) -> Iterator[Fault]:
    materials = {material["id"]: material for material in documents["materials"]["materials"]}
    before = set(item["prereq"]) | set(item["soft_prereq"])
    for index, name in enumerate(item["materials"]):
        here = f"{path}.materials[{index + 1}]"
        material = materials.get(name)
        if material is None:
            yield Fault(FILE, here, _("没有“%s”这种材料") % name)
        elif material["source"] == "prior_result" and material["produced_by"] not in before:
            words = {"name": name, "item": material["produced_by"]}
            yield Fault(FILE, here, _("“%(name)s”是 %(item)s 的结果，但它不在前置或数据前置里") % words)
    for index, name in enumerate(item["tolerable_materials"]):
        here = f"{path}.tolerable_materials[{index + 1}]"
        if name not in item["materials"]:
            yield Fault(FILE, here, _("“%s”不在本事项的材料里") % name)
        elif name in materials and not materials[name]["tolerable"]:
            yield Fault(FILE, here, _("材料“%s”不允许容缺") % name)
    result = materials.get(item["result"]["material_id"])
    if result is None:
        yield Fault(FILE, f"{path}.result.material_id", _("没有“%s”这种材料") % item["result"]["material_id"])
    elif result["produced_by"] != item["id"]:
        words = {"material": result["id"], "item": str(result["produced_by"])}
        yield Fault(FILE, f"{path}.result.material_id", _("“%(material)s”写明由 %(item)s 产生") % words)


def _stages(item: Row, path: str, documents: Documents, items: dict[str, Row]) -> Iterator[Fault]:
    """Check that the item stands in stages there are, and that no prerequisite may come after it."""
    order = {stage["id"]: stage["standard_no"] for stage in documents["flows"]["stages"]}
    if item["stage"] not in order:
        yield Fault(FILE, f"{path}.stage", _("没有“%s”这个阶段") % item["stage"])
    if item["latest_stage"] not in order or item["latest_stage"] == PARALLEL_STAGE:
        yield Fault(FILE, f"{path}.latest_stage", _("应写主线上的阶段，“%s”不是") % item["latest_stage"])
        return
    if (item["stage"] == PARALLEL_STAGE) != (item["stream"] == "parallel"):
        yield Fault(FILE, f"{path}.stream", _("并行推进的事项 stage 写 P、stream 写 parallel，主线事项都不写"))
    if (
        item["stage"] in order
        and item["stage"] != PARALLEL_STAGE
        and order[item["latest_stage"]] < order[item["stage"]]
    ):
        yield Fault(FILE, f"{path}.latest_stage", _("早于事项自己的阶段"))
    if item["milestone"] and item["stage"] == PARALLEL_STAGE:
        yield Fault(FILE, f"{path}.milestone", _("并行推进的事项不能是里程碑"))
    for index, other in enumerate(item["prereq"]):
        latest = items[other]["latest_stage"] if other in items else None
        if latest in order and order[latest] > order[item["latest_stage"]]:
            yield Fault(FILE, f"{path}.prereq[{index + 1}]", _("前置事项“%s”的阶段在本事项之后") % other)


def _circles(items: dict[str, Row]) -> Iterator[Fault]:
    """Walk prerequisites of both kinds depth first; a step onto the path walked is a circle."""
    done: set[str] = set()
    for start in items:
        path: list[str] = []
        branches = [iter((start,))]
        while branches:
            name = next(branches[-1], None)
            if name is None:
                branches.pop()
                if path:
                    done.add(path.pop())
            elif name in path:
                circle = " → ".join([*path[path.index(name) :], name])
                yield Fault(FILE, f"items[{path[-1]}].prereq", _("前置事项绕成了圈：%s") % circle)
            elif name not in done and name in items:
                path.append(name)
                branches.append(iter((*items[name]["prereq"], *items[name]["soft_prereq"])))
