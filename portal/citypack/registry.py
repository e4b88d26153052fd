"""The register of pack sections: which slice reads which file, checks it and applies it.

Slices register in `apps.ready()`. A section may bring the shapes of its files, rules across files, and the
function that writes its rows when a version is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from portal.citypack.faults import Fault
from portal.citypack.shapes import Shape

if TYPE_CHECKING:
    from portal.citypack.models import PackVersion

Documents = Mapping[str, dict[str, Any]]
Check = Callable[[Documents], Iterable[Fault]]


class Apply(Protocol):
    """Write a section's rows inside the transaction of the load; must not fail when run again for a version."""

    def __call__(self, *, version: PackVersion, documents: Documents, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the pack."""

    name: str
    files: Mapping[str, Shape]
    """Document name (file without .yaml) -> its shape."""
    reads: frozenset[str]
    """Documents its rules read besides its own; the rules are skipped while one of them has the wrong shape."""
    check: Check | None
    apply: Apply | None
    after: tuple[str, ...]


_sections: dict[str, Section] = {}


def register(
    name: str,
    *,
    files: Mapping[str, Shape] | None = None,
    reads: Iterable[str] = (),
    check: Check | None = None,
    apply: Apply | None = None,
    after: Iterable[str] = (),
) -> None:
    """Add a section, or add to one: two slices may share a name, say one that checks a file and one that applies it.

    :param after: sections whose rows must be there before this one's are written; unknown names are ignored
    :raises RuntimeError: the section has a check or an apply already, and this is another one
    """
    known = _sections.get(name) or Section(name, {}, frozenset(), None, None, ())
    if (check and known.check not in (None, check)) or (apply and known.apply not in (None, apply)):
        raise RuntimeError(f"two slices check or apply the pack section {name}")
    _sections[name] = Section(
        name=name,
        files={**known.files, **(files or {})},
        reads=known.reads | frozenset(reads) | frozenset(files or {}),
        check=check or known.check,
        apply=apply or known.apply,
        after=tuple(dict.fromkeys((*known.after, *after))),
    )


def sections() -> tuple[Section, ...]:
    """List the sections so that each comes after those it builds on.

    :raises RuntimeError: two sections wait for each other
    """
    ordered: dict[str, Section] = {}
    waiting: set[str] = set()

    def place(section: Section) -> None:
        if section.name in ordered:
            return
        if section.name in waiting:
            raise RuntimeError(f"pack sections wait for each other: {section.name}")
        waiting.add(section.name)
        for name in section.after:
            if name in _sections:
                place(_sections[name])
        ordered[section.name] = section

    for section in _sections.values():
        place(section)
    return tuple(ordered.values())


def document_names() -> frozenset[str]:
    """Name the documents a pack must have: all those a section gave a shape for."""
    return frozenset(name for section in _sections.values() for name in section.files)
