"""States of a stage run, a case and a task, with the allowed moves (decisions.md, Stages, items, cases)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StageState(TextChoices):
    WAITING = "waiting", _("未到")
    OPEN = "open", _("可申报")
    IN_REVIEW = "in_review", _("在审")
    CONCLUDED = "concluded", _("已办结")
    NOT_NEEDED = "not_needed", _("不涉及")


STAGE_TRANSITIONS: dict[str, frozenset[str]] = {
    StageState.WAITING: frozenset({StageState.OPEN, StageState.NOT_NEEDED}),
    StageState.OPEN: frozenset({StageState.IN_REVIEW, StageState.CONCLUDED, StageState.NOT_NEEDED}),
    # back to open when all cases ended without the milestone (refused or withdrawn)
    StageState.IN_REVIEW: frozenset({StageState.CONCLUDED, StageState.OPEN}),
    StageState.CONCLUDED: frozenset(),
    StageState.NOT_NEEDED: frozenset({StageState.OPEN}),
}
STAGE_DONE = (StageState.CONCLUDED, StageState.NOT_NEEDED)
STAGE_TONES = {
    StageState.WAITING: "wait",
    StageState.OPEN: "wait",
    StageState.IN_REVIEW: "ok",
    StageState.CONCLUDED: "done",
    StageState.NOT_NEEDED: "off",
}


class CaseState(TextChoices):
    OPEN = "open", _("在办")
    HELD = "held", _("停办")
    DECIDED = "decided", _("已办结")
    CLOSED = "closed", _("已终止")


CASE_TRANSITIONS: dict[str, frozenset[str]] = {
    CaseState.OPEN: frozenset({CaseState.HELD, CaseState.DECIDED, CaseState.CLOSED}),
    CaseState.HELD: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.DECIDED: frozenset(),
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
