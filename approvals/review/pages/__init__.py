"""What the screens of a case and a stage show one reader: rows read by `queries`, shown as far as `policies` allow."""

from approvals.review.pages.acts import CaseActs, case_acts
from approvals.review.pages.assignment import AssignmentPage, assignment_page
from approvals.review.pages.batch import BatchPage, BatchPreview, batch_page, batch_preview
from approvals.review.pages.case import CasePage, case_page
from approvals.review.pages.mine import MyCase, my_case
from approvals.review.pages.stage import StagePage, led_stages, stage_page
from approvals.review.pages.times import TimePage, project_time
from approvals.review.pages.withdrawal import Ending, ending

__all__ = [
    "AssignmentPage",
    "BatchPage",
    "BatchPreview",
    "CaseActs",
    "CasePage",
    "Ending",
    "MyCase",
    "StagePage",
    "TimePage",
    "assignment_page",
    "batch_page",
    "batch_preview",
    "case_acts",
    "case_page",
    "ending",
    "led_stages",
    "my_case",
    "project_time",
    "stage_page",
]
