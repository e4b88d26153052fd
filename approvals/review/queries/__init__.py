"""Page-shaped reads of the review."""

from approvals.review.queries.cases import EarlierResult, definition_of, draws_on, earlier_results, find_case
from approvals.review.queries.counts import open_count
from approvals.review.queries.picture import lineage_results, picture

__all__ = [
    "EarlierResult",
    "definition_of",
    "draws_on",
    "earlier_results",
    "find_case",
    "lineage_results",
    "open_count",
    "picture",
]
