"""Rules of flows.yaml: items in their own stages, limits that can be kept, totals that are sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents

FILE = "flows.yaml"

Row = dict[str, Any]


def check(documents: Documents) -> Iterator[Fault]:
    """Check stages, flows and packages."""
    document = documents["flows"]
    items = {item["id"]: item for item in documents["items"]["items"]}
    yield from _stages(documents)
    priorities: dict[int, str] = {}
    for flow in document["flows"]:
        path = f"flows[{flow['id']}]"
        if flow["priority"] in priorities:
            yield Fault(FILE, f"{path}.priority", _("与“%s”的优先级相同，无法判定") % priorities[flow["priority"]])
        priorities[flow["priority"]] = flow["id"]
        yield from _flow(flow, path, documents, items)
    yield from _packages(document, items)
    yield from _unused(document, items)
    for key, wanted in (document.get("counts") or {}).items():
        if len(document[key]) != wanted:
            words = {"found": len(document[key]), "wanted": wanted}
            yield Fault(FILE, f"counts.{key}", _("应有 %(wanted)d 类，实际 %(found)d 类") % words)


def _stages(documents: Documents) -> Iterator[Fault]:
    departments = {department["id"] for department in documents["departments"]["departments"]}
    numbers: dict[int, str] = {}
    for stage in documents["flows"]["stages"]:
        path = f"stages[{stage['id']}]"
        if stage["lead"] and stage["lead"] not in departments:
            yield Fault(FILE, f"{path}.lead", _("没有“%s”这个部门") % stage["lead"])
        if stage["standard_no"] in numbers:
            yield Fault(FILE, f"{path}.standard_no", _("与“%s”的国标序号相同") % numbers[stage["standard_no"]])
        numbers[stage["standard_no"]] = stage["id"]


def _flow(flow: Row, path: str, documents: Documents, items: dict[str, Row]) -> Iterator[Fault]:
    departments = {department["id"] for department in documents["departments"]["departments"]}
    stages = {stage["id"] for stage in documents["flows"]["stages"]}
    national = documents["flows"]["national_flow_types"]
    if str(flow["national_flow_type"]) not in national:
        yield Fault(FILE, f"{path}.national_flow_type", _("national_flow_types 里没有 %d") % flow["national_flow_type"])
    total = sum(stage["limit_days"] for stage in flow["stages"])
    if flow["total_limit_days"] != total:
        words = {"said": flow["total_limit_days"], "total": total}
        yield Fault(FILE, f"{path}.total_limit_days", _("各阶段合计 %(total)d 天，这里写的是 %(said)d 天") % words)
    seen: set[str] = set()
    for stage in flow["stages"]:
        here = f"{path}.stages[{stage['stage']}]"
        if stage["stage"] not in stages:
            yield Fault(FILE, f"{here}.stage", _("没有“%s”这个阶段") % stage["stage"])
        if stage["lead"] not in departments:
            yield Fault(FILE, f"{here}.lead", _("没有“%s”这个部门") % stage["lead"])
        yield from _members(stage["items"], f"{here}.items", seen, items, stage["stage"])
    yield from _members(flow["parallel"], f"{path}.parallel", seen, items, None)
    yield from _overrides(flow, path, seen, items)
    yield from _variants(flow, path)
    for stage in flow["stages"]:
        if stage["limit_days"] and all(name in items for name in stage["items"]):
            yield from _path_fits(flow, stage, f"{path}.stages[{stage['stage']}].limit_days", items)


def _members(names: list[str], path: str, seen: set[str], items: dict[str, Row], stage: str | None) -> Iterator[Fault]:
    for index, name in enumerate(names):
        here = f"{path}[{index + 1}]"
        if name not in items:
            yield Fault(FILE, here, _("没有“%s”这个事项") % name)
        elif name in seen:
            yield Fault(FILE, here, _("“%s”在这类流程里写了两次") % name)
        elif stage and items[name]["stage"] != stage:
            words = {"item": name, "stage": items[name]["stage"]}
            yield Fault(FILE, here, _("“%(item)s”属于阶段 %(stage)s，不属于这里") % words)
        seen.add(name)


def _overrides(flow: Row, path: str, members: set[str], items: dict[str, Row]) -> Iterator[Fault]:
    for name, days in flow["promised_override"].items():
        here = f"{path}.promised_override.{name}"
        if name not in members:
            yield Fault(FILE, here, _("“%s”不在这类流程里") % name)
        elif name in items and days > items[name]["statutory_days"] and items[name]["type"] != "coordination":
            words = {"days": days, "statutory": items[name]["statutory_days"]}
            yield Fault(FILE, here, _("承诺 %(days)d 天超过法定 %(statutory)d 天") % words)


def _variants(flow: Row, path: str) -> Iterator[Fault]:
    limits = {stage["stage"]: stage["limit_days"] for stage in flow["stages"]}
    for variant in flow["limit_variants"]:
        if variant["stage"] not in limits:
            yield Fault(FILE, f"{path}.limit_variants[{variant['stage']}].stage", _("这类流程没有这个阶段"))


def _path_fits(flow: Row, stage: Row, path: str, items: dict[str, Row]) -> Iterator[Fault]:
    """Check that the longest chain of items fits the limit of the stage (working days).

    Items whose condition the flow names as an alternative are the exception, not the rule: a project that needs
    them runs under the longest variant of the limit, so the whole chain is held against that one.
    """
    alternative = set(flow.get("alternative") or [])
    usual = [name for name in stage["items"] if items[name]["applies_when"] not in alternative]
    longest = max((v["limit_days"] for v in flow["limit_variants"] if v["stage"] == stage["stage"]), default=0)
    checks = [(usual, stage["limit_days"])]
    if longest:
        checks.append((stage["items"], max(longest, stage["limit_days"])))
    for names, limit in checks:
        days, last = _longest(names, flow, items)
        if days > limit:
            words = {"item": last, "days": days, "limit": limit}
            yield Fault(FILE, path, _("到“%(item)s”为止最长要 %(days)d 天，超过阶段时限 %(limit)d 天") % words)


def _longest(names: list[str], flow: Row, items: dict[str, Row]) -> tuple[int, str]:
    known: dict[str, int] = {}
    members = set(names)

    def days(name: str, walked: frozenset[str]) -> int:
        if name in walked:
            return 0  # a circle is reported where it stands, in items.yaml
        if name not in known:
            own = flow["promised_override"].get(name, items[name]["promised_days"])
            before = [other for other in (*items[name]["prereq"], *items[name]["soft_prereq"]) if other in members]
            known[name] = own + max((days(other, walked | {name}) for other in before), default=0)
        return known[name]

    return max(((days(name, frozenset()), name) for name in names), default=(0, ""))


def _packages(document: Row, items: dict[str, Row]) -> Iterator[Fault]:
    members = {
        flow["id"]: {name for stage in flow["stages"] for name in stage["items"]} | set(flow["parallel"])
        for flow in document["flows"]
    }
    for package in document["packages"]:
        path = f"packages[{package['id']}]"
        if package["base"] not in members:
            yield Fault(FILE, f"{path}.base", _("没有“%s”这类流程") % package["base"])
            continue
        for key in ("remove", "add"):
            for index, name in enumerate(package[key]):
                here = f"{path}.{key}[{index + 1}]"
                if name not in items:
                    yield Fault(FILE, here, _("没有“%s”这个事项") % name)
                elif key == "remove" and name not in members[package["base"]]:
                    yield Fault(FILE, here, _("“%s”本来就不在基础流程里") % name)
                elif key == "add" and name in members[package["base"]]:
                    yield Fault(FILE, here, _("“%s”已经在基础流程里") % name)


def _unused(document: Row, items: dict[str, Row]) -> Iterator[Fault]:
    """Check that every item can be applied for: one in no flow and no package is most likely forgotten."""
    used = {name for flow in document["flows"] for stage in flow["stages"] for name in stage["items"]}
    used |= {name for flow in document["flows"] for name in flow["parallel"]}
    used |= {name for package in document["packages"] for name in package["add"]}
    for name in items:
        if name not in used:
            yield Fault("items.yaml", f"items[{name}]", _("不在任何一类流程里，没有项目会办到它"))
