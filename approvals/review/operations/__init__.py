"""The verbs of the review: the only place that saves its rows.

Locks, always in this order, several rows of a kind by pk, all FOR NO KEY UPDATE:

1. StageRun: all runs of the project. Whatever may open a case, conclude a stage or end an application takes them
   first, so two acts that join are done one after the other and the second one sees what the first one did.
2. Application   3. Case   4. ReviewTask   5. Timer (by deadlines)   6. Project (by registry).

Steps that decide nothing (claim, hand back, pass, return, hold) begin at 3 or 4 and never go back up.
"""

from approvals.review.operations.acceptance import accept, accept_silent, withdraw
from approvals.review.operations.dividing import DivisionBlocked, divide, merge
from approvals.review.operations.drafts import DraftConflict, save_draft
from approvals.review.operations.holds import place_hold, release_hold
from approvals.review.operations.stages import (
    StageNotOpen,
from approvals.review.operations.moving import follow_calendar
    open_application,
    open_stages,
    recheck,
    register_project,
)
from approvals.review.operations.steps import (
    OpenHold,
    SamePerson,
    TakenByOther,
    WrongConclusion,
    claim,
    complete_task,
    hand_back,
)

__all__ = [
    "DraftConflict",
    "OpenHold",
    "SamePerson",
    "StageNotOpen",
    "TakenByOther",
    "WrongConclusion",
    "accept",
    "claim",
    "complete_task",
    "hand_back",
    "accept_silent",
    "open_application",
    "open_stages",
    "place_hold",
    "recheck",
    "divide",
    "follow_calendar",
    "register_project",
    "release_hold",
    "save_draft",
    "withdraw",
]
