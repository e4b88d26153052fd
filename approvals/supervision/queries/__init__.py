"""Numbers and the lists behind them. Every number is counted by the same query that lists it."""

from approvals.supervision.queries.board import Board, board
from approvals.supervision.queries.cases import CaseFilters, CaseList, late, list_cases, narrow
from approvals.supervision.queries.pace import Ended, Pace, Week
from approvals.supervision.queries.points import ProjectPoint, points
from approvals.supervision.queries.projects import REOPENED, ProjectFilters, ProjectList, list_projects, narrow_projects
from approvals.supervision.queries.scope import Scope
from approvals.supervision.queries.words import Words, words_in_force

__all__ = [
    "REOPENED",
    "Board",
    "CaseFilters",
    "CaseList",
    "Ended",
    "Pace",
    "ProjectFilters",
    "ProjectList",
    "ProjectPoint",
    "Scope",
    "Week",
    "Words",
    "board",
    "late",
    "list_cases",
    "list_projects",
    "narrow",
    "narrow_projects",
    "points",
    "words_in_force",
]
