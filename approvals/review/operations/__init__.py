"""The verbs of the review: the only place that saves its rows.

Locks, always in this order, several rows of a kind by pk, all FOR NO KEY UPDATE:

1. StageRun: all runs of the project, also those of units divided since. Whatever may open a case, conclude a stage
   or end an application takes them first, so two acts that join are done one after the other and the second one sees
   what the first one did.
2. Application   3. Case   4. ReviewTask   5. Timer (by deadlines)   6. Project (by registry).

Steps that decide nothing (claim, hand back, pass, return, hold, extend, correct, supply) begin at 3 and never go back
up; what ends a decision begins at 1. Rows below a case (holds, extensions, corrections, decisions and what they left
to be done) have no lock of their own: whoever changes one holds the lock of its case. A batch act and its entries come
before 1; only its own verbs lock them, and never wait for an entry (see `batches`).

What moves the clock of a case copies its days to the open task last (see `clocks`). It may wait there for a draft being
saved, which holds nothing else.
"""

from approvals.review.operations.acceptance import accept, accept_silent, withdraw
from approvals.review.operations.afterwards import TakenUpElsewhere, correct, give_back, reopen, revoke
from approvals.review.operations.assignment import assign, tell_assigned, tell_reassigned
from approvals.review.operations.batches import (
    MOST_IN_BATCH,
    UNDO_SECONDS,
    NothingToDo,
    UndoTooLate,
    queue_batch,
    run_due_batches,
    undo_batch,
)
from approvals.review.operations.checks import Mark, mark_points
from approvals.review.operations.clocks import recount_batch
from approvals.review.operations.comments import tell_comments
from approvals.review.operations.commitments import (
    NotByCommitment,
    PastHandler,
    SignedBefore,
    StandsStill,
    check_commitment,
    print_commitment,
    sign_commitment,
)
from approvals.review.operations.corrections import (
    Point,
    ToldBefore,
    ask_correction,
    confirm_correction,
    supply_correction,
)
from approvals.review.operations.dividing import DivisionBlocked, divide, merge
from approvals.review.operations.drafts import DraftConflict, save_draft
from approvals.review.operations.extensions import (
    AlreadyAsked,
    ExtensionsUsedUp,
    ask_extension,
    decide_extension,
)
from approvals.review.operations.filters import (
    delete_filter,
    rename_filter,
    save_filter,
    set_default_filter,
)
from approvals.review.operations.holds import EndedOtherwise, OwnedHold, place_hold, release_hold
from approvals.review.operations.moving import follow_calendar, tell_moved
from approvals.review.operations.reopening import tell_reopened
from approvals.review.operations.revisions import StaleCase
from approvals.review.operations.stages import (
    StageNotOpen,
    open_application,
    open_stages,
    recheck,
    register_project,
)
from approvals.review.operations.steps import (
    OpenHold,
    SamePerson,
    TakenByOther,
    UncheckedCorrection,
    WrongConclusion,
    claim,
    complete_task,
    hand_back,
)
from approvals.review.operations.timing import keep_stage_time, recount_stage_time
from approvals.review.operations.tolerance import confirm_tolerance, lapse_tolerances, supply_tolerance
from approvals.review.operations.urging import UrgedToday, urge
from approvals.review.operations.withdrawal import withdraw_project

__all__ = [
    "MOST_IN_BATCH",
    "UNDO_SECONDS",
    "AlreadyAsked",
    "DivisionBlocked",
    "DraftConflict",
    "EndedOtherwise",
    "ExtensionsUsedUp",
    "Mark",
    "NotByCommitment",
    "NothingToDo",
    "OpenHold",
    "OwnedHold",
    "PastHandler",
    "Point",
    "SamePerson",
    "SignedBefore",
    "StageNotOpen",
    "StaleCase",
    "StandsStill",
    "TakenByOther",
    "TakenUpElsewhere",
    "ToldBefore",
    "UncheckedCorrection",
    "UndoTooLate",
    "UrgedToday",
    "WrongConclusion",
    "accept",
    "accept_silent",
    "ask_correction",
    "ask_extension",
    "assign",
    "check_commitment",
    "claim",
    "complete_task",
    "confirm_correction",
    "confirm_tolerance",
    "correct",
    "decide_extension",
    "delete_filter",
    "divide",
    "follow_calendar",
    "give_back",
    "hand_back",
    "keep_stage_time",
    "lapse_tolerances",
    "mark_points",
    "merge",
    "open_application",
    "open_stages",
    "place_hold",
    "print_commitment",
    "queue_batch",
    "recheck",
    "recount_batch",
    "recount_stage_time",
    "register_project",
    "release_hold",
    "rename_filter",
    "reopen",
    "revoke",
    "run_due_batches",
    "save_draft",
    "save_filter",
    "set_default_filter",
    "sign_commitment",
    "supply_correction",
    "supply_tolerance",
    "tell_assigned",
    "tell_comments",
    "tell_moved",
    "tell_reassigned",
    "tell_reopened",
    "undo_batch",
    "urge",
    "withdraw",
    "withdraw_project",
]
