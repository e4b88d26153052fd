"""From what happened to the notices about it, and to the printing of conclusions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from approvals.joint import operations as joint
from approvals.joint import telling
from portal.core import outbox


@outbox.handler("review.case.closed", name="joint.cancel_of_case")
@outbox.handler("review.case.decided", name="joint.cancel_of_decided_case")
def cancel_of_case(payload: dict[str, Any], at: datetime) -> None:
    """End the questions about a case that has ended itself."""
    joint.cancel_of_case(case_id=payload["id"], at=at)


@outbox.handler("joint.session.concluded", name="joint.issue")
def issue(payload: dict[str, Any], at: datetime) -> None:
    """Print and file the conclusion of a session."""
    joint.issue(session_id=payload["id"], at=at)


def _tell(telling_of: Callable[[int, datetime], None]) -> Callable[[dict[str, Any], datetime], None]:
    def handle(payload: dict[str, Any], at: datetime) -> None:
        telling_of(payload["id"], at)

    return handle


for topic, telling_of in telling.TOLD.items():
    outbox.handler(topic, name=f"joint.tell.{topic}")(_tell(telling_of))
