"""What was said in a case and what was decided: kept as it was, added to, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.models.cases import Case, ReviewTask
from approvals.review.states import Conclusion, Outcome, Step


class Opinion(models.Model):
    """What one person said at one step; never changed, a new one is added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    task = models.OneToOneField(ReviewTask, on_delete=models.PROTECT, related_name="opinion")
    step = models.CharField(_("环节"), max_length=8, choices=Step.choices)
    conclusion = models.CharField(_("结论"), max_length=8, choices=Conclusion.choices)
    text = models.TextField(_("意见"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(_("办理人"), max_length=80)
    given_at = models.DateTimeField(_("时间"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.conclusion}"


class OpinionDraft(models.Model):
    """What a reviewer has typed and not yet sent; autosaved, one per task."""

    task = models.OneToOneField(ReviewTask, on_delete=models.CASCADE, related_name="draft")
    conclusion = models.CharField(_("结论"), max_length=8, choices=Conclusion.choices, blank=True)
    text = models.TextField(_("意见"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(_("版本"), default=1)
    #: the opened page that saved last; its own next save is no conflict
    window = models.CharField(_("页面"), max_length=36, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))

    def __str__(self) -> str:
        return f"{self.task_id} v{self.version}"


class Decision(models.Model):
    """The end of a case: granted or rejected, with the reason and, if granted, the number."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices)
    reason = models.TextField(_("理由"), blank=True)
    number = models.CharField(_("文号"), max_length=80, unique=True)
    title = models.CharField(_("文书名称"), max_length=120)
    #: what later items read from this result: field id -> value
    attributes = models.JSONField(_("要素"), default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(_("决定人"), max_length=80)
    decided_at = models.DateTimeField(_("决定时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REJECTED) | ~Q(reason=""), name="decision_rejected_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["-decided_at", "-id"], name="decision_newest")]

    def __str__(self) -> str:
        return self.number
