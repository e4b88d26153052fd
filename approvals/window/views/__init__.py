"""The clerk's pages."""

from approvals.window.views.console import (
    accept,
    check_all,
    check_field,
    check_slot,
    console,
    not_required,
    queue,
    reject,
)
from approvals.window.views.handing import hand_over, handover
from approvals.window.views.noticing import correct, correcting
from approvals.window.views.paper import paper, paper_project

__all__ = [
    "accept",
    "check_all",
    "check_field",
    "check_slot",
    "console",
    "correct",
    "correcting",
    "hand_over",
    "handover",
    "not_required",
    "paper",
    "paper_project",
    "queue",
    "reject",
]
