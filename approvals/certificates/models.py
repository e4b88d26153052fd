"""The document of a decision: number, PDF, verification code, hand-over, revocation."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.certificates.querysets import CertificateQuerySet
from approvals.certificates.states import (
    CERTIFICATE_TONES,
    CERTIFICATE_TRANSITIONS,
    IN_FORCE,
    CertificateState,
    ResultKind,
)


class Certificate(models.Model):
    """What the applicant holds in his hand. Its number was drawn with the decision."""

    TRANSITIONS: ClassVar = CERTIFICATE_TRANSITIONS

    decision = models.OneToOneField("review.Decision", on_delete=models.PROTECT, related_name="certificate")
    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(_("文号"), max_length=80)
    #: a corrected paper keeps its number under a new version
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    title = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=12, choices=ResultKind.choices)
    state = models.CharField(
        _("状态"), max_length=12, choices=CertificateState.choices, default=CertificateState.PREPARING
    )
    #: printed under the QR; verification needs nothing else
    verify_code = models.CharField(_("核验码"), max_length=20, unique=True)
    #: [label, value] as printed, in order
    content = models.JSONField(_("内容"), default=list)
    document = models.OneToOneField("archive.Document", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(_("决定日期"))
    valid_until = models.DateField(_("有效期至"), null=True)
    issued_at = models.DateTimeField(_("签发时间"), null=True)
    handed_over_at = models.DateTimeField(_("送达时间"), null=True)
    handed_over_to = models.CharField(_("领取人"), max_length=80, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True)
    revoke_reason = models.TextField(_("撤销理由"), blank=True)
    #: when a corrected version or a new round took its place
    superseded_at = models.DateTimeField(_("被替代时间"), null=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="certificate_number_and_version"),
            models.CheckConstraint(
                condition=Q(state=CertificateState.PREPARING) | Q(document__isnull=False),
                name="certificate_issued_has_document",
            ),
            models.CheckConstraint(
                condition=~Q(state=CertificateState.REVOKED) | Q(revoked_at__isnull=False),
                name="certificate_revoked_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-decided_on"], name="certificate_of_project"),
            # the reminders: what is to be handed over, what ends
            models.Index(fields=["decided_on"], condition=Q(state=CertificateState.ISSUED), name="certificate_waiting"),
            models.Index(
                fields=["valid_until"],
                condition=Q(state__in=IN_FORCE, valid_until__isnull=False),
                name="certificate_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def is_refusal(self) -> bool:
        return self.kind == ResultKind.REFUSAL

    @property
    def tone(self) -> str:
        return CERTIFICATE_TONES[CertificateState(self.state)]

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream
