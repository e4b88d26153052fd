"""What checking a site comes to. Figures are rounded here, once, as they are shown and kept. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shapely.geometry.base import BaseGeometry

NO_EDITION = "no_edition"
NOT_DECLARED = "not_declared"


def m2(value: float) -> float:
    """Return an area to 0.01 m²."""
    return round(float(value), 2) + 0.0


def ratio(part: float, whole: float) -> float:
    """Return a share to 1e-6, of unrounded areas."""
    return round(float(part) / float(whole), 6) + 0.0


class EditionRef(NamedTuple):
    """An edition that was read."""

    layer: str
    name: str
    id: int

    def as_json(self) -> dict[str, Any]:
        """Return what a run keeps of it."""
        return {"layer": self.layer, "edition": self.name, "edition_id": self.id}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: `{check, layer, edition, feature, overlap_m2, share, severity}` and the check's own keys."""

    check: str
    severity: str
    edition: EditionRef | None = None
    feature: str | None = None
    name: str = ""
    """Of the feature, where it has one."""
    overlap_m2: float | None = None
    share: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | None = None

    @property
    def layer(self) -> str | None:
        return self.edition.layer if self.edition else None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the command prints it."""
        return {
            "check": self.check,
            "layer": self.layer,
            "edition": self.edition.name if self.edition else None,
            "feature": self.feature,
            "overlap_m2": self.overlap_m2,
            "share": self.share,
            "severity": self.severity,
            **self.extra,
        }


@dataclass(frozen=True, slots=True)
class PatchFound:
    """A piece of a difference, before it has its number."""

    check: str
    kind: str
    area: float
    """m², not rounded."""
    share: float | None
    """Of the site; None in the whole city."""
    geometry: BaseGeometry
    layer: str | None = None
    use_a: str | None = None
    use_b: str | None = None
    offset_m: float | None = None
    owner_layers: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @property
    def area_m2(self) -> float:
        return m2(self.area)

    def as_json(self, number: int) -> dict[str, Any]:
        """Return the patch as the command prints it."""
        said: dict[str, Any] = {
            "id": patch_id(number),
            "check": self.check,
            "kind": self.kind,
            "area_m2": self.area_m2,
            "share": self.share,
        }
        if self.layer is None:
            said |= {"use_a": self.use_a, "use_b": self.use_b}
            said |= {"owner_layers": list(self.owner_layers), "owners": list(self.owners)}
        else:
            said |= {"layer": self.layer, "offset_m": self.offset_m, "owners": list(self.owners)}
        return said


def patch_id(number: int) -> str:
    """Return the id of the n-th patch: P001, P002, ..."""
    return f"P{number:03d}"


@dataclass(frozen=True, slots=True)
class LayerTotal:
    """What a layer comes to as a whole in a check; null figures are masked."""

    check: str
    edition: EditionRef
    overlap_m2: float | None
    share: float | None
    result: str

    def as_json(self) -> dict[str, Any]:
        """Return the row as the command prints it."""
        return {
            "check": self.check,
            "layer": self.edition.layer,
            "edition": self.edition.name,
            "overlap_m2": self.overlap_m2,
            "share": self.share,
            "result": self.result,
        }


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check, or its part about one layer, that could not be made."""

    check: str
    layer: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the row as the command prints it."""
        return {"check": self.check, "layer": self.layer, "reason": self.reason}


@dataclass(slots=True)
class Outcome:
    """What one rule says; the engine joins them."""

    findings: list[Found] = field(default_factory=list)
    patches: list[PatchFound] = field(default_factory=list)
    totals: list[LayerTotal] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Append what another rule said."""
        self.findings += other.findings
        self.patches += other.patches
        self.totals += other.totals
        self.skipped += other.skipped


class InventoryRow(NamedTuple):
    """How much of a layer lies in the site, whatever a check makes of it."""

    edition: EditionRef
    features: int
    overlap: float
    """m², sum over its features, not rounded."""

    def as_json(self) -> dict[str, Any]:
        """Return what a run keeps of it."""
        return {**self.edition.as_json(), "features": self.features, "overlap_m2": m2(self.overlap)}


@dataclass(frozen=True, slots=True)
class SiteResult:
    """All that is said of a site."""

    area: float
    editions: tuple[EditionRef, ...]
    """Every edition that was read, also of layers that have nothing there."""
    findings: tuple[Found, ...]
    patches: tuple[PatchFound, ...]
    """In the order of their numbers, from 1."""
    totals: tuple[LayerTotal, ...]
    skipped: tuple[Skipped, ...]
    inventory: tuple[InventoryRow, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command that come from the checks."""
        return {
            "area_m2": m2(self.area),
            "totals": [row.as_json() for row in self.totals],
            "findings": [row.as_json() for row in self.findings],
            "patches": [row.as_json(number) for number, row in enumerate(self.patches, 1)],
            "skipped": [row.as_json() for row in self.skipped],
        }
