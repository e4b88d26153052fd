"""States of a run and the words of its results."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunKind(TextChoices):
    """What is laid over what. `site` is about one version of a site; the others are about layers, city-wide."""

    SITE = "site", _("红线核查")
    CONFLICT = "conflict", _("两规冲突检测")
    DIFFERENCE = "difference", _("控制线差异检测")


class RunState(TextChoices):
    """A run is asked for, worked on, and then stands for good; a repeat is a run of its own."""

    QUEUED = "queued", _("等待计算")
    RUNNING = "running", _("计算中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未能完成")


#: a running run goes back into the queue when its worker was lost
RUN_TRANSITIONS: dict[str, frozenset[str]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.FAILED}),
    RunState.RUNNING: frozenset({RunState.DONE, RunState.FAILED, RunState.QUEUED}),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
}

RUN_TONES = {
    RunState.QUEUED: "wait",
    RunState.RUNNING: "info",
    RunState.DONE: "ok",
    RunState.FAILED: "late",
}


class Severity(TextChoices):
    """What a finding asks for: to stop, to look at it, to know it."""

    STOP = "stop", _("不通过")
    REVIEW = "review", _("需研究")
    INFO = "info", _("提示")


SEVERITY_TONES = {
    Severity.STOP: "late",
    Severity.REVIEW: "due",
    Severity.INFO: "info",
}


class Verdict(TextChoices):
    """What a layer comes to as a whole."""

    PASS = "pass", _("通过")
    WARN = "warn", _("需研究")
    FAIL = "fail", _("不通过")


VERDICT_TONES = {
    Verdict.PASS: "ok",
    Verdict.WARN: "due",
    Verdict.FAIL: "late",
}


class PlanConflict(TextChoices):
    """How two plans contradict each other, in the order in which patches are numbered (blueprint contract, 4)."""

    ONLY_A = "土有城无", _("土规为建设用地，城规不是")
    ONLY_B = "城有土无", _("城规为建设用地，土规不是")
    USES_DIFFER = "用途异", _("两规都是建设用地，用途不同")


class LineChange(TextChoices):
    """What an edition of a line did to the one before."""

    ADDED = "added", _("新增")
    REMOVED = "removed", _("减少")
