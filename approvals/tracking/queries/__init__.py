"""Reads of a project with its stages, already loaded."""

from approvals.tracking.queries.board import Board, ItemLine, StageLine
from approvals.tracking.queries.lists import ProjectRow, own_tasks, project_rows, published_decisions, search
from approvals.tracking.queries.loading import board
from approvals.tracking.queries.tasks import tasks_of

__all__ = [
    "Board",
    "ItemLine",
    "ProjectRow",
    "StageLine",
    "board",
    "own_tasks",
    "project_rows",
    "published_decisions",
    "search",
    "tasks_of",
]
