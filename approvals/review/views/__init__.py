"""Screens of the reviewers: inbox, case, stage, and the acts on them."""

from approvals.review.views.case import case
from approvals.review.views.checks import mark
from approvals.review.views.holding import hold, release
from approvals.review.views.inbox import done, inbox
from approvals.review.views.stages import stage, stages
from approvals.review.views.steps import claim, complete, draft, hand_back

__all__ = [
    "case",
    "claim",
    "complete",
    "done",
    "draft",
    "hand_back",
    "hold",
    "inbox",
    "mark",
    "release",
    "stage",
    "stages",
]
