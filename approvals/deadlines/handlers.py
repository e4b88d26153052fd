"""What follows a new city pack: its calendar moves the due days of what is running."""

from datetime import datetime
from typing import Any

from approvals.deadlines import operations as deadlines
from portal.core import outbox


@outbox.handler("citypack.version.loaded", name="deadlines.begin_recount")
def begin_recount(payload: dict[str, Any], at: datetime) -> None:
    """Ask for all due days to be derived anew; the task does it in batches."""
    deadlines.begin_recount(at=at)
