"""demo.yaml: what the demo of a city tells, and that everything it names exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from approvals.deadlines.states import SpecialKind
from approvals.demo.story import Ending, Pace
from approvals.joint.states import Position
from approvals.review.states import Step
from blueprint.checks.states import RunKind
from blueprint.ground.lots import Lie
from blueprint.ground.strips import Side
from blueprint.ideas.states import Position as Opinion
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, VERSION, WORD, Anything, Flag, ListOf, Number, Record, Table, Text

FILE = "demo.yaml"
READS = ("city", "items", "flows", "form", "joint", "departments", "layers")

_DAYS = Number(0, 400)
_ITEM = Text()
_FIELDS = Table(Anything())
_REPLY = Record({"by": WORD, "position": Text(choices=Position.values)}, {"text": WORD, "after": _DAYS})
_ASK = Record(
    {"item": _ITEM, "kind": IDENT, "to": ListOf(WORD, unique="", least=1), "question": WORD},
    {
        "after": _DAYS,
        "days": Number(1, 60),
        "blocking": Flag(),
        "replies": ListOf(_REPLY, unique="by", least=1),
        "closed_after": _DAYS,
        "summary": WORD,
    },
)
_MEETING = Record(
    {"kind": IDENT, "agenda": WORD, "place": WORD, "minutes": WORD},
    {
        "after": _DAYS,
        "held_after": _DAYS,
        "silent": Number(0, 40),
        "points": ListOf(
            Record({"by": WORD, "text": WORD}, {"remedy": WORD, "mandatory": Flag(), "mended": WORD}), least=1
        ),
        "told_after": _DAYS,
        "mend_days": Number(1, 60),
        "mended_after": _DAYS,
        "conclusion": WORD,
    },
)
_TURN = {"after": _DAYS}
_TURNS = {
    "extension": Record(
        {"item": _ITEM, "days": Number(1, 60), "reason": WORD}, {**_TURN, "decided_after": _DAYS, "remark": WORD}
    ),
    "correction": Record(
        {"item": _ITEM, "problem": WORD, "label": WORD}, {**_TURN, "supplied_after": _DAYS, "answer": WORD}
    ),
    "commitment": Record(
        {"item": _ITEM}, {**_TURN, "found": WORD, "checked_ago": _DAYS, "rectify_days": Number(1, 60)}
    ),
    "tolerance": Record(
        {"item": _ITEM, "materials": ListOf(IDENT, unique="", least=1), "decided_ago": _DAYS, "days": Number(1, 60)}
    ),
    "revocation": Record({"item": _ITEM, "reason": WORD, "basis": WORD}, _TURN),
}
_CHAPTER = Record(
    {"stage": WORD},
    {
        "items": ListOf(_ITEM, unique="", least=1),
        "ago": _DAYS,
        "watch": _ITEM,
        "due_in": Number(-100, 100),
        "waits_for": Text(choices=Step.values),
        "pace": Text(choices=[pace.value for pace in Pace]),
        "end": Text(choices=[end.value for end in Ending]),
        "reason": WORD,
        "remark": WORD,
        "mended_after": Number(1, 20),
        "paper_days": _DAYS,
        "refusal": Record({"item": _ITEM, "reason": WORD}, {"basis": WORD}),
        "unit": WORD,
        **_TURNS,
        "special": Record(
            {"kind": Text(choices=SpecialKind.values), "reason": WORD, "days": Number(1, 200)},
            {"after": _DAYS, "ended_after": _DAYS},
        ),
        "asks": ListOf(_ASK, least=1),
        "meeting": _MEETING,
    },
)
_CONDITION = Record(
    {"text": WORD},
    {"side": Text(choices=[side.value for side in Side]), "width_m": Number(1, 200, fraction=True), "met": WORD},
)
_IDEA = Record(
    {
        "title": WORD,
        "summary": WORD,
        "by": IDENT,
        "region": WORD,
        "use": WORD,
        "area_m2": Number(100, 2_000_000),
        "ago": _DAYS,
    },
    {
        "to": ListOf(IDENT, unique="", least=1),
        "asked_after": _DAYS,
        "answers": ListOf(
            Record(
                {"by": IDENT, "position": Text(choices=Opinion.values)},
                {
                    "text": WORD,
                    "after": _DAYS,
                    "conditions": ListOf(_CONDITION, least=1),
                },
            ),
            unique="by",
            least=1,
        ),
    },
)
_BLUEPRINT = Record(
    {"by": IDENT},
    {
        "runs": ListOf(
            Record(
                {"kind": Text(choices=(RunKind.CONFLICT, RunKind.DIFFERENCE))},
                {"layer": WORD, "handed": ListOf(Record({"to": IDENT, "text": WORD}, {"answer": WORD}), least=1)},
            ),
            least=1,
        ),
        "reports": ListOf(WORD, unique="", least=1),
        "ideas": ListOf(_IDEA, unique="title", least=1),
    },
)
FILES = {
    "demo": Record(
        {
            "version": VERSION,
            "sites": ListOf(
                Record(
                    {
                        "region": WORD,
                        "lonlat": ListOf(Number(-180, 180, fraction=True), least=2),
                        "easting": Number(0, fraction=True),
                        "northing": Number(0, fraction=True),
                        "addresses": ListOf(WORD, unique="", least=1),
                    }
                ),
                unique="region",
            ),
            "phrases": Record({kind: ListOf(WORD, unique="", least=1) for kind in ("pass", "return", "grant")}),
            "answers": _FIELDS,
            "profiles": ListOf(Record({"id": IDENT, "facts": _FIELDS}, {"answers": _FIELDS}), unique="id"),
            "projects": ListOf(
                Record(
                    {"owner": IDENT, "region": WORD, "profile": IDENT, "registered": Number(1, 400)},
                    {
                        "name": WORD,
                        "project": IDENT,
                        "parent": WORD,
                        "agent": WORD,
                        "divide": Record({"after": WORD, "parts": ListOf(WORD, unique="", least=2)}),
                        "lie": Text(choices=[lie.value for lie in Lie]),
                        "facts": _FIELDS,
                        "answers": _FIELDS,
                        "chapters": ListOf(_CHAPTER),
                    },
                ),
                unique="name",
            ),
        },
        {"blueprint": _BLUEPRINT},
    )
}
DECLARED = ("declare.", "map.")


def check(documents: Documents) -> Iterator[Fault]:
    """Check that regions, bodies, people, fields, stages and items of the stories are those of the pack."""
    demo, city = documents["demo"], documents["city"]
    fields = {field["id"] for form in documents["form"]["forms"] for field in form["fields"]}
    known = {
        "owner": {enterprise["id"] for enterprise in city["enterprises"]},
        "region": {site["region"] for site in demo["sites"]},
        "profile": {profile["id"] for profile in demo["profiles"]},
        "project": {project["id"] for project in city["projects"]},
        "agent": {person["username"] for person in city["people"]},
    }
    regions = {region["code"] for region in city["regions"]}
    for site in demo["sites"]:
        if site["region"] not in regions:
            yield Fault(FILE, f"sites[{site['region']}]", _("city.yaml 里没有这个行政区划代码"))
    yield from _fields(demo["answers"], fields, "answers")
    for profile in demo["profiles"]:
        for part in ("facts", "answers"):
            yield from _fields(profile.get(part, {}), fields, f"profiles[{profile['id']}].{part}")
    told: set[str] = set()
    names = {project["id"]: project["name"] for project in city["projects"]}
    for index, project in enumerate(demo["projects"], start=1):
        path = f"projects[{project.get('name', index)}]"
        if ("name" in project) == ("project" in project):
            yield Fault(FILE, path, _("name 和 project 必须写一个，且只能写一个"))
        for key, words in known.items():
            if key in project and project[key] not in words:
                yield Fault(FILE, f"{path}.{key}", _("没有“%s”") % project[key])
        if "parent" in project and project["parent"] not in told:
            yield Fault(FILE, f"{path}.parent", _("前面没有“%s”这个项目") % project["parent"])
        for part in ("facts", "answers"):
            yield from _fields(project.get(part, {}), fields, f"{path}.{part}")
        if project.get("divide", {}).get("after", "S1") not in {stage["id"] for stage in documents["flows"]["stages"]}:
            yield Fault(FILE, f"{path}.divide.after", _("没有“%s”这个阶段") % project["divide"]["after"])
        parts = project.get("divide", {}).get("parts", ())
        for number, chapter in enumerate(project.get("chapters", []), start=1):
            if "unit" in chapter and chapter["unit"] not in parts:
                yield Fault(FILE, f"{path}.chapters[{number}].unit", _("项目没有拆分出“%s”") % chapter["unit"])
            yield from _chapter(chapter, documents, f"{path}.chapters[{number}]")
        told.add(project.get("name") or names.get(project.get("project", ""), ""))
    yield from _planners(demo.get("blueprint", {}), documents, told)


def _planners(given: Mapping[str, Any], documents: Documents, told: set[str]) -> Iterator[Fault]:
    """Check what is told of the blueprint: departments, regions, lines and projects exist; who answers was asked."""
    if not given:
        return
    departments = {department["id"] for department in documents["departments"]["departments"]}
    regions = {site["region"] for site in documents["demo"]["sites"]}
    layers = {
        layer["id"]
        for topic in documents["layers"]["topics"]
        for subtopic in topic["subtopics"]
        for layer in subtopic["layers"]
    }
    ideas, runs = given.get("ideas", ()), given.get("runs", ())
    named = [("by", given["by"])]
    for run in runs:
        named += [("runs", handed["to"]) for handed in run.get("handed", ())]
    for idea in ideas:
        named += [(f"ideas[{idea['title']}]", name) for name in (idea["by"], *idea.get("to", ()))]
    for path, name in named:
        if name not in departments:
            yield Fault(FILE, f"blueprint.{path}", _("没有“%s”这个部门或科室") % name)
    for index, run in enumerate(runs, start=1):
        if (run["kind"] == RunKind.DIFFERENCE) != ("layer" in run) or run.get("layer", "") not in {*layers, ""}:
            yield Fault(FILE, f"blueprint.runs[{index}].layer", _("控制线差异检测要写一个图层，两规冲突检测不写"))
    for name in given.get("reports", ()):
        if name not in told:
            yield Fault(FILE, "blueprint.reports", _("前面没有“%s”这个项目") % name)
    for idea in ideas:
        path = f"blueprint.ideas[{idea['title']}]"
        if idea["region"] not in regions:
            yield Fault(FILE, f"{path}.region", _("city.yaml 里没有这个行政区划代码"))
        for answer in idea.get("answers", ()):
            if answer["by"] not in idea.get("to", ()):
                yield Fault(FILE, f"{path}.answers", _("没有征询“%s”") % answer["by"])


def _fields(given: Mapping[str, Any], known: set[str], path: str) -> Iterator[Fault]:
    for field in given:
        if field not in known and not field.startswith(DECLARED):
            yield Fault(FILE, f"{path}.{field}", _("form.yaml 里没有“%s”这个字段") % field)


def _chapter(chapter: Mapping[str, Any], documents: Documents, path: str) -> Iterator[Fault]:
    stages = {stage["id"] for stage in documents["flows"]["stages"]}
    items = {item["id"] for item in documents["items"]["items"]}
    if chapter["stage"] not in stages:
        yield Fault(FILE, f"{path}.stage", _("没有“%s”这个阶段") % chapter["stage"])
    named = [*chapter.get("items", ()), chapter.get("watch"), chapter.get("refusal", {}).get("item")]
    named += [chapter.get(turn, {}).get("item") for turn in _TURNS]
    for item in named:
        if item is not None and item not in items:
            yield Fault(FILE, path, _("没有“%s”这个事项") % item)
    tolerance = chapter.get("tolerance", {})
    tolerable = {item["id"]: item.get("tolerable_materials", ()) for item in documents["items"]["items"]}
    for material in tolerance.get("materials", ()):
        if material not in tolerable.get(tolerance["item"], ()):
            yield Fault(FILE, f"{path}.tolerance", _("“%s”不能容缺") % material)
    yield from _together(chapter, documents, path)
    if "due_in" in chapter and "watch" not in chapter:
        yield Fault(FILE, f"{path}.due_in", _("写了 due_in，就要用 watch 写明是哪个事项"))
    if chapter.get("end") in (Ending.REJECTED, Ending.NOT_REQUIRED, Ending.WITHDRAWN) and "reason" not in chapter:
        yield Fault(FILE, f"{path}.end", _("这样结束要写 reason"))
    if chapter.get("end") == Ending.CORRECTING and "remark" not in chapter:
        yield Fault(FILE, f"{path}.end", _("补正要写 remark"))


def _together(chapter: Mapping[str, Any], documents: Documents, path: str) -> Iterator[Fault]:
    """Check that kinds and departments of joint work exist; who replies or raises a point was asked or invited."""
    kinds = {kind["id"]: kind for kind in documents["joint"]["kinds"]}
    offices = {
        department["id"]: {f"{department['id']}/{unit['id']}" for unit in department.get("units", ())}
        for department in documents["departments"]["departments"]
    }
    known = set(offices).union(*offices.values())
    for number, ask in enumerate(chapter.get("asks", ()), start=1):
        here = f"{path}.asks[{number}]"
        if kinds.get(ask["kind"], {}).get("form") != "opinion":
            yield Fault(FILE, f"{here}.kind", _("joint.yaml 里没有“%s”这种征询") % ask["kind"])
        for name in {*ask["to"]} - known:
            yield Fault(FILE, f"{here}.to", _("没有“%s”这个部门或科室") % name)
        for reply in ask.get("replies", ()):
            if reply["by"] not in ask["to"]:
                yield Fault(FILE, f"{here}.replies", _("没有征询“%s”") % reply["by"])
        if ask["item"] not in {item["id"] for item in documents["items"]["items"]}:
            yield Fault(FILE, f"{here}.item", _("没有“%s”这个事项") % ask["item"])
    meeting = chapter.get("meeting")
    if meeting is None:
        return
    kind = kinds.get(meeting["kind"])
    if kind is None or kind["form"] != "session":
        yield Fault(FILE, f"{path}.meeting.kind", _("joint.yaml 里没有“%s”这种联合办理") % meeting["kind"])
        return
    for number, point in enumerate(meeting.get("points", ()), start=1):
        if point["by"] not in {kind["lead"], *kind["participants"]}:
            yield Fault(FILE, f"{path}.meeting.points[{number}].by", _("“%s”不参加这一种联合办理") % point["by"])
