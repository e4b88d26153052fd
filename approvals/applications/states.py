"""States of an application and the allowed moves (decisions.md, Words)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApplicationState(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待受理")
    CORRECTING = "correcting", _("等您补正")
    RETURNED = "returned", _("补正逾期退件")
    ACCEPTED = "accepted", _("已受理")
    REJECTED = "rejected", _("不予受理")
    NOT_REQUIRED = "not_required", _("不受理（无需许可）")
    WITHDRAWN = "withdrawn", _("已撤回")
    COMPLETED = "completed", _("已办结")


_S = ApplicationState

APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.ACCEPTED, _S.CORRECTING, _S.REJECTED, _S.NOT_REQUIRED, _S.WITHDRAWN}),
    # supplying the correction brings it back to the window
    _S.CORRECTING: frozenset({_S.SUBMITTED, _S.RETURNED, _S.WITHDRAWN}),
    _S.RETURNED: frozenset(),
    _S.ACCEPTED: frozenset({_S.COMPLETED, _S.WITHDRAWN}),
    _S.REJECTED: frozenset(),
    _S.NOT_REQUIRED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    # the authority takes one of its cases up again
    _S.COMPLETED: frozenset({_S.ACCEPTED}),
}

#: at most one of these per unit and stage
OPEN_STATES = (_S.DRAFT, _S.SUBMITTED, _S.CORRECTING, _S.ACCEPTED)

#: what departments may see: what the window has accepted
WITH_DEPARTMENTS = (_S.ACCEPTED, _S.COMPLETED)

APPLICATION_TONES = {
    _S.DRAFT: "wait",
    _S.SUBMITTED: "wait",
    _S.CORRECTING: "due",
    _S.RETURNED: "no",
    _S.ACCEPTED: "ok",
    _S.REJECTED: "no",
    _S.NOT_REQUIRED: "off",
    _S.WITHDRAWN: "off",
    _S.COMPLETED: "done",
}


class Channel(TextChoices):
    ONLINE = "online", _("网上")
    COUNTER = "counter", _("窗口")


class NoticeKind(TextChoices):
    """Official papers of the window (行政许可法第32条), and of the departments after acceptance (LETTERS)."""

    RECEIPT = "receipt", _("收件凭证")
    ACCEPTANCE = "acceptance", _("受理通知书")
    CORRECTION = "correction", _("补正材料一次性告知书")
    REJECTION = "rejection", _("不予受理决定书")
    NOT_REQUIRED = "not_required", _("不受理告知书")
    RETURN = "return", _("退件通知书")
    SPECIAL = "special", _("特别程序告知书")
    SPECIAL_END = "special_end", _("特别程序结束告知书")
    CASE_CORRECTION = "case_correct", _("补正告知书")
    EXTENSION = "extension", _("延期告知书")
    TOLERANCE = "tolerance", _("容缺补齐告知书")
    COMMITMENT = "commitment", _("告知承诺告知书")
    RECTIFICATION = "rectification", _("限期整改通知书")
    REVOCATION = "revocation", _("撤销决定书")
    LAPSE = "lapse", _("决定失效告知书")
    REOPENING = "reopening", _("重新办理告知书")
    COMMENTS = "comments", _("阶段意见汇总")


class Verdict(TextChoices):
    """What the clerk found in a slot."""

    UNCHECKED = "unchecked", _("未核")
    COMPLETE = "complete", _("齐")
    MISSING = "missing", _("缺")
    WRONG = "wrong", _("不符")


#: what stands in the way of acceptance
VERDICTS_BAD = (Verdict.MISSING, Verdict.WRONG)

#: the word for a kind of paper inside its number, as offices write it: 综合窗口补〔2026〕0318号
NOTICE_WORDS = {
    NoticeKind.RECEIPT: "收",
    NoticeKind.ACCEPTANCE: "受",
    NoticeKind.CORRECTION: "补",
    NoticeKind.REJECTION: "不受",
    NoticeKind.NOT_REQUIRED: "免",
    NoticeKind.RETURN: "退",
    NoticeKind.SPECIAL: "特",
    NoticeKind.SPECIAL_END: "特结",
    NoticeKind.CASE_CORRECTION: "补",
    NoticeKind.EXTENSION: "延",
    NoticeKind.TOLERANCE: "容",
    NoticeKind.COMMITMENT: "承",
    NoticeKind.RECTIFICATION: "改",
    NoticeKind.REVOCATION: "撤",
    NoticeKind.LAPSE: "失",
    NoticeKind.REOPENING: "重",
    NoticeKind.COMMENTS: "汇",
}

#: papers of a department: their text was composed when they were issued, the template only sets it
LETTERS = (
    NoticeKind.SPECIAL,
    NoticeKind.SPECIAL_END,
    NoticeKind.CASE_CORRECTION,
    NoticeKind.EXTENSION,
    NoticeKind.TOLERANCE,
    NoticeKind.COMMITMENT,
    NoticeKind.RECTIFICATION,
    NoticeKind.REVOCATION,
    NoticeKind.LAPSE,
    NoticeKind.REOPENING,
    NoticeKind.COMMENTS,
)

#: the papers the applicant has to know of; a receipt he has just made himself
NOTICES_TOLD = (
    NoticeKind.ACCEPTANCE,
    NoticeKind.CORRECTION,
    NoticeKind.REJECTION,
    NoticeKind.NOT_REQUIRED,
    NoticeKind.RETURN,
    *LETTERS,
)

#: working days the applicant has to mend what the one notice lists
CORRECTION_DAYS = 20
