"""One act on several tasks, queued so that it can be taken back before it is done."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.models.cases import ReviewTask
from approvals.review.states import BATCH_OPEN, BATCH_TRANSITIONS, BatchKind, BatchState, EntryState

#: the chain of what concerns no single project
STREAM = "review"


class BatchAct(models.Model):
    """What a person wants done with several tasks, from `due_at` on; until it has begun he may take it back."""

    TRANSITIONS: ClassVar = BATCH_TRANSITIONS

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("批量操作"), max_length=9, choices=BatchKind.choices)
    #: the same words for all
    opinion = models.TextField(_("意见"), blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=BatchState.choices, default=BatchState.QUEUED)
    queued_at = models.DateTimeField(_("提出时间"))
    due_at = models.DateTimeField(_("办理时间"))
    begun_at = models.DateTimeField(_("开始时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=BATCH_OPEN, ended_at__isnull=True)
                | (~Q(state__in=BATCH_OPEN) & Q(ended_at__isnull=False)),
                name="batch_ended_has_time",
            ),
            models.CheckConstraint(condition=Q(kind=BatchKind.PASS) | Q(opinion=""), name="batch_opinion_only_to_pass"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=BATCH_OPEN), name="batch_unfinished")]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"

    @property
    def audit_stream(self) -> str:
        return STREAM

    @property
    def is_queued(self) -> bool:
        return self.state == BatchState.QUEUED

    @property
    def is_open(self) -> bool:
        return self.state in BATCH_OPEN

    @property
    def is_undone(self) -> bool:
        return self.state == BatchState.UNDONE


class BatchEntry(models.Model):
    """One task of a batch: what became of it, and why not."""

    batch = models.ForeignKey(BatchAct, on_delete=models.PROTECT, related_name="entries")
    task = models.ForeignKey(ReviewTask, on_delete=models.PROTECT, related_name="+")
    #: of the case, as the preview showed it
    case_version = models.PositiveIntegerField(_("办件版本"))
    state = models.CharField(_("状态"), max_length=8, choices=EntryState.choices, default=EntryState.QUEUED)
    reason = models.CharField(_("没办成的原因"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "task"], name="batch_entry_once"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(state=EntryState.QUEUED), name="batch_entry_one_waiting_per_task"
            ),
            models.CheckConstraint(
                condition=(Q(state=EntryState.FAILED) & ~Q(reason="")) | (~Q(state=EntryState.FAILED) & Q(reason="")),
                name="batch_entry_failed_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.task_id}"
