"""What was said in a case: kept as it was, added to, never rewritten."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.review.models.cases import Case, ReviewTask
from approvals.review.states import Conclusion, Step


class Opinion(models.Model):
    """What one person said at one step; never changed, a new one is added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="opinions")
    task = models.OneToOneField(ReviewTask, on_delete=models.PROTECT, related_name="opinion")
    step = models.CharField(_("环节"), max_length=8, choices=Step.choices)
    conclusion = models.CharField(_("结论"), max_length=8, choices=Conclusion.choices)
    text = models.TextField(_("意见"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(_("办理人"), max_length=80)
    #: the absent colleague whose task the author did
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of_name = models.CharField(_("代谁办理"), max_length=80, blank=True)
    given_at = models.DateTimeField(_("时间"))

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.conclusion}"

    @property
    def signed(self) -> str:
        """Return who speaks, and for whom."""
        if not self.on_behalf_of_name:
            return self.author_name
        return gettext("%(author)s（代 %(absent)s）") % {"author": self.author_name, "absent": self.on_behalf_of_name}


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
