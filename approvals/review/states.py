"""States of a stage run, a case, a task and what may be asked and promised in a case, with the allowed moves.

The national states (撤回 14, 撤销 15 and so on) are told from decisions and events, never stored as states of a case.
"""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StageState(TextChoices):
    WAITING = "waiting", _("未到")
    OPEN = "open", _("可申报")
    IN_REVIEW = "in_review", _("在审")
    CONCLUDED = "concluded", _("已办结")
    NOT_NEEDED = "not_needed", _("不涉及")
    #: the runs of the units that its unit was divided or merged into took its place
    DIVIDED = "divided", _("已拆分或合并")
    #: ended with the project, which its owner gave up
    CLOSED = "closed", _("已终止")


STAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    StageState.WAITING: frozenset({StageState.OPEN, StageState.NOT_NEEDED, StageState.DIVIDED, StageState.CLOSED}),
    # back to waiting when the stage before is opened again and nothing has been applied for here
    StageState.OPEN: frozenset(
        {
            StageState.WAITING,
            StageState.IN_REVIEW,
            StageState.CONCLUDED,
            StageState.NOT_NEEDED,
            StageState.DIVIDED,
            StageState.CLOSED,
        }
    ),
    # back to open when all cases ended without the milestone (refused or withdrawn)
    StageState.IN_REVIEW: frozenset({StageState.CONCLUDED, StageState.OPEN, StageState.CLOSED}),
    # opened again when a decision it was concluded by holds no more (ADR 0013)
    StageState.CONCLUDED: frozenset({StageState.OPEN, StageState.IN_REVIEW}),
    StageState.NOT_NEEDED: frozenset({StageState.OPEN, StageState.DIVIDED, StageState.CLOSED}),
    StageState.DIVIDED: frozenset(),
    StageState.CLOSED: frozenset(),
}
STAGE_DONE = (StageState.CONCLUDED, StageState.NOT_NEEDED)
STAGE_TONES = {
    StageState.WAITING: "wait",
    StageState.OPEN: "wait",
    StageState.IN_REVIEW: "ok",
    StageState.CONCLUDED: "done",
    StageState.NOT_NEEDED: "off",
    StageState.DIVIDED: "off",
    StageState.CLOSED: "off",
}
#: where work goes on before where it can begin, before what is still to come
_FOREMOST = (StageState.IN_REVIEW, StageState.OPEN, StageState.WAITING, StageState.CONCLUDED, StageState.CLOSED)


def overall(states: Iterable[str]) -> StageState:
    """Return where a stage stands when several units have it: done when all are done."""
    found = set(states) - {StageState.DIVIDED}
    if not found:
        return StageState.WAITING
    return next((state for state in _FOREMOST if state in found), StageState.NOT_NEEDED)


class CaseState(TextChoices):
    OPEN = "open", _("在办")
    HELD = "held", _("停办")
    DECIDED = "decided", _("已办结")
    CLOSED = "closed", _("已终止")


CASE_TRANSITIONS: dict[str, frozenset[str]] = {
    CaseState.OPEN: frozenset({CaseState.HELD, CaseState.DECIDED, CaseState.CLOSED}),
    CaseState.HELD: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    # a new round on the authority's order, or the end of what was decided: revoked, given back, lapsed
    CaseState.DECIDED: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}
CASE_RUNNING = (CaseState.OPEN, CaseState.HELD)
CASE_TONES = {
    CaseState.OPEN: "ok",
    CaseState.HELD: "hold",
    CaseState.DECIDED: "done",
    CaseState.CLOSED: "off",
}


class TaskState(TextChoices):
    WAITING = "waiting", _("待领")
    CLAIMED = "claimed", _("办理中")
    DONE = "done", _("已办")
    CANCELLED = "cancelled", _("已取消")


TASK_TRANSITIONS: dict[str, frozenset[str]] = {
    TaskState.WAITING: frozenset({TaskState.CLAIMED, TaskState.CANCELLED}),
    TaskState.CLAIMED: frozenset({TaskState.DONE, TaskState.WAITING, TaskState.CANCELLED}),
    TaskState.DONE: frozenset(),
    TaskState.CANCELLED: frozenset(),
}
TASK_OPEN = (TaskState.WAITING, TaskState.CLAIMED)


class Step(TextChoices):
    HANDLER = "handler", _("承办")
    CHECKER = "checker", _("审核")
    APPROVER = "approver", _("批准")


class Conclusion(TextChoices):
    PASS = "pass", _("通过")
    RETURN = "return", _("退回")
    GRANT = "grant", _("准予")
    REJECT = "reject", _("不予")


class Outcome(TextChoices):
    GRANTED = "granted", _("准予")
    REJECTED = "rejected", _("不予")


class HoldClock(TextChoices):
    """What a hold does to the clock: only the last two pause."""

    NONE = "none", _("不停计")
    SPECIAL = "special", _("特别程序")
    CORRECTION = "correction", _("补正")


class DecisionKind(TextChoices):
    """On what a decision rests."""

    ORDINARY = "ordinary", _("普通")
    TOLERANT = "tolerant", _("容缺")
    COMMITMENT = "commitment", _("告知承诺")


class DecisionState(TextChoices):
    """Whether what was decided still holds, and if not, what ended it."""

    IN_FORCE = "in_force", _("有效")
    CORRECTED = "corrected", _("已更正")
    REOPENED = "reopened", _("已重新办理")
    REVOKED = "revoked", _("已撤销")
    WITHDRAWN = "withdrawn", _("申请人交回")
    LAPSED = "lapsed", _("容缺逾期失效")


