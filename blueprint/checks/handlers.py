"""From a boundary that was entered to its check."""

from datetime import datetime
from typing import Any

from blueprint.checks import operations as checks
from portal.core import outbox


@outbox.handler("siting.version.entered", name="checks.check_version")
def check_version(payload: dict[str, Any], at: datetime) -> None:
    """Check a new boundary."""
    checks.check_entered_version(version_id=payload["id"], at=at)
