"""From a decision to its paper, in two steps: what it says at once, the printing afterwards."""

from datetime import datetime
from typing import Any

from approvals.certificates import operations as certificates
from approvals.certificates import queries
from portal.core import outbox


@outbox.handler("review.case.decided", name="certificates.prepare")
def prepare(payload: dict[str, Any], at: datetime) -> None:
    """Prepare the paper of a decision, unless the flow sends the results of the stage together."""
    if not queries.waits_for_stage(payload["id"]):
        certificates.prepare(case_id=payload["id"], at=at)


@outbox.handler("review.stage.concluded", name="certificates.prepare_together")
def prepare_together(payload: dict[str, Any], at: datetime) -> None:
    """Prepare the papers that were kept back until the stage was complete."""
    for case_id in queries.kept_back(payload["id"]):
        certificates.prepare(case_id=case_id, at=at)


@outbox.handler("applications.application.completed", name="certificates.prepare_rest")
def prepare_rest(payload: dict[str, Any], at: datetime) -> None:
    """Prepare what was kept back although its stage will not conclude: nothing more will be decided with it."""
    for case_id in queries.kept_back_in(payload["id"]):
        certificates.prepare(case_id=case_id, at=at)


@outbox.handler("review.decision.revoked", name="certificates.end_revoked")
@outbox.handler("review.decision.reopened", name="certificates.end_reopened")
@outbox.handler("review.decision.given_back", name="certificates.end_given_back")
@outbox.handler("review.decision.lapsed", name="certificates.end_lapsed")
def end(payload: dict[str, Any], at: datetime) -> None:
    """Let a paper follow its decision."""
    certificates.end(decision_id=payload["id"], at=at)


@outbox.handler("certificates.certificate.prepared", name="certificates.issue")
def issue(payload: dict[str, Any], at: datetime) -> None:
    """Print, file and announce a prepared certificate."""
    certificates.issue(certificate_id=payload["id"], at=at)