DECISION_TRANSITIONS: dict[str, frozenset[str]] = {
    DecisionState.IN_FORCE: frozenset(
        {
            DecisionState.CORRECTED,
            DecisionState.REOPENED,
            DecisionState.REVOKED,
            DecisionState.WITHDRAWN,
            DecisionState.LAPSED,
        }
    ),
    DecisionState.CORRECTED: frozenset(),
    DecisionState.REOPENED: frozenset(),
    DecisionState.REVOKED: frozenset(),
    DecisionState.WITHDRAWN: frozenset(),
    DecisionState.LAPSED: frozenset(),
}


class ExtensionState(TextChoices):
    ASKED = "asked", _("待批准")
    GRANTED = "granted", _("已延期")
    REFUSED = "refused", _("不同意延期")
    LAPSED = "lapsed", _("办件已结束")


EXTENSION_TRANSITIONS: dict[str, frozenset[str]] = {
    ExtensionState.ASKED: frozenset({ExtensionState.GRANTED, ExtensionState.REFUSED, ExtensionState.LAPSED}),
    ExtensionState.GRANTED: frozenset(),
    ExtensionState.REFUSED: frozenset(),
    ExtensionState.LAPSED: frozenset(),
}


class CorrectionState(TextChoices):
    """A correction after acceptance: told once, supplied, looked at."""

    REQUESTED = "requested", _("等申请人补正")
    SUPPLIED = "supplied", _("待核对")
    CONFIRMED = "confirmed", _("已补齐")
    ENDED = "ended", _("办件已结束")


CORRECTION_TRANSITIONS: dict[str, frozenset[str]] = {
    CorrectionState.REQUESTED: frozenset({CorrectionState.SUPPLIED, CorrectionState.ENDED}),
    # back to the applicant when what came does not mend what was told
    CorrectionState.SUPPLIED: frozenset({CorrectionState.CONFIRMED, CorrectionState.REQUESTED, CorrectionState.ENDED}),
    CorrectionState.CONFIRMED: frozenset(),
    CorrectionState.ENDED: frozenset(),
}
CORRECTION_OPEN = (CorrectionState.REQUESTED, CorrectionState.SUPPLIED)


class ToleranceState(TextChoices):
    """Material that a grant let come later (容缺)."""

    OPEN = "open", _("待补齐")
    SUPPLIED = "supplied", _("待核对")
    SETTLED = "settled", _("已补齐")
    LAPSED = "lapsed", _("逾期未补")
    ENDED = "ended", _("决定已终止")


TOLERANCE_TRANSITIONS: dict[str, frozenset[str]] = {
    ToleranceState.OPEN: frozenset({ToleranceState.SUPPLIED, ToleranceState.LAPSED, ToleranceState.ENDED}),
    ToleranceState.SUPPLIED: frozenset({ToleranceState.SETTLED, ToleranceState.OPEN, ToleranceState.ENDED}),
    ToleranceState.SETTLED: frozenset(),
    ToleranceState.LAPSED: frozenset(),
    ToleranceState.ENDED: frozenset(),
}
TOLERANCE_OPEN = (ToleranceState.OPEN, ToleranceState.SUPPLIED)


class CommitmentState(TextChoices):
    """A signed promise to meet the conditions (告知承诺)."""

    SIGNED = "signed", _("已承诺")
    TO_CHECK = "to_check", _("待核查")
    RECTIFYING = "rectifying", _("限期整改")
    KEPT = "kept", _("核查合格")
    BROKEN = "broken", _("承诺不实")
    ENDED = "ended", _("不再适用")


COMMITMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    CommitmentState.SIGNED: frozenset({CommitmentState.TO_CHECK, CommitmentState.ENDED}),
    CommitmentState.TO_CHECK: frozenset(
        {CommitmentState.KEPT, CommitmentState.RECTIFYING, CommitmentState.BROKEN, CommitmentState.ENDED}
    ),
    CommitmentState.RECTIFYING: frozenset({CommitmentState.KEPT, CommitmentState.BROKEN, CommitmentState.ENDED}),
    CommitmentState.KEPT: frozenset(),
    CommitmentState.BROKEN: frozenset(),
    CommitmentState.ENDED: frozenset(),
}
COMMITMENT_UNCHECKED = (CommitmentState.TO_CHECK, CommitmentState.RECTIFYING)


class CheckResult(TextChoices):
    """What the check of a commitment finds."""

    KEPT = "kept", _("核查合格")
    RECTIFY = "rectify", _("限期整改")
    REVOKE = "revoke", _("承诺不实，撤销决定")


class PointVerdict(TextChoices):
    """What was found at a check point."""

    FIT = "fit", _("符合")
    UNFIT = "unfit", _("不符合")
    NONE = "none", _("不涉及")


class BatchKind(TextChoices):
    """What is done with several tasks at once."""

    CLAIM = "claim", _("领取")
    HAND_BACK = "hand_back", _("交回")
    PASS = "pass", pgettext_lazy("verb", "通过")


class BatchState(TextChoices):
    QUEUED = "queued", _("等待办理")
    RUNNING = "running", _("正在办理")
    DONE = "done", _("已办")
    UNDONE = "undone", _("已撤销")


BATCH_TRANSITIONS: dict[str, frozenset[str]] = {
    BatchState.QUEUED: frozenset({BatchState.RUNNING, BatchState.UNDONE}),
    BatchState.RUNNING: frozenset({BatchState.DONE}),
    BatchState.DONE: frozenset(),
    BatchState.UNDONE: frozenset(),
}
BATCH_OPEN = (BatchState.QUEUED, BatchState.RUNNING)


class EntryState(TextChoices):
    """Where one task of a batch stands; changed by comparison, since two workers may share a batch."""

    QUEUED = "queued", _("等待办理")
    DONE = "done", _("办成")
    FAILED = "failed", _("没办成")
    UNDONE = "undone", _("已撤销")
