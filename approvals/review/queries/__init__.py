"""Page-shaped reads of the review."""

from approvals.review.queries.counts import open_count
from approvals.review.queries.picture import lineage_results, picture

__all__ = ["lineage_results", "open_count", "picture"]
