"""Addresses of the lists behind the numbers. A region chosen on the dashboard goes along."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from approvals.supervision.queries import Scope


def cases(scope: Scope, **filters: Any) -> str:
    """Return the address of a list of cases."""
    return _address("supervision:cases", scope, filters)


def projects(scope: Scope, **filters: Any) -> str:
    """Return the address of a list of projects."""
    return _address("supervision:projects", scope, filters)


def late(scope: Scope) -> str:
    """Return the address of the late cases."""
    return _address("supervision:late", scope, {})


def stalled(scope: Scope) -> str:
    """Return the address of the projects that stand still."""
    return _address("supervision:stalled", scope, {})


def _address(name: str, scope: Scope, filters: Mapping[str, Any]) -> str:
    given = {"region": scope.region, **filters}
    pairs = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in given.items()
        if value not in ("", None)
    }
    return f"{reverse(name)}?{urlencode(pairs, doseq=True)}" if pairs else reverse(name)
