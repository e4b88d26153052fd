"""Page-shaped reads of the review."""

from approvals.review.queries.cases import EarlierResult, definition_of, draws_on, earlier_results, find_case
from approvals.review.queries.counts import done_tasks, open_count
from approvals.review.queries.picture import along, granted_results, lineage_results, lines, picture
from approvals.review.queries.tasklist import Filters, Inbox, inbox, lanes_of, neighbours

__all__ = [
    "EarlierResult",
    "Filters",
    "Inbox",
    "along",
    "definition_of",
    "done_tasks",
    "draws_on",
    "earlier_results",
    "find_case",
    "granted_results",
    "inbox",
    "lanes_of",
    "lineage_results",
    "lines",
    "neighbours",
    "open_count",
    "picture",
]
