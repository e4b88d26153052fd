"""The paper of a run."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blueprint.reports.states import REPORT_TRANSITIONS, ReportState


class Report(models.Model):
    """The numbered report of one run. A run never changes, so there is one report of it and no second version."""

    TRANSITIONS: ClassVar = REPORT_TRANSITIONS

    run = models.OneToOneField("checks.CheckRun", on_delete=models.PROTECT, related_name="report")
    number = models.CharField(_("文号"), max_length=80, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    #: printed under the QR; verification needs nothing else
    verify_code = models.CharField(_("核验码"), max_length=20, unique=True)
    #: [label, value] of what verification may say, in order; no personal data
    content = models.JSONField(_("内容"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=ReportState.choices, default=ReportState.PREPARING)
    blob = models.ForeignKey("core.StoredBlob", on_delete=models.PROTECT, related_name="+", null=True)
    #: in the archive of the project; an idea has none yet
    document = models.OneToOneField("archive.Document", on_delete=models.PROTECT, related_name="+", null=True)
    asked_by = models.CharField(_("申请人"), max_length=80)
    asked_at = models.DateTimeField(_("申请时间"))
    issued_at = models.DateTimeField(_("出具时间"), null=True)

    class Meta:
        verbose_name = _("核查报告")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReportState.PREPARING, issued_at__isnull=True)
                | Q(state=ReportState.ISSUED, issued_at__isnull=False, blob__isnull=False),
                name="report_issued_has_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_stream(self) -> str:
        return self.run.audit_stream

    @property
    def is_issued(self) -> bool:
        return self.state == ReportState.ISSUED

    @property
    def file_name(self) -> str:
        return f"{self.title}{self.number}.pdf"
