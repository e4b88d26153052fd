"""ground.yaml: the plan of a fictitious city, and that what it names exists."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from django.utils.translation import gettext as _

from blueprint.ground.blocks import SIZES
from blueprint.ground.drawing import DOCUMENT
from blueprint.ground.themes import THEMES
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import VERSION, WORD, ListOf, Number, Record, Shape, Table, Text

FILE = "ground.yaml"
READS = ("city", "layers", "landuse")
WORDS = (
    "road",
    "street",
    "lane",
    "bridge",
    "coast",
    "flat",
    "mangrove",
    "core",
    "airport",
    "reserve",
    "unit",
    "outline",
    "quarter",
    "middle",
    "view",
    "danger",
    "level",
    "cone",
    "dike",
    "restricted",
    "conditional",
    "park",
    "scenic",
    "basin",
    "farm",
    "shore_built",
    "shore_natural",
    "air_first",
    "air_second",
    "sound",
    "unit_protect",
    "unit_watch",
    "unit_rest",
    "fault",
    "industry",
    "assessed",
)

_REAL = Number(fraction=True)
_SIZE = Number(0, fraction=True)
_POINT = ListOf(_REAL, least=2)
_LINE = ListOf(_POINT, least=2)
_USE = Text(pattern=r"\d{4}|\d{6}", hint="0701")
_BLOB: dict[str, Shape] = {"name": WORD, "at": _POINT, "radii": ListOf(_SIZE, least=2)}
_TURNED: dict[str, Shape] = {**_BLOB, "turn": _REAL}
_WAY = Record({"name": WORD, "width": _SIZE, "points": _LINE})
_RANGE = ListOf(_SIZE, least=2)

_PLAN: dict[str, Shape] = {
    "seed": Number(0),
    "corner": _POINT,
    "size": ListOf(Number(1, 200), least=2),
    "coast": _LINE,
    "islands": ListOf(Record(_TURNED), unique="name"),
    "rivers": ListOf(Record({"name": WORD, "widths": _RANGE, "points": _LINE}), unique="name"),
    "lakes": ListOf(Record({**_TURNED, "kind": Text(choices=("lake", "reservoir"))}), unique="name"),
    "hills": ListOf(Record(_TURNED), unique="name"),
    "borders": ListOf(_LINE),
    "districts": ListOf(Record({"region": WORD, "seat": _POINT}), unique="region"),
    "zones": ListOf(Record({"region": WORD, "outline": ListOf(_POINT, least=3)}), unique="region"),
    "characters": ListOf(
        Record({"id": Text(choices=SIZES), "middle": Table(_SIZE, least=1), "edge": Table(_SIZE, least=1)}),
        unique="id",
    ),
    "areas": ListOf(
        Record(
            {
                **_TURNED,
                "region": WORD,
                "spacing": Number(100),
                "character": Text(choices=SIZES),
                "streets": ListOf(WORD, unique=""),
            }
        ),
        unique="name",
    ),
    "uses": ListOf(
        Record(
            {"code": _USE, "green": _RANGE},
            {"far": _RANGE, "density": _RANGE, "floor_m": _SIZE, "house": ListOf(_SIZE, least=3)},
        ),
        unique="code",
    ),
    "roads": ListOf(
        Record({"name": WORD, "width": _SIZE, "points": _LINE, "kind": Text(choices=("expressway", "trunk"))}),
        unique="name",
    ),
    "railway": _WAY,
    "metro": ListOf(_WAY, unique="name"),
    "powerlines": ListOf(_WAY, unique="name"),
    "pipelines": ListOf(_WAY, unique="name"),
    "airport": Record(
        {
            "name": WORD,
            "at": _POINT,
            "turn": _REAL,
            "runway": _RANGE,
            "rise": _SIZE,
            "reach": _SIZE,
            "cone": _SIZE,
        }
    ),
    "secrecy": Record(_TURNED),
    "station": Record({"name": WORD, "at": _POINT, "reach": _SIZE}),
    "microwave": Record({"name": WORD, "from": _POINT, "to": _POINT, "width": _SIZE}),
    "heritage": ListOf(
        Record({**_BLOB, "care": _SIZE, "kind": Text(choices=("unit", "buried", "quarter"))}), unique="name"
    ),
    "minerals": ListOf(Record({**_BLOB, "kind": Text(choices=("mine", "field"))}), unique="name"),
    "villages": Record(
        {
            "count": Number(0, 2000),
            "first": ListOf(WORD, unique=""),
            "second": ListOf(WORD, unique=""),
            "last": WORD,
        }
    ),
    "towns": ListOf(WORD, unique=""),
    "street_names": ListOf(WORD, unique=""),
    "words": Table(WORD, key="[a-z_]+"),
    "layers": ListOf(
        Record({"layer": WORD, "source": WORD, "editions": Table(Text(choices=THEMES), least=1)}),
        unique="layer",
    ),
}
FILES = {DOCUMENT: Record({"version": VERSION}, _PLAN)}
MAY_LACK = {"railway", "airport", "secrecy", "station", "microwave"}
"""What not every city has."""


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("ground", files=FILES, reads=READS, check=check)


def check(documents: Documents) -> Iterator[Fault]:
    """Check that a plan is whole, and that its regions, layers, characters and uses are those of the pack."""
    plan = documents[DOCUMENT]
    if not plan.get("layers"):
        return
    for key in (
        FILES[DOCUMENT].optional.keys() - plan.keys() - {"railway", "airport", "secrecy", "station", "microwave"}
    ):
        yield Fault(FILE, key, _("缺少这个键"))
    layers = {
        layer["id"]
        for topic in documents["layers"]["topics"]
        for subtopic in topic["subtopics"]
        for layer in subtopic["layers"]
    }
    regions = {region["code"] for region in documents["city"]["regions"]}
    limits = {row["code"] for row in plan.get("uses", ())}
    for row in plan["layers"]:
        if row["layer"] not in layers:
            yield Fault(FILE, f"layers[{row['layer']}]", _("没有“%s”这个图层") % row["layer"])
    for key in ("districts", "zones", "areas"):
        for row in plan.get(key, ()):
            if row["region"] not in regions:
                path = f"{key}[{row.get('name', row['region'])}].region"
                yield Fault(FILE, path, _("没有“%s”") % row["region"])
    for row in plan.get("characters", ()):
        for part in ("middle", "edge"):
            for use in row[part].keys() - limits:
                yield Fault(FILE, f"characters[{row['id']}].{part}.{use}", _("uses 里没有“%s”") % use)
    known = {*documents["landuse"]["uses"], *(row["code"] for row in documents["landuse"]["classes"])}
    for use in limits - known:
        yield Fault(FILE, f"uses[{use}]", _("landuse.yaml 里没有“%s”") % use)
    for word in WORDS:
        if word not in plan.get("words", {}):
            yield Fault(FILE, f"words.{word}", _("缺少这个键"))
    for word, text in plan.get("words", {}).items():
        if any(name is not None and not name.isidentifier() for _text, name, *_rest in Formatter().parse(text)):
            yield Fault(FILE, f"words.{word}", _("花括号里应是名称"))
