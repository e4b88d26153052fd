"""The door to the city's library of e-certificates: what a certificate says, so that nobody types it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from portal.accounts.models import Enterprise
from portal.citypack import queries as citypack
from projects.registry import fields

#: the certificate every enterprise has; its values are the owner's facts
BUSINESS_LICENCE = "营业执照"


@dataclass(frozen=True, slots=True)
class ECert:
    """One certificate as the library knows it."""

    kind: str
    holder: str
    """Unified social credit code of the holder."""
    number: str
    values: Mapping[str, str]
    """Field id -> value, to be recorded as facts with the source e_cert."""


class ECertLibrary(Protocol):
    """Looks certificates up by their kind and holder."""

    def lookup(self, *, kind: str, uscc: str) -> ECert | None:
        """Return the certificate in force, or None when the library does not know one; then it is uploaded."""
        ...


class NoLibrary:
    """A city that is not connected: everything is uploaded."""

    def lookup(self, *, kind: str, uscc: str) -> ECert | None:
        """Know nothing."""
        return None


class DemoLibrary:
    """Knows the business licences of the enterprises in the city pack and in the accounts."""

    def lookup(self, *, kind: str, uscc: str) -> ECert | None:
        """Read the licence of an enterprise of the demo city."""
        if kind != BUSINESS_LICENCE:
            return None
        said = _from_accounts(uscc) or _from_pack(uscc)
        return ECert(kind=kind, holder=uscc, number=uscc, values=said) if said else None


def library() -> ECertLibrary:
    """Return the library the portal is connected to."""
    return DemoLibrary() if settings.DEMO else NoLibrary()


def _from_accounts(uscc: str) -> dict[str, str] | None:
    found = Enterprise.objects.filter(uscc=uscc).first()
    return _values(found.name, uscc, found.owner_type, found.legal_person) if found else None


def _from_pack(uscc: str) -> dict[str, str] | None:
    city = citypack.document(citypack.current_id(), "city")
    found = next((row for row in city.get("enterprises") or () if row["uscc"] == uscc), None)
    return _values(found["name"], uscc, found["type"], found["legal_person"]) if found else None


def _values(name: str, uscc: str, owner_type: str, legal_person: str) -> dict[str, str]:
    return {
        fields.OWNER_NAME: name,
        fields.OWNER_USCC: uscc,
        fields.OWNER_TYPE: owner_type,
        fields.LEGAL_PERSON: legal_person,
    }
