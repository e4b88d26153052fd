"""Page-shaped reads of the review."""

from approvals.review.queries.cases import EarlierResult, definition_of, draws_on, earlier_results, find_case
from approvals.review.queries.counts import done_tasks, waiting
from approvals.review.queries.filters import counts_of, filters_of, saved_filters
from approvals.review.queries.following import next_task
from approvals.review.queries.lanes import lanes_of
from approvals.review.queries.picture import along, granted_results, lineage_results, lines, picture
from approvals.review.queries.reopened import later_results
from approvals.review.queries.tasklist import Filters, Inbox, inbox, neighbours

__all__ = [
    "EarlierResult",
    "Filters",
    "Inbox",
    "along",
    "counts_of",
    "definition_of",
    "done_tasks",
    "draws_on",
    "earlier_results",
    "filters_of",
    "find_case",
    "granted_results",
    "inbox",
    "lanes_of",
    "later_results",
    "lineage_results",
    "lines",
    "neighbours",
    "next_task",
    "picture",
    "saved_filters",
    "waiting",
]
