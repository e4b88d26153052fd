"""States of consultations, requests, sessions, participants and points, with the allowed moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

#: mark of the holds that consultations and sessions place; only their own end releases them
HOLD_OWNER = "joint"


class Silence(TextChoices):
    """What no answer in time means, as the pack's kind says."""

    AGREE = "agree", _("逾期未回复视为无意见")
    REMIND = "remind", _("逾期未回复由牵头部门催办")


class ConsultationState(TextChoices):
    OPEN = "open", _("征询中")
    COMPLETE = "complete", _("已收齐")
    CLOSED = "closed", _("已结束")
    CANCELLED = "cancelled", _("已取消")


CONSULTATION_TRANSITIONS: dict[str, frozenset[str]] = {
    ConsultationState.OPEN: frozenset(
        {ConsultationState.COMPLETE, ConsultationState.CLOSED, ConsultationState.CANCELLED}
    ),
    ConsultationState.COMPLETE: frozenset({ConsultationState.CLOSED, ConsultationState.CANCELLED}),
    ConsultationState.CLOSED: frozenset(),
    ConsultationState.CANCELLED: frozenset(),
}
CONSULTATION_RUNNING = (ConsultationState.OPEN, ConsultationState.COMPLETE)
CONSULTATION_TONES = {
    ConsultationState.OPEN: "ok",
    ConsultationState.COMPLETE: "info",
    ConsultationState.CLOSED: "",
    ConsultationState.CANCELLED: "",
}


class RequestState(TextChoices):
    ASKED = "asked", _("待回复")
    INFO_NEEDED = "info_needed", _("待补充")
    ANSWERED = "answered", _("已回复")
    SILENT = "silent", _("视为无意见")
    CLOSED = "closed", _("已结束")


REQUEST_TRANSITIONS: dict[str, frozenset[str]] = {
    RequestState.ASKED: frozenset(
        {RequestState.ANSWERED, RequestState.INFO_NEEDED, RequestState.SILENT, RequestState.CLOSED}
    ),
    RequestState.INFO_NEEDED: frozenset(
        {RequestState.INFO_NEEDED, RequestState.ASKED, RequestState.ANSWERED, RequestState.CLOSED}
    ),
    # a reply is revised by a new one, the state stays; once answered, nothing more can be asked for
    RequestState.ANSWERED: frozenset({RequestState.ANSWERED, RequestState.CLOSED}),
    RequestState.SILENT: frozenset({RequestState.ANSWERED, RequestState.CLOSED}),
    RequestState.CLOSED: frozenset(),
}
#: somebody still has to act before the consultation is complete
REQUEST_PENDING = (RequestState.ASKED, RequestState.INFO_NEEDED)
REQUEST_TONES = {
    RequestState.ASKED: "wait",
    RequestState.INFO_NEEDED: "due",
    RequestState.ANSWERED: "ok",
    RequestState.SILENT: "hold",
    RequestState.CLOSED: "",
}


class Position(TextChoices):
    """What a department says: beyond yes and no."""

    AGREE = "agree", _("同意")
    CONDITIONS = "conditions", _("有条件同意")
    DISAGREE = "disagree", _("不同意")
    NOT_CONCERNED = "not_concerned", _("不涉及")
    NEED_INFO = "need_info", _("需补充资料")


POSITION_TONES = {
    Position.AGREE: "ok",
    Position.CONDITIONS: "due",
    Position.DISAGREE: "late",
    Position.NOT_CONCERNED: "",
    Position.NEED_INFO: "hold",
}
#: what may not be said without a word
NEEDS_WORDS = (Position.CONDITIONS, Position.DISAGREE, Position.NEED_INFO)


class SessionState(TextChoices):
    INVITED = "invited", _("已召集")
    HELD = "held", _("已召开")
    RECTIFYING = "rectifying", _("整改中")
    RECHECKING = "rechecking", _("复验中")
    CONCLUDED = "concluded", _("已出结论")
    CANCELLED = "cancelled", _("已取消")


