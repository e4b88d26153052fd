"""layers.yaml: the topics, subtopics and layers of the blueprint, and the definitions of its checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from blueprint.layers import visibility
from blueprint.layers.models import Layer, Subtopic, Topic
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.models import PackVersion
from portal.citypack.registry import Documents
from portal.citypack.shapes import IDENT, VERSION, WORD, Anything, ListOf, Number, Record, Table, Text

FILE = "layers.yaml"
LAYER_CODE = r"L\d\d(\.\d\d){0,2}"
WORDS_OF_ROLES = r"[a-z][a-z_]*"

_LAYER = Record({"id": Text(pattern=r"L\d\d\.\d\d\.\d\d", hint="L01.02.03"), "name": WORD}, visibility.KEYS)
_SUBTOPIC = Record(
    {
        "id": Text(pattern=r"L\d\d\.\d\d", hint="L01.02"),
        "name": WORD,
        "layers": ListOf(_LAYER, unique="id", least=1),
    },
    visibility.KEYS,
)
#: what a finding of a check means; read by the slice that shows and prints them
_MEANING = Record(
    {"says": WORD, "resolve": WORD, "by": ListOf(IDENT, unique="", least=1)},
    {"when": Table(WORD, key="layer|severity|kind|reason|relation|indicator", least=1)},
)
_REPORT = Record(
    {
        "department": IDENT,
        "title": WORD,
        "number_series": WORD,
        "serial_digits": Number(1, 9),
        "basis": ListOf(WORD, unique="", least=1),
        "remark": WORD,
    }
)
_CHECK = Record(
    {
        "id": IDENT,
        "name": WORD,
        "inputs": ListOf(WORD, unique="", least=1),
        "roles": Table(ListOf(Text(pattern=LAYER_CODE, hint="L01.02.03"), unique="", least=1), key=WORDS_OF_ROLES),
        "op": WORD,
        "unit": WORD,
        "tolerance": Table(Number(0, fraction=True)),
        "result": ListOf(Text(choices=("pass", "warn", "fail", "report")), unique="", least=1),
        "rule": WORD,
    },
    {
        "construction": ListOf(Text(pattern=r"\d\d", hint="07"), unique="", least=1),
        "meanings": ListOf(_MEANING, least=1),
    },
)
FILES = {
    "layers": Record(
        {
            "version": VERSION,
            "topics": ListOf(
                Record(
                    {
                        "id": Text(pattern=r"L\d\d", hint="L01"),
                        "name": WORD,
                        "subtopics": ListOf(_SUBTOPIC, unique="id", least=1),
                    },
                    visibility.KEYS,
                ),
                unique="id",
                least=1,
            ),
            "checks": ListOf(_CHECK, unique="id"),
            "declares": Table(ListOf(IDENT, unique="", least=1), key=WORDS_OF_ROLES),
            "owners": Table(IDENT, key=LAYER_CODE),
        },
        {
            "counts": Record({}, {"topics": Number(0), "subtopics": Number(0), "layers": Number(0)}),
            "visible_to": visibility.AUDIENCE,
            "symbols": Table(visibility.SYMBOL, key=LAYER_CODE),
            "report": _REPORT,
            "districts": Text(pattern=LAYER_CODE, hint="L01.02.02"),
            "crs": Table(Anything()),
            "formats": ListOf(WORD),
            "services": ListOf(WORD),
            "boundary_txt": Table(Anything()),
            "siting": Record({"districts": ListOf(Text(pattern=LAYER_CODE, hint="L01.02.02"), unique="", least=1)}),
        },
    )
}


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("layers", files=FILES, reads=["departments", "landuse"], check=check, apply=apply)


def check(documents: Documents) -> Iterator[Fault]:
    """Check that codes nest, that checks read layers there are, and that no line was lost."""
    topics = documents["layers"]["topics"]
    subtopics = [(topic, subtopic) for topic in topics for subtopic in topic["subtopics"]]
    layers = [(subtopic, layer) for _topic, subtopic in subtopics for layer in subtopic["layers"]]
    yield from _nested(
        (f"topics[{topic['id']}].subtopics[{subtopic['id']}]", topic, subtopic) for topic, subtopic in subtopics
    )
    yield from _nested(
        (f"topics[{topic['id']}].subtopics[{subtopic['id']}].layers[{layer['id']}]", subtopic, layer)
        for topic, subtopic in subtopics
        for layer in subtopic["layers"]
    )
    codes = {row["id"] for row in topics} | {row["id"] for _parent, row in (*subtopics, *layers)}
    for definition in documents["layers"]["checks"]:
        for index, name in enumerate(definition["inputs"]):
            if re.fullmatch(LAYER_CODE, name) and name not in codes:
                yield Fault(FILE, f"checks[{definition['id']}].inputs[{index + 1}]", _("没有“%s”这个图层") % name)
        for role, names in definition["roles"].items():
            for index, name in enumerate(names):
                if name not in codes:
                    path = f"checks[{definition['id']}].roles.{role}[{index + 1}]"
                    yield Fault(FILE, path, _("没有“%s”这个图层") % name)
    yield from _owned(documents, [layer["id"] for _parent, layer in layers], codes)
    for code in documents["layers"].get("symbols") or {}:
        if code not in codes:
            yield Fault(FILE, f"symbols.{code}", _("没有“%s”这个图层") % code)
    departments = {row["id"] for row in documents["departments"]["departments"]}
    for path, department in visibility.named_departments(documents["layers"]):
        if department not in departments:
            yield Fault(FILE, path, _("没有“%s”这个部门") % department)
    for index, name in enumerate((documents["layers"].get("siting") or {}).get("districts") or []):
        if name not in codes:
            yield Fault(FILE, f"siting.districts[{index + 1}]", _("没有“%s”这个图层") % name)
    found = {"topics": len(topics), "subtopics": len(subtopics), "layers": len(layers)}
    for key, wanted in (documents["layers"].get("counts") or {}).items():
        if found[key] != wanted:
            words = {"found": found[key], "wanted": wanted}
            yield Fault(FILE, f"counts.{key}", _("应有 %(wanted)d 个，实际 %(found)d 个") % words)


def apply(*, version: PackVersion, documents: Documents, at: datetime) -> None:
    """Bring the rows up to the pack: new and renamed ones are written, those that are gone are no longer listed."""
    topics = documents["layers"]["topics"]
    subtopics = [(topic["id"], subtopic) for topic in topics for subtopic in topic["subtopics"]]
    layers = [(subtopic["id"], layer) for _topic, subtopic in subtopics for layer in subtopic["layers"]]
    Topic.objects.bulk_create(
        [Topic(code=row["id"], name=row["name"]) for row in topics],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    Subtopic.objects.bulk_create(
        [Subtopic(code=row["id"], name=row["name"], topic_id=parent) for parent, row in subtopics],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "topic"],
    )
    Layer.objects.exclude(code__in=[row["id"] for _parent, row in layers]).update(is_listed=False)
    uses = {row["code"]: row["fill"] for row in documents["landuse"]["classes"]}
    shows = visibility.of_layers(documents["layers"], uses)
    Layer.objects.bulk_create(
        [
            Layer(
                code=row["id"],
                name=row["name"],
                subtopic_id=parent,
                is_listed=True,
                audience=shows[row["id"]].audience,
                departments=list(shows[row["id"]].departments),
                is_masked=shows[row["id"]].is_masked,
                is_shown=shows[row["id"]].is_shown,
                symbol=dict(shows[row["id"]].symbol),
                keeper=_keeper(documents["layers"]["owners"], row["id"]),
            )
            for parent, row in layers
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[
            "name",
            "subtopic",
            "is_listed",
            "audience",
            "departments",
            "is_masked",
            "is_shown",
            "symbol",
            "keeper",
        ],
    )


def _keeper(owners: dict[str, str], layer: str) -> str:
    """Return the department that keeps a layer: the longest code that fits decides."""
    return owners[max((code for code in owners if layer == code or layer.startswith(code + ".")), key=len)]


def _owned(documents: Documents, layers: Iterable[str], codes: set[str]) -> Iterator[Fault]:
    """Check that every layer is kept by a department there is."""
    owners: dict[str, str] = documents["layers"]["owners"]
    departments = {row["id"] for row in documents["departments"]["departments"]}
    for code, department in owners.items():
        if code not in codes:
            yield Fault(FILE, f"owners.{code}", _("没有“%s”这个图层") % code)
        if department not in departments:
            yield Fault(FILE, f"owners.{code}", _("没有“%s”这个部门") % department)
    for code in layers:
        if not any(code == given or code.startswith(given + ".") for given in owners):
            yield Fault(FILE, f"owners.{code}", _("这个图层没有指定管理部门"))


def _nested(rows: Iterable[tuple[str, dict[str, Any], dict[str, Any]]]) -> Iterator[Fault]:
    """Check that each code begins with its parent's, and that no code comes twice anywhere."""
    seen: set[str] = set()
    for path, parent, row in rows:
        if not row["id"].startswith(parent["id"] + "."):
            yield Fault(FILE, path, _("编号应以上级编号“%s”开头") % parent["id"])
        if row["id"] in seen:
            yield Fault(FILE, path, _("“%s”重复了") % row["id"])
        seen.add(row["id"])
