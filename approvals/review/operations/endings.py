"""What is still open in a case ends with it."""

from datetime import datetime

from approvals.review.models import Case
from approvals.review.operations import corrections, extensions, promises
from portal.core.actor import Actor


def end_open(case: Case, *, actor: Actor, at: datetime) -> None:
    """End what was asked and promised in a locked case that ends without a decision."""
    extensions.lapse_asked(case, actor=actor, at=at)
    corrections.end_open(case, actor=actor, at=at)
    promises.end_signed(case, actor=actor, at=at)
