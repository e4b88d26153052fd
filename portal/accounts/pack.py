"""This slice's part of the city pack: departments and roles become rows.

Rows are written over, never deleted: cases and acts of the past point to them. What the pack no longer
names is closed, and comes back when a later pack names it again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.accounts.models import Department, Role, RoleGrant
from portal.citypack.models import PackVersion
from portal.citypack.registry import Documents


def apply(*, version: PackVersion, documents: Documents, at: datetime) -> None:
    """Write departments, roles and grants of a pack version; running it again changes nothing."""
    _apply_departments(documents["departments"]["departments"])
    _apply_roles(documents["roles"])


def _apply_departments(entries: list[dict[str, Any]]) -> None:
    Department.objects.bulk_create(
        [
            Department(
                id=entry["id"],
                name=entry["name"],
                short=entry["short"],
                kind=entry["kind"],
                sort=place,
                is_active=True,
                sub_units=[{"id": unit["id"], "name": unit["name"]} for unit in entry.get("units") or []],
            )
            for place, entry in enumerate(entries)
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "short", "kind", "sort", "is_active", "sub_units"],
    )
    Department.objects.exclude(pk__in=[entry["id"] for entry in entries]).update(is_active=False)


def _apply_roles(document: Mapping[str, Any]) -> None:
    entries = document["roles"]
    Role.objects.bulk_create(
        [
            Role(
                id=entry["id"],
                name=entry["name"],
                layout=entry["layout"],
                bodies=held_in(entry),
                is_separated=entry["id"] in document["separated"],
                sort=place,
                is_active=True,
            )
            for place, entry in enumerate(entries)
        ],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "layout", "bodies", "is_separated", "sort", "is_active"],
    )
    Role.objects.exclude(pk__in=[entry["id"] for entry in entries]).update(is_active=False)
    # Grants have no history of their own (the pack's versions are it), so they are simply replaced.
    RoleGrant.objects.all().delete()
    RoleGrant.objects.bulk_create(
        RoleGrant(role_id=entry["id"], act=act, name=document["acts"][act], scope=scope)
        for entry in entries
        for scope, acts in entry["grants"].items()
        for act in acts
    )


def held_in(entry: Mapping[str, Any]) -> list[str]:
    """Return the kinds of bodies whose people may hold a role: the pack writes a word or a list."""
    value = entry["held_in"]
    return [value] if isinstance(value, str) else list(value)
