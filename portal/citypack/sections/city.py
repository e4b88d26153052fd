"""city.yaml: the city itself, and for the demo its enterprises, people and projects."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.sections.codes import mod_37_36
from portal.citypack.shapes import IDENT, NOTE, VERSION, WORD, ListOf, Maybe, Number, Record, Text
from portal.core import uscc

FILE = "city.yaml"
STEPS = ("handler", "checker", "approver")
"""The three steps of a case inside a department, each done by another person."""

_REGION = Text(pattern=r"\d{6}", hint="000000")
_BODIES = {"enterprise": "enterprise", "department": "dept"}
"""Where a role is held (a word or a list of them in roles.yaml) -> the person's key that must be filled."""
_DEGREES = ListOf(Number(-180, 180, fraction=True))
_AMOUNT = Number(0, fraction=True)
FILES = {
    "city": Record(
        {
            "version": VERSION,
            "name": WORD,
            "profile": Text(choices=("five_categories", "nine_packages")),
            "region_code": _REGION,
            "work_crs": Number(4513, 4554),
            "crs_without_zone": Number(4513, 4554),
            "close_of_business": Text(pattern=r"([01]\d|2[0-3]):[0-5]\d", hint="HH:MM"),
            "extent": Record({"lon": _DEGREES, "lat": _DEGREES}),
            "regions": ListOf(
                Record({"code": _REGION, "name": WORD, "kind": Text(choices=("city", "district", "functional"))}),
                unique="code",
                least=1,
            ),
            "enterprises": ListOf(
                Record({"id": IDENT, "name": WORD, "role": IDENT, "uscc": WORD, "legal_person": WORD, "type": WORD}),
                unique="id",
            ),
            "people": ListOf(
                Record(
                    {
                        "id": IDENT,
                        "name": WORD,
                        "username": Text(pattern=r"[a-z0-9]+(-[a-z0-9]+)*", hint="a-z 0-9 -"),
                        "roles": ListOf(IDENT, unique="", least=1),
                        "enterprise": Maybe(IDENT),
                        "dept": Maybe(IDENT),
                        "mobile": Text(pattern=r"120\d{8}", hint="120 + 8"),
                    }
                ),
                unique="id",
            ),
            "projects": ListOf(
                Record(
                    {
                        "id": IDENT,
                        "name": WORD,
                        "flow": IDENT,
                        "project_code": WORD,
                        "industry": Text(pattern=r"[A-T]\d{2,4}", hint="A-T + 2-4"),
                        "total_invest_wan": _AMOUNT,
                        "land_area_m2": _AMOUNT,
                        "floor_area_m2": _AMOUNT,
                        "eng_code": WORD,
                        "qr_check": Text(pattern="[0-9A-Z]"),
                    }
                ),
                unique="id",
            ),
        },
        {"note": NOTE},
    )
}


def check(documents: Documents) -> Iterator[Fault]:
    """Check the city's own figures and everything its people and projects refer to."""
    city = documents["city"]
    yield from _place(city)
    yield from _enterprises(city)
    yield from _people(documents)
    yield from _projects(documents)


def _place(city: dict[str, Any]) -> Iterator[Fault]:
    if city["region_code"] not in {region["code"] for region in city["regions"]}:
        yield Fault(FILE, "region_code", _("regions 里没有这个行政区划代码"))
    for axis, limits in city["extent"].items():
        if len(limits) != 2 or limits[0] >= limits[1]:
            yield Fault(FILE, f"extent.{axis}", _("应写成 [最小, 最大]"))
    # Zones with a number and their twins without one lie 21 codes apart: 4526 is zone 38, 4547 its meridian 114°E.
    if city["crs_without_zone"] - city["work_crs"] != 21:
        yield Fault(FILE, "crs_without_zone", _("与 work_crs 不是同一个 3 度带，应为 %d") % (city["work_crs"] + 21))