SESSION_TRANSITIONS: dict[str, frozenset[str]] = {
    SessionState.INVITED: frozenset({SessionState.HELD, SessionState.CANCELLED}),
    SessionState.HELD: frozenset({SessionState.RECTIFYING, SessionState.CONCLUDED, SessionState.CANCELLED}),
    SessionState.RECTIFYING: frozenset({SessionState.RECHECKING, SessionState.CANCELLED}),
    SessionState.RECHECKING: frozenset({SessionState.RECTIFYING, SessionState.CONCLUDED, SessionState.CANCELLED}),
    SessionState.CONCLUDED: frozenset(),
    SessionState.CANCELLED: frozenset(),
}
SESSION_RUNNING = (SessionState.INVITED, SessionState.HELD, SessionState.RECTIFYING, SessionState.RECHECKING)
SESSION_TONES = {
    SessionState.INVITED: "wait",
    SessionState.HELD: "ok",
    SessionState.RECTIFYING: "due",
    SessionState.RECHECKING: "ok",
    SessionState.CONCLUDED: "",
    SessionState.CANCELLED: "",
}


class ParticipantState(TextChoices):
    INVITED = "invited", _("待回执")
    ATTENDING = "attending", _("将参加")
    DELEGATING = "delegating", _("委托参加")
    DECLINED = "declined", _("不参加")
    PRESENT = "present", _("已到场")
    ABSENT = "absent", _("未到场")
    OPINED = "opined", _("已出意见")
    SILENT = "silent", _("视为无意见")


#: before the meeting a reply may be changed; after it only the opinion counts
PARTICIPANT_ANSWERS = (ParticipantState.ATTENDING, ParticipantState.DELEGATING, ParticipantState.DECLINED)
_BEFORE = frozenset({*PARTICIPANT_ANSWERS, ParticipantState.PRESENT, ParticipantState.ABSENT})
_AFTER = frozenset({ParticipantState.OPINED, ParticipantState.SILENT})
PARTICIPANT_TRANSITIONS: dict[str, frozenset[str]] = {
    ParticipantState.INVITED: _BEFORE,
    ParticipantState.ATTENDING: _BEFORE,
    ParticipantState.DELEGATING: _BEFORE,
    ParticipantState.DECLINED: _BEFORE,
    ParticipantState.PRESENT: _AFTER,
    ParticipantState.ABSENT: _AFTER,
    ParticipantState.OPINED: frozenset({ParticipantState.OPINED}),
    ParticipantState.SILENT: frozenset({ParticipantState.OPINED}),
}
#: the opinion is still owed
PARTICIPANT_PENDING = (ParticipantState.PRESENT, ParticipantState.ABSENT)
PARTICIPANT_TONES = {
    ParticipantState.INVITED: "wait",
    ParticipantState.ATTENDING: "ok",
    ParticipantState.DELEGATING: "ok",
    ParticipantState.DECLINED: "due",
    ParticipantState.PRESENT: "ok",
    ParticipantState.ABSENT: "due",
    ParticipantState.OPINED: "",
    ParticipantState.SILENT: "hold",
}


class PointState(TextChoices):
    OPEN = "open", _("待整改")
    REPORTED = "reported", _("已报整改")
    MENDED = "mended", _("已整改")
    WAIVED = "waived", _("已撤销")


POINT_TRANSITIONS: dict[str, frozenset[str]] = {
    PointState.OPEN: frozenset({PointState.REPORTED, PointState.MENDED, PointState.WAIVED}),
    PointState.REPORTED: frozenset({PointState.OPEN, PointState.MENDED, PointState.WAIVED}),
    PointState.MENDED: frozenset(),
    PointState.WAIVED: frozenset(),
}
#: stands in the way of a good conclusion when it is mandatory
POINT_OPEN = (PointState.OPEN, PointState.REPORTED)
POINT_TONES = {
    PointState.OPEN: "late",
    PointState.REPORTED: "due",
    PointState.MENDED: "ok",
    PointState.WAIVED: "",
}


class Step(TextChoices):
    """What happened to a point, in its history."""

    REPORTED = "reported", _("报告整改")
    PASSED = "passed", _("复验通过")
    FAILED = "failed", _("复验未通过")
    WAIVED = "waived", _("撤销问题")


class ConclusionState(TextChoices):
    PREPARING = "preparing", _("制作中")
    ISSUED = "issued", _("已出具")


CONCLUSION_TRANSITIONS: dict[str, frozenset[str]] = {
    ConclusionState.PREPARING: frozenset({ConclusionState.ISSUED}),
    ConclusionState.ISSUED: frozenset(),
}
