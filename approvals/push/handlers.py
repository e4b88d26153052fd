"""From an issued paper to its receivers."""

from datetime import datetime
from typing import Any

from approvals.push import operations as push
from portal.core import outbox


@outbox.handler("certificates.certificate.issued", name="push.plan")
def plan(payload: dict[str, Any], at: datetime) -> None:
    """Plan the deliveries of a paper."""
    push.plan(certificate_id=payload["id"], at=at)


@outbox.handler("push.delivery.planned", name="push.send")
def send(payload: dict[str, Any], at: datetime) -> None:
    """Send a planned delivery."""
    push.send(delivery_id=payload["id"], at=at)


@outbox.handler("certificates.certificate.revoked", name="push.tell_revoked")
def tell_revoked(payload: dict[str, Any], at: datetime) -> None:
    """Tell the receivers of a paper that it was revoked."""
    push.tell_revoked(certificate_id=payload["id"], at=at)
