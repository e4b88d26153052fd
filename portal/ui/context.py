"""Tell every template in which city it stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.citypack import queries as citypack


@dataclass(frozen=True)
class City:
    """Hold the city's name as people say it; empty until a pack is loaded."""

    name: str = ""
    demo: bool = False


def city(request: HttpRequest) -> dict[str, Any]:
    """Add ``city``; a portal without a pack shows its pages without a city's name."""
    try:
        version_id = citypack.recent_id()
    except citypack.NoPack:
        return {"city": City(demo=bool(settings.DEMO))}
    return {"city": City(name=name_of(version_id), demo=bool(settings.DEMO))}


@lru_cache(maxsize=8)
def name_of(version_id: int) -> str:
    """Return the city's name under one version; a version never changes, so this is read once per process.

    A remark in brackets after the name is dropped: the foot of the page says what it would say.
    """
    name = str(citypack.document(version_id, "city")["name"])
    return name.partition("（")[0].strip()
