"""Screens of joint work."""

from approvals.joint.views.asking import ask_about_case, ask_about_stage, ask_further
from approvals.joint.views.consulting import close, consultation, reply, reply_file, request, supplement, urge
from approvals.joint.views.lists import asked, case_panel, inbox, mine, sessions, stage_panel
from approvals.joint.views.meeting import (
    answer,
    begin_recheck,
    call,
    cancel,
    conclude,
    give_result,
    opine,
    record,
    send_list,
    session,
    sign_in,
)
from approvals.joint.views.points import (
    judge_point,
    point_file,
    raise_point,
    report_mended,
    result_file,
    step_file,
    waive_point,
)

__all__ = [
    "answer",
    "ask_about_case",
    "ask_about_stage",
    "ask_further",
    "asked",
    "begin_recheck",
    "call",
    "cancel",
    "case_panel",
    "close",
    "conclude",
    "consultation",
    "give_result",
    "inbox",
    "judge_point",
    "mine",
    "opine",
    "point_file",
    "raise_point",
    "record",
    "reply",
    "reply_file",
    "report_mended",
    "request",
    "result_file",
    "send_list",
    "session",
    "sessions",
    "sign_in",
    "stage_panel",
    "step_file",
    "supplement",
    "urge",
    "waive_point",
]
