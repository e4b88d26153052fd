"""Screens of the reviewers: inbox, case, stage, and the acts on them; and a case for its applicant."""

from approvals.review.views.acts import (
    ask_correction,
    ask_extension,
    check_commitment,
    confirm_correction,
    confirm_tolerance,
    decide_extension,
    reopen,
    revoke,
)
from approvals.review.views.assignment import assign, assignment, take_back
from approvals.review.views.batch import batch, batch_preview, batch_queue, batch_state, batch_undo
from approvals.review.views.case import case
from approvals.review.views.checks import mark
from approvals.review.views.filters import (
    filter_counts,
    filter_default,
    filter_delete,
    filter_rename,
    filters,
)
from approvals.review.views.holding import hold, release
from approvals.review.views.inbox import done, following, inbox
from approvals.review.views.mine import commitment_form, give_back, mine, sign, supply_correction, supply_tolerance
from approvals.review.views.stages import stage, stages, urge
from approvals.review.views.steps import claim, complete, draft, hand_back
from approvals.review.views.times import project_time
from approvals.review.views.withdrawal import withdraw

__all__ = [
    "ask_correction",
    "ask_extension",
    "assign",
    "assignment",
    "batch",
    "batch_preview",
    "batch_queue",
    "batch_state",
    "batch_undo",
    "case",
    "check_commitment",
    "claim",
    "commitment_form",
    "complete",
    "confirm_correction",
    "confirm_tolerance",
    "decide_extension",
    "done",
    "draft",
    "filter_counts",
    "filter_default",
    "filter_delete",
    "filter_rename",
    "filters",
    "following",
    "give_back",
    "hand_back",
    "hold",
    "inbox",
    "mark",
    "mine",
    "project_time",
    "release",
    "reopen",
    "revoke",
    "sign",
    "stage",
    "stages",
    "supply_correction",
    "supply_tolerance",
    "take_back",
    "urge",
    "withdraw",
]
