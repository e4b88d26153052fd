"""What the screens of a case and a stage show one reader: rows read by `queries`, shown as far as `policies` allow."""

from approvals.review.pages.case import CasePage, case_page
from approvals.review.pages.stage import StagePage, led_stages, stage_page

__all__ = ["CasePage", "StagePage", "case_page", "led_stages", "stage_page"]
