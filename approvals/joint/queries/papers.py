"""Conclusions as the public verification asks for them."""

from approvals.joint.models import Conclusion
from approvals.joint.states import ConclusionState


def conclusion_by_code(code: str) -> Conclusion | None:
    """Return the issued conclusion with a verification code; one statement, known or not."""
    return (
        Conclusion.objects.select_related("session__lead", "session__project", "document")
        .filter(verify_code=code, state=ConclusionState.ISSUED)
        .first()
    )
