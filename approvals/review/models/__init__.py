"""The parallel review: a stage run per unit, a case per item, tasks, opinions, holds, decisions."""

from approvals.review.models.cases import Case, Hold, ReviewTask
from approvals.review.models.stages import StageRun
from approvals.review.models.words import Decision, Opinion, OpinionDraft

__all__ = ["Case", "Decision", "Hold", "Opinion", "OpinionDraft", "ReviewTask", "StageRun"]
