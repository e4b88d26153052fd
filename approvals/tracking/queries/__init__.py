"""Reads of a project with its stages, already loaded."""

from approvals.tracking.queries.board import Board, ItemLine, StageLine
from approvals.tracking.queries.ending import Ending, ending
from approvals.tracking.queries.letters import stage_comments
from approvals.tracking.queries.lists import ProjectRow, own_tasks, project_rows, published_decisions, search
from approvals.tracking.queries.loading import board
from approvals.tracking.queries.tasks import tasks_of
from approvals.tracking.queries.tree import UnitRow, to_merge, tree

__all__ = [
    "Board",
    "Ending",
    "ItemLine",
    "ProjectRow",
    "StageLine",
    "UnitRow",
    "board",
    "ending",
    "own_tasks",
    "project_rows",
    "published_decisions",
    "search",
    "stage_comments",
    "tasks_of",
    "to_merge",
    "tree",
]
