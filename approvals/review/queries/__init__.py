"""Page-shaped reads of the review."""

from approvals.review.queries.picture import lineage_results, picture

__all__ = ["lineage_results", "picture"]
