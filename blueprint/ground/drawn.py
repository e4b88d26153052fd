"""What is drawn: features that carry what their layer says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from blueprint.ground import shaping

KILOMETRE = 1000.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One feature, in metres from the corner of the plan."""

    shape: BaseGeometry
    fid: str
    name: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """use, far, density, green, height, project_code, related_codes: as files call them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The document ground.yaml with its seed at work."""

    document: Mapping[str, Any]

    def chance(self, purpose: str) -> np.random.Generator:
        """Return the source of chance of one purpose, so that a change in one part leaves the others as they were."""
        return np.random.default_rng([self.document["seed"], *purpose.encode()])

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        """Return the entries of a list."""
        return list(self.document.get(key) or [])

    def word(self, key: str, **parts: Any) -> str:
        """Name something that has no name of its own, in the words of the plan."""
        return str(self.document["words"][key]).format(**parts)

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height in metres."""
        east, north = self.document["size"]
        return east * KILOMETRE, north * KILOMETRE


def metres(points: Any) -> Any:
    """Return positions and sizes given in kilometres as metres."""
    return np.asarray(points, dtype=float) * KILOMETRE


def numbered(
    shapes: Iterable[BaseGeometry], prefix: str, *, name: str = "", least: float = 100.0, **facts: Any
) -> list[Drawn]:
    """Make features of all polygons of some shapes, numbered from 1."""
    parts = [part for shape in shapes for part in shaping.polygons(shape, least)]
    return [Drawn(part, f"{prefix}{number:04d}", name, facts) for number, part in enumerate(parts, start=1)]
