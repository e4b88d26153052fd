"""What a file turns into: cleaned shapes in the work CRS, with what was declared and what had to be repaired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from shapely.geometry import MultiPolygon

from portal.core.errors import InvalidInput, Text


class FileUnusable(InvalidInput):
    """The file as a whole cannot be used; `code` is one of the contract's, the message says what to do instead."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(message, code=code)


class Attributes(NamedTuple):
    """What a feature says of itself; empty texts are absent. A tuple, since there are millions of them."""

    fid: str | None = None
    name: str | None = None
    use: str | None = None
    far: float | None = None
    density: float | None = None
    """Per cent."""
    green: float | None = None
    """Per cent."""
    height: float | None = None
    """Metres."""
    project_code: str | None = None
    related_codes: tuple[str, ...] = ()
    declared_m2: float | None = None

    def but(self, **changed: Any) -> Attributes:
        """Return the same with some of it said otherwise."""
        return self._replace(**changed)


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a layer, cleaned."""

    index: int
    """Its place in the file, from 0."""
    geometry: MultiPolygon
    """Work CRS, metres, snapped to 0.01."""
    attributes: Attributes
    repaired: bool = False
    """It went through make-valid."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A feature that cannot be stored."""

    index: int
    reason: str


@dataclass(frozen=True, slots=True)
class SiteShape:
    """A site: the union of a file's features."""

    geometry: MultiPolygon
    """Work CRS, metres, snapped to 0.01."""
    attributes: Attributes
    """Those of the first polygon feature; `declared_m2` is what the file declares for the whole."""
    source_crs: str
    """The CRS the coordinates were read in, `EPSG:n`."""
    repairs: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)
    """`{code, ...}` each, codes as in the contract."""

    @property
    def area_m2(self) -> float:
        """Return the planar area in the work CRS."""
        return float(self.geometry.area)
