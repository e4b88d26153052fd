"""The verbs of joint work: the only place that saves its rows.

Locks, always in this order, all FOR NO KEY UPDATE:

1. StageRun (only to call a session)   2. Case (only to ask about it)
3. Consultation or Session: the row that joins lock; of several, the older one first
4. Request, Participant, Point by pk   5. what review, deadlines and archive lock when they are called.

Nothing below ever locks a row of this slice, so going down from 3 to 5 meets nobody who comes up.
"""

from approvals.joint.operations.asking import ask_about_case, ask_about_stage, ask_further
from approvals.joint.operations.calling import answer, call, cancel, sign_in
from approvals.joint.operations.concluding import conclude, issue
from approvals.joint.operations.errors import (
    AlreadyRunning,
    Ended,
    ListClosed,
    NoRoundsLeft,
    NothingToMend,
    NotJudgedYet,
    NotMendedYet,
    OpenPoints,
    OpinionsMissing,
    RoundsLeft,
    TooEarly,
)
from approvals.joint.operations.meeting import give_result, opine, raise_point, record, waive_point
from approvals.joint.operations.mending import begin_recheck, judge_point, report_mended, send_list
from approvals.joint.operations.replying import cancel_of_case, close, reply, supplement, urge
from approvals.joint.operations.sweeping import sweep

__all__ = [
    "AlreadyRunning",
    "Ended",
    "ListClosed",
    "NoRoundsLeft",
    "NotJudgedYet",
    "NotMendedYet",
    "NothingToMend",
    "OpenPoints",
    "OpinionsMissing",
    "RoundsLeft",
    "TooEarly",
    "answer",
    "ask_about_case",
    "ask_about_stage",
    "ask_further",
    "begin_recheck",
    "call",
    "cancel",
    "cancel_of_case",
    "close",
    "conclude",
    "give_result",
    "issue",
    "judge_point",
    "opine",
    "raise_point",
    "record",
    "reply",
    "report_mended",
    "send_list",
    "sign_in",
    "supplement",
    "sweep",
    "urge",
    "waive_point",
]
