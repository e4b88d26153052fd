"""A stage of one unit of a project."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.querysets import StageRunQuerySet
from approvals.review.states import STAGE_TONES, STAGE_TRANSITIONS, StageState


class StageRun(models.Model):
    """A stage of one unit of a project: the row that joins lock before they count."""

    TRANSITIONS: ClassVar = STAGE_TRANSITIONS

    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="stage_runs")
    #: null until the unit of the stage's level has been issued
    unit = models.ForeignKey("registry.Unit", null=True, on_delete=models.PROTECT, related_name="stage_runs")
    stage = models.CharField(_("阶段"), max_length=8)
    state = models.CharField(_("状态"), max_length=12, choices=StageState.choices, default=StageState.WAITING)
    timer = models.OneToOneField("deadlines.Timer", null=True, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("可申报时间"), null=True)
    review_started_at = models.DateTimeField(_("受理时间"), null=True)
    #: when it was last opened again, because a decision it had been concluded by ended
    reopened_at = models.DateTimeField(_("重新打开时间"), null=True)
    concluded_at = models.DateTimeField(_("办结时间"), null=True)

    objects = StageRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "unit", "stage"], nulls_distinct=False, name="stage_run_once_per_unit"
            ),
            models.CheckConstraint(
                condition=~Q(state=StageState.CONCLUDED) | Q(concluded_at__isnull=False),
                name="stage_run_concluded_has_time",
            ),
        ]
        indexes = [
            # what the supervisor looks at: stages that were opened again
            models.Index(fields=["reopened_at"], condition=Q(reopened_at__isnull=False), name="stage_run_reopened"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.stage}"

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def tone(self) -> str:
        return STAGE_TONES[StageState(self.state)]

    @property
    def is_reopened(self) -> bool:
        """Tell whether it was concluded before, and is not any more."""
        return self.reopened_at is not None and self.state in (StageState.OPEN, StageState.IN_REVIEW)
