"""landuse.yaml: what the codes of land use are called, and the colour of each class on maps and in legends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.citypack import queries as citypack
from portal.citypack import registry
from portal.citypack.faults import Fault
from portal.citypack.registry import Documents
from portal.citypack.shapes import VERSION, WORD, ListOf, Record, Table, Text

DOCUMENT = "landuse"
FILE = "landuse.yaml"
CODE = r"\d\d(\d\d){0,2}"

_COLOUR = Text(pattern=r"#[0-9a-f]{6}", hint="#rrggbb")
FILES = {
    DOCUMENT: Record(
        {
            "version": VERSION,
            "standard": WORD,
            "classes": ListOf(
                Record({"code": Text(pattern=r"\d\d", hint="07"), "name": WORD, "fill": _COLOUR, "line": _COLOUR}),
                unique="code",
                least=1,
            ),
            "uses": Table(WORD, key=r"\d{4}|\d{6}"),
        }
    )
}


@dataclass(frozen=True, slots=True)
class UseClass:
    """A class of the first level with its colours."""

    code: str
    name: str
    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class LandUses:
    """The codes of a pack."""

    standard: str
    classes: Mapping[str, UseClass]
    uses: Mapping[str, str]
    """Names of the codes with four or six digits."""

    @classmethod
    def read(cls, documents: Documents) -> LandUses:
        """Take the codes from a checked pack."""
        document: Mapping[str, Any] = documents[DOCUMENT]
        return cls(
            standard=document["standard"],
            classes={row["code"]: UseClass(**row) for row in document["classes"]},
            uses=document["uses"],
        )

    def name(self, code: str) -> str:
        """Call a code by its name, or by that of the longest known beginning; empty: nothing of it is known."""
        for known in (code[:6], code[:4]):
            if known in self.uses:
                return self.uses[known]
        found = self.classes.get(code[:2])
        return found.name if found else ""

    def use_class(self, code: str) -> UseClass | None:
        """Return the class a code belongs to."""
        return self.classes.get(code[:2])


def current() -> LandUses:
    """Return the codes of the pack in force.

    :raises NoPack: no pack was loaded yet
    """
    return LandUses.read(citypack.current().documents)


def register() -> None:
    """Register the section; called once from the app's ready()."""
    registry.register("land use", files=FILES, check=check)


def check(documents: Documents) -> Iterator[Fault]:
    """Check that every code belongs to a class and follows the one above it."""
    document = documents[DOCUMENT]
    classes = {row["code"] for row in document["classes"]}
    for code in document["uses"]:
        above = code[:-2]
        if above not in classes and above not in document["uses"]:
            yield Fault(FILE, f"uses.{code}", _("没有上一级“%s”") % above)
    fills = [row["fill"] for row in document["classes"]]
    for row in document["classes"]:
        if fills.count(row["fill"]) > 1:
            yield Fault(FILE, f"classes[{row['code']}].fill", _("“%s”重复了") % row["fill"])
