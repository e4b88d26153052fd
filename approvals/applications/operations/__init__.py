"""The verbs of an application, by who does them.

`review` alone calls `create` (a stage must be open), `lock`, `mark_accepted`, `mark_completed`, `mark_reopened` and
`mark_withdrawn`.
"""

from approvals.applications.operations.answering import (
    mark_accepted,
    mark_completed,
    mark_deemed,
    mark_reopened,
    mark_withdrawn,
    not_required,
    reject,
    request_correction,
    return_expired,
)
from approvals.applications.operations.checking import check_all, check_field, check_slot
from approvals.applications.operations.drafting import create, require_none_open, save_answers
from approvals.applications.operations.filing import submit
from approvals.applications.operations.guarding import Clash, EditedMeanwhile
from approvals.applications.operations.letters import Letter, issue_letter
from approvals.applications.operations.locking import lock
from approvals.applications.operations.materials import attach, detach
from approvals.applications.operations.mending import NotToMend
from approvals.applications.operations.moving import follow_calendar
from approvals.applications.operations.papers import file_notice

__all__ = [
    "Clash",
    "EditedMeanwhile",
    "Letter",
    "NotToMend",
    "attach",
    "check_all",
    "check_field",
    "check_slot",
    "create",
    "detach",
    "file_notice",
    "follow_calendar",
    "issue_letter",
    "lock",
    "mark_accepted",
    "mark_completed",
    "mark_deemed",
    "mark_reopened",
    "mark_withdrawn",
    "not_required",
    "reject",
    "request_correction",
    "require_none_open",
    "return_expired",
    "save_answers",
    "submit",
]
