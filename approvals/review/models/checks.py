"""What a handler found at each check point of his item; it stays with his opinion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.models.cases import ReviewTask
from approvals.review.states import PointVerdict


class PointCheck(models.Model):
    """One point ticked in one step; changed as long as the step is open, kept with its opinion afterwards."""

    task = models.ForeignKey(ReviewTask, on_delete=models.PROTECT, related_name="checks")
    #: the id of the point in the pack version of the application
    point = models.CharField(_("要点"), max_length=40)
    label = models.CharField(_("名称"), max_length=120)
    verdict = models.CharField(_("结论"), max_length=12, choices=PointVerdict.choices)
    remark = models.TextField(_("说明"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(_("办理人"), max_length=80)
    marked_at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "point"], name="point_check_once_per_step"),
            models.CheckConstraint(
                condition=~Q(verdict=PointVerdict.UNFIT) | ~Q(remark=""), name="point_check_unfit_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.point} {self.verdict}"
