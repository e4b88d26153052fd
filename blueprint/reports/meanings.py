"""What findings mean to people, as a version of the pack says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from blueprint.checks.definitions import Definitions
from blueprint.checks.models import Finding
from blueprint.layers.land_use import LandUses
from portal.citypack import queries as citypack


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a finding means, what can be done, and which departments resolve it."""

    says: str
    resolve: str
    by: tuple[str, ...] = ()
    """Short names."""


@dataclass(frozen=True, slots=True)
class PaperRules:
    """How the report is called, numbered and founded."""

    department: str
    title: str
    number_series: str
    serial_digits: int
    basis: tuple[str, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class Words:
    """What one version of the pack says about checks."""

    checks: Mapping[str, str]
    """Id -> name, in the order of the pack."""
    rules: Mapping[str, str]
    departments: Mapping[str, str]
    """Id -> short name."""
    number_words: Mapping[str, str]
    uses: LandUses
    meanings: Mapping[str, tuple[tuple[Mapping[str, str], Meaning], ...]]
    report: PaperRules | None
    used: frozenset[str]
    """Layers that any check reads."""

    def meaning_of(self, finding: Finding) -> Meaning:
        """Give the first meaning whose conditions a finding meets; an empty one when the pack says nothing."""
        for when, meaning in self.meanings.get(finding.check_code, ()):
            if all(_meets(finding, key, value) for key, value in when.items()):
                return meaning
        return Meaning("", "")

    def use(self, code: str) -> str:
        """Say a land use with its code: 0701 城镇住宅用地; a finer one by the name of what it belongs to."""
        name = self.uses.name(code)
        return f"{code} {name}" if name else code

    def short_names(self, departments: Iterable[str]) -> tuple[str, ...]:
        """Name departments in short; an unknown one by its id."""
        return tuple(self.departments.get(each, each) for each in departments)


@lru_cache(maxsize=16)
def words(pack_version_id: int) -> Words:
    """Read what a version says; once per process, as a version never changes.

    :raises NotFound: there is no such version
    """
    return read(citypack.version(pack_version_id).documents)


def read(documents: Mapping[str, Any]) -> Words:
    """Read the words of the checks from the documents of a pack."""
    layers, rows = documents["layers"], documents["departments"]["departments"]
    short = {row["id"]: row["short"] for row in rows}
    report = layers.get("report")
    return Words(
        checks={check["id"]: check["name"] for check in layers["checks"]},
        rules={check["id"]: check["rule"] for check in layers["checks"]},
        departments=short,
        number_words={row["id"]: row.get("number_word") or row["short"] for row in rows},
        uses=LandUses.read(documents),
        meanings={
            check["id"]: tuple(
                (
                    entry.get("when", {}),
                    Meaning(entry["says"], entry["resolve"], tuple(short.get(each, each) for each in entry["by"])),
                )
                for entry in check.get("meanings", ())
            )
            for check in layers["checks"]
        },
        report=PaperRules(**{**report, "basis": tuple(report["basis"])}) if report else None,
        used=Definitions.from_documents(layers).used,
    )


def _meets(finding: Finding, key: str, value: str) -> bool:
    if key == "layer":
        code = finding.layer_id or ""
        return code == value or code.startswith(value + ".")
    if key in ("severity", "kind"):
        return bool(getattr(finding, key) == value)
    return bool(finding.details.get(key) == value)
