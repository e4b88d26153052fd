"""The parallel review: a stage run per unit, a case per item, its steps, words, requests and decisions."""

from approvals.review.models.batches import BatchAct, BatchEntry
from approvals.review.models.cases import Case, Hold, ReviewTask
from approvals.review.models.checks import PointCheck
from approvals.review.models.decisions import Commitment, Decision, Tolerance, ToleratedMaterial
from approvals.review.models.filters import SavedFilter
from approvals.review.models.requests import CaseCorrection, CaseCorrectionPoint, Extension, Urge
from approvals.review.models.stages import StageRun
from approvals.review.models.words import Opinion, OpinionDraft

__all__ = [
    "BatchAct",
    "BatchEntry",
    "Case",
    "CaseCorrection",
    "CaseCorrectionPoint",
    "Commitment",
    "Decision",
    "Extension",
    "Hold",
    "Opinion",
    "OpinionDraft",
    "PointCheck",
    "ReviewTask",
    "SavedFilter",
    "StageRun",
    "Tolerance",
    "ToleratedMaterial",
    "Urge",
]
