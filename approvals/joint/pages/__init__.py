"""Pages of joint work: what each reader sees of them, and may do there."""

from approvals.joint.pages.consultation import (
    ConsultationPage,
    RequestPage,
    consultation_page,
    find_consultation,
    find_reply,
    find_request,
    request_page,
)
from approvals.joint.pages.panel import Panel, case_panel, stage_panel
from approvals.joint.pages.session import (
    PointView,
    SessionPage,
    find_participant,
    find_point,
    find_result,
    find_session,
    find_step,
    session_page,
)

__all__ = [
    "ConsultationPage",
    "Panel",
    "PointView",
    "RequestPage",
    "SessionPage",
    "case_panel",
    "consultation_page",
    "find_consultation",
    "find_participant",
    "find_point",
    "find_reply",
    "find_request",
    "find_result",
    "find_session",
    "find_step",
    "request_page",
    "session_page",
    "stage_panel",
]