def _enterprises(city: dict[str, Any]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for enterprise in city["enterprises"]:
        path = f"enterprises[{enterprise['id']}].uscc"
        if uscc.fault(enterprise["uscc"]):
            yield Fault(FILE, path, _("“%s”不是有效的统一社会信用代码") % enterprise["uscc"])
        if enterprise["uscc"] in seen:
            yield Fault(FILE, path, _("与“%s”的代码相同") % seen[enterprise["uscc"]])
        seen[enterprise["uscc"]] = enterprise["id"]


def _people(documents: Documents) -> Iterator[Fault]:
    city = documents["city"]
    departments = {department["id"] for department in documents["departments"]["departments"]}
    enterprises = {enterprise["id"] for enterprise in city["enterprises"]}
    roles = {role["id"]: role for role in documents["roles"]["roles"]}
    separated = set(documents["roles"]["separated"])
    names: dict[str, str] = {}
    staff: dict[str, set[str]] = defaultdict(set)
    for person in city["people"]:
        path = f"people[{person['id']}]"
        if person["username"] in names:
            yield Fault(FILE, f"{path}.username", _("与“%s”的登录名相同") % names[person["username"]])
        names[person["username"]] = person["id"]
        if person["enterprise"] and person["enterprise"] not in enterprises:
            yield Fault(FILE, f"{path}.enterprise", _("没有“%s”这个企业") % person["enterprise"])
        if person["dept"] and person["dept"] not in departments:
            yield Fault(FILE, f"{path}.dept", _("没有“%s”这个部门") % person["dept"])
        if len(separated & set(person["roles"])) > 1:
            yield Fault(FILE, f"{path}.roles", _("系统、安全、审计管理员不能由一人兼任"))
        if len(set(STEPS) & set(person["roles"])) > 1:
            yield Fault(FILE, f"{path}.roles", _("承办、审核、批准不能由一人兼任"))
        for index, role in enumerate(person["roles"]):
            here = f"{path}.roles[{index + 1}]"
            if role not in roles:
                yield Fault(FILE, here, _("没有“%s”这个角色") % role)
            elif not any(person[_BODIES[body]] for body in _BODIES if body in roles[role]["held_in"]):
                yield Fault(FILE, here, _("“%s”的人要写明所在的企业或部门") % roles[role]["name"])
        if person["dept"]:
            staff[person["dept"]] |= set(person["roles"])
    if city["people"]:
        yield from _steps(documents, staff)


def _steps(documents: Documents, staff: dict[str, set[str]]) -> Iterator[Fault]:
    """Check that each department with items has somebody for every step."""
    for department in dict.fromkeys(item["dept"] for item in documents["items"]["items"]):
        missing = [role for role in STEPS if role not in staff[department]]
        if missing:
            words = {"department": department, "roles": _("、").join(missing)}
            yield Fault(FILE, "people", _("部门“%(department)s”有事项要办，但没有 %(roles)s") % words)


def _projects(documents: Documents) -> Iterator[Fault]:
    codes = documents["codes"]
    flows = {flow["id"] for flow in documents["flows"]["flows"]}
    for project in documents["city"]["projects"]:
        path = f"projects[{project['id']}]"
        if project["flow"] not in flows:
            yield Fault(FILE, f"{path}.flow", _("没有“%s”这类流程") % project["flow"])
        if not _fits(codes["project_code"]["current"]["regex"], project["project_code"]):
            yield Fault(FILE, f"{path}.project_code", _("“%s”不符合项目代码的格式") % project["project_code"])
        if not _fits(codes["engineering_code"]["regex"], project["eng_code"]):
            yield Fault(FILE, f"{path}.eng_code", _("“%s”不符合工程代码的格式") % project["eng_code"])
        elif not project["eng_code"].startswith(project["project_code"] + "-"):
            yield Fault(FILE, f"{path}.eng_code", _("不是这个项目代码下的工程代码"))
        wanted = mod_37_36(project["eng_code"])
        if project["qr_check"] != wanted:
            yield Fault(FILE, f"{path}.qr_check", _("校验位算得 %s") % wanted)


def _fits(pattern: str, code: str) -> bool:
    """Tell whether a code fits; a pattern that does not compile is reported where it stands."""
    try:
        return re.fullmatch(pattern, code) is not None
    except re.error:
        return True
