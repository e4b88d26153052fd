"""Faults of a pack and how a place inside a file is named. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NAMES = ("id", "code", "item", "stage", "term", "date", "year", "field")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: in which file, at which key, and why, in words for whoever edits the file."""

    file: str
    path: str
    reason: str
    line: int | None = None
    """Counted from 1; None where the fault has no single place."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}  {self.path}  {self.reason}" if self.path else f"{place}  {self.reason}"


def step(path: str, key: object) -> str:
    """Name a key below a path: `items` and `promised_days`."""
    return f"{path}.{key}" if path else str(key)


def element(path: str, index: int, value: object) -> str:
    """Name an element of a list by its id, or by its place counted from 1: `items[S1-07]`, `prereq[2]`."""
    if isinstance(value, Mapping):
        for name in _NAMES:
            if isinstance(value.get(name), str | int) and not isinstance(value.get(name), bool):
                return f"{path}[{value[name]}]"
    return f"{path}[{index + 1}]"
