"""What is asked while a case runs: more time, a correction, and that somebody gets on with it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.models.cases import Case, Hold
from approvals.review.states import (
    CORRECTION_TRANSITIONS,
    EXTENSION_TRANSITIONS,
    CorrectionState,
    ExtensionState,
)


class Extension(models.Model):
    """More days for a case, asked by who handles it and decided by who approves (行政许可法第42条)."""

    TRANSITIONS: ClassVar = EXTENSION_TRANSITIONS

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    state = models.CharField(_("状态"), max_length=8, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    #: in the unit of the case's limits
    days = models.PositiveSmallIntegerField(_("延长天数"))
    reason = models.TextField(_("理由"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(_("申请人"), max_length=80)
    asked_at = models.DateTimeField(_("申请时间"))
    decided_by_name = models.CharField(_("批准人"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("批准时间"), null=True)
    remark = models.TextField(_("批准意见"), blank=True)
    notice = models.ForeignKey("applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=ExtensionState.ASKED), name="extension_one_asked_per_case"
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, decided_at__isnull=True)
                | (~Q(state=ExtensionState.ASKED) & Q(decided_at__isnull=False)),
                name="extension_decided_has_time",
            ),
            models.CheckConstraint(condition=Q(days__gte=1) & ~Q(reason=""), name="extension_has_days_and_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} +{self.days}"

    @property
    def audit_stream(self) -> str:
        return self.case.project.audit_stream


class CaseCorrection(models.Model):
    """What a department tells the applicant to mend after acceptance: everything, once in a round."""

    TRANSITIONS: ClassVar = CORRECTION_TRANSITIONS

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrections")
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    state = models.CharField(
        _("状态"), max_length=10, choices=CorrectionState.choices, default=CorrectionState.REQUESTED
    )
    #: the hold that stands now; a new one when what was supplied did not do
    hold = models.OneToOneField(Hold, null=True, on_delete=models.PROTECT, related_name="correction")
    due_on = models.DateField(_("补正期限"))
    notice = models.ForeignKey("applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(_("告知人"), max_length=80)
    asked_at = models.DateTimeField(_("告知时间"))
    supplied_at = models.DateTimeField(_("补正时间"), null=True)
    #: words of the applicant with what he supplied
    answer = models.TextField(_("补正说明"), blank=True)
    confirmed_at = models.DateTimeField(_("核对时间"), null=True)
    confirmed_by = models.CharField(_("核对人"), max_length=80, blank=True)
    #: what was still wrong, when it went back to the applicant
    remark = models.TextField(_("说明"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="case_correction_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def audit_stream(self) -> str:
        return self.case.project.audit_stream


class CaseCorrectionPoint(models.Model):
    """One thing to mend, and the file that mends it."""

    correction = models.ForeignKey(CaseCorrection, on_delete=models.CASCADE, related_name="points")
    #: id of a material of the item; empty for something else
    material = models.CharField(_("材料"), max_length=40, blank=True)
    label = models.CharField(_("材料或内容"), max_length=200)
    problem = models.TextField(_("问题"))
    document = models.ForeignKey("archive.Document", null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.label


class Urge(models.Model):
    """The lead department asked who holds a case to get on with it; once a day for a lane."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="urges")
    urged_on = models.DateField(_("催办日期"))
    urged_at = models.DateTimeField(_("催办时间"))
    urged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    urged_by_name = models.CharField(_("催办人"), max_length=80)
    #: who was told: a person, or the department while nobody has the task
    told = models.CharField(_("催办对象"), max_length=80)
    words = models.TextField(_("催办内容"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "urged_on"], name="urge_once_a_day")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.urged_on}"
