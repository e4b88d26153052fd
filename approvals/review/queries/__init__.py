"""Page-shaped reads of the review."""

from approvals.review.queries.case_page import CasePage, case_page
from approvals.review.queries.cases import EarlierResult, definition_of, draws_on, earlier_results, find_case
from approvals.review.queries.counts import done_tasks, open_count
from approvals.review.queries.inbox import Filters, Inbox, inbox, lanes_of, neighbours
from approvals.review.queries.picture import lineage_results, picture
from approvals.review.queries.stage_page import StagePage, led_stages, stage_page

__all__ = [
    "CasePage",
    "EarlierResult",
    "Filters",
    "Inbox",
    "StagePage",
    "case_page",
    "definition_of",
    "done_tasks",
    "draws_on",
    "earlier_results",
    "find_case",
    "inbox",
    "lanes_of",
    "led_stages",
    "lineage_results",
    "neighbours",
    "open_count",
    "picture",
    "stage_page",
]
