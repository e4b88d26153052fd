"""States of an edition; who a layer is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditionState(models.TextChoices):
    """A draft is seen by those who keep the blueprint; what is published is never changed again."""

    LOADING = "loading", _("导入中")
    DRAFT = "draft", _("待发布")
    PUBLISHED = "published", _("已发布")


TRANSITIONS: dict[str, frozenset[str]] = {
    EditionState.LOADING: frozenset({EditionState.DRAFT, EditionState.PUBLISHED}),
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset(),
}

TONES = {
    EditionState.LOADING: "info",
    EditionState.DRAFT: "wait",
    EditionState.PUBLISHED: "ok",
}


class Audience(models.TextChoices):
    """Who may see the shapes of a layer."""

    PUBLIC = "public", _("公开")
    STAFF = "staff", _("政务人员")
    DEPARTMENTS = "departments", _("指定部门")


class JobState(models.TextChoices):
    """An import from the browser waits for a worker, is worked on, and ends."""

    QUEUED = "queued", _("等待导入")
    RUNNING = "running", _("导入中")
    DONE = "done", _("已导入")
    FAILED = "failed", _("未能导入")


JOB_OPEN = frozenset({JobState.QUEUED, JobState.RUNNING})
#: a running job goes back into the queue when its worker was lost
JOB_TRANSITIONS: dict[str, frozenset[str]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED, JobState.QUEUED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset(),
}

JOB_TONES = {
    JobState.QUEUED: "wait",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "late",
}
