"""Read pack versions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.citypack.models import PackVersion
from portal.core.errors import DomainError, NotFound


class NoPack(DomainError):
    """No pack was loaded yet, so nothing can be shown or started."""

    code = "no_pack"
    http_status = 503
    message = _("还没有载入城市配置。请系统管理员先执行 load_pack。")


@dataclass(frozen=True, slots=True)
class Change:
    """What one item's limits were and are (days in the item's unit)."""

    id: str
    name: str
    before: tuple[int, int]
    after: tuple[int, int]
    """statutory and promised."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version changed in the items of the version before it."""

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    limits: tuple[Change, ...]
    renamed: tuple[tuple[str, str, str], ...]
    """id, name before, name now."""
    files: tuple[str, ...]
    """Documents that differ in any way."""

    @property
    def is_empty(self) -> bool:
        """Tell whether the items are the same."""
        return not (self.added or self.removed or self.limits or self.renamed)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One line of the page of versions."""

    version: PackVersion
    counts: Mapping[str, int]
    difference: Difference | None
    """None for the first version."""


def version(version_id: int) -> PackVersion:
    """Give one version.

    :raises NotFound: there is none
    """
    found = PackVersion.objects.filter(pk=version_id).first()
    if found is None:
        raise NotFound(fields={"pack_version": version_id})
    return found


def current() -> PackVersion:
    """Give the version that new projects start under.

    :raises NoPack: no pack was loaded yet
    """
    found = PackVersion.objects.current().first()
    if found is None:
        raise NoPack
    return found


def current_id() -> int:
    """Give the id of the current version without reading its documents.

    :raises NoPack: no pack was loaded yet
    """
    found = PackVersion.objects.current().values_list("pk", flat=True).first()
    if found is None:
        raise NoPack
    return int(found)


@dataclass(slots=True)
class _Held:
    """The version this process takes for the one in force, and when it last asked (monotonic seconds)."""

    version_id: int = 0
    asked_at: float = float("-inf")


_held = _Held()


def recent_id() -> int:
    """Give the id of the version that was current a moment ago, for what pages show and choose from.

    Held per process; asked again at most every PACK_RECHECK_SECONDS. What starts under a version asks `current_id`.

    :raises NoPack: no pack was loaded yet
    """
    now = time.monotonic()
    if now - _held.asked_at >= settings.PACK_RECHECK_SECONDS:
        _held.version_id, _held.asked_at = current_id(), now
    return _held.version_id


def forget() -> None:
    """Ask again at the next look; for whoever has just changed the version."""
    _held.asked_at = float("-inf")


def is_loaded() -> bool:
    """Tell whether a pack was loaded."""
    return PackVersion.objects.current().exists()


def document(version_id: int, name: str) -> dict[str, Any]:
    """Give one document of a version by the name of its file without .yaml.

    :raises NotFound: there is no such version or document
    """
    documents = version(version_id).documents
    if name not in documents:
        raise NotFound(fields={"document": name})
    found: dict[str, Any] = documents[name]
    return found


def versions() -> list[VersionRow]:
    """List all versions, the newest first, each with its counts and what it changed."""
    rows: list[VersionRow] = []
    before: PackVersion | None = None
    for found in PackVersion.objects.order_by("number"):
        change = difference(before.documents, found.documents) if before else None
        rows.append(VersionRow(version=found, counts=counts(found.documents), difference=change))
        before = found
    return rows[::-1]


def counts(documents: Mapping[str, Any]) -> dict[str, int]:
    """Count what people ask about: departments, items, flows, materials and form fields."""
    return {
        "departments": len(documents["departments"]["departments"]),
        "items": len(documents["items"]["items"]),
        "flows": len(documents["flows"]["flows"]),
        "materials": len(documents["materials"]["materials"]),
        "fields": sum(len(form["fields"]) for form in documents["form"]["forms"]),
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Tell what changed between two versions' documents."""
    old = {row["id"]: row for row in before["items"]["items"]}
    new = {row["id"]: row for row in after["items"]["items"]}
    both = [(old[key], row) for key, row in new.items() if key in old]
    return Difference(
        added=tuple((key, row["name"]) for key, row in new.items() if key not in old),
        removed=tuple((key, row["name"]) for key, row in old.items() if key not in new),
        limits=tuple(
            Change(id=now["id"], name=now["name"], before=_limits(was), after=_limits(now))
            for was, now in both
            if _limits(was) != _limits(now)
        ),
        renamed=tuple((now["id"], was["name"], now["name"]) for was, now in both if was["name"] != now["name"]),
        files=tuple(sorted(name for name in after if before.get(name) != after[name])),
    )


def _limits(row: Mapping[str, Any]) -> tuple[int, int]:
    return row["statutory_days"], row["promised_days"]
