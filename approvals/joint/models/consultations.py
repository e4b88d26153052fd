"""A question to other departments and sub-units: one request per addressee, replies in revisions."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.joint.querysets import ConsultationQuerySet, RequestQuerySet
from approvals.joint.states import (
    CONSULTATION_RUNNING,
    CONSULTATION_TONES,
    CONSULTATION_TRANSITIONS,
    POSITION_TONES,
    REQUEST_PENDING,
    REQUEST_TONES,
    REQUEST_TRANSITIONS,
    ConsultationState,
    Position,
    RequestState,
    Silence,
)


class Consultation(models.Model):
    """One question of one department; asked from a case, from a stage, or to answer a question oneself."""

    TRANSITIONS: ClassVar = CONSULTATION_TRANSITIONS

    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="consultations")
    case = models.ForeignKey("review.Case", null=True, on_delete=models.PROTECT, related_name="consultations")
    stage_run = models.ForeignKey("review.StageRun", null=True, on_delete=models.PROTECT, related_name="consultations")
    #: the request that this one helps to answer
    parent = models.ForeignKey("Request", null=True, on_delete=models.PROTECT, related_name="consultations")
    #: kind of the pack's joint.yaml
    kind = models.CharField(_("种类"), max_length=40)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(_("征询人"), max_length=80)
    asked_at = models.DateTimeField(_("征询时间"))
    question = models.TextField(_("征询事项"))
    documents = models.ManyToManyField("archive.Document", related_name="+", verbose_name=_("所附材料"))
    days = models.PositiveSmallIntegerField(_("回复期限（工作日）"))
    silence = models.CharField(_("逾期规则"), max_length=8, choices=Silence.choices)
    #: keeps the case from being decided until the asker ends the consultation
    hold = models.OneToOneField("review.Hold", null=True, on_delete=models.PROTECT, related_name="consultation")
    state = models.CharField(
        _("状态"), max_length=10, choices=ConsultationState.choices, default=ConsultationState.OPEN
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True)
    #: what the asker makes of the replies
    summary = models.TextField(_("采纳情况"), blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, stage_run__isnull=True, parent__isnull=True)
                | Q(case__isnull=True, stage_run__isnull=False, parent__isnull=True)
                | Q(case__isnull=True, stage_run__isnull=True, parent__isnull=False),
                name="consultation_comes_from_one_place",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CONSULTATION_RUNNING, closed_at__isnull=True)
                | Q(
                    state__in=[ConsultationState.CLOSED, ConsultationState.CANCELLED],
                    closed_at__isnull=False,
                ),
                name="consultation_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="consultation_of_department"),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.pk}"

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def is_running(self) -> bool:
        return self.state in CONSULTATION_RUNNING

    @property
    def tone(self) -> str:
        return CONSULTATION_TONES[ConsultationState(self.state)]


class Request(models.Model):
    """The question at one addressee: a department, or one office of it, with its own clock."""

    TRANSITIONS: ClassVar = REQUEST_TRANSITIONS

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="requests")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    #: id and name of a sub-unit of the department; empty: the department itself
    unit = models.CharField(_("内设机构"), max_length=20, blank=True)
    unit_name = models.CharField(_("内设机构名称"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=RequestState.choices, default=RequestState.ASKED)
    timer = models.OneToOneField("deadlines.Timer", on_delete=models.PROTECT, related_name="+")
    #: the newest reply's words, by value: lists need no second look
    position = models.CharField(_("意见"), max_length=14, choices=Position.choices, blank=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True)
    #: what the asker added when more was needed
    supplement = models.TextField(_("补充说明"), blank=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    overdue_told_at = models.DateTimeField(_("逾期告知时间"), null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "department", "unit"], name="request_once_per_addressee"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.ANSWERED) | Q(answered_at__isnull=False),
                name="request_answered_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="request_of_department"),
            # the inbox's number and the sweep
            models.Index(fields=["department", "id"], condition=Q(state=RequestState.ASKED), name="request_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} → {self.department_id} {self.unit}"

    @property
    def audit_stream(self) -> str:
        return self.consultation.project.audit_stream

    @property
    def addressee(self) -> str:
        """Name who is asked; the department must have been loaded."""
        return f"{self.department.name} {self.unit_name}".strip()

    @property
    def is_pending(self) -> bool:
        return self.state in REQUEST_PENDING

    @property
    def tone(self) -> str:
        return REQUEST_TONES[RequestState(self.state)]

    @property
    def position_tone(self) -> str:
        return POSITION_TONES[Position(self.position)] if self.position else ""


class Reply(models.Model):
    """One revision of a reply; never changed, a new one is added."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="replies")
    revision = models.PositiveSmallIntegerField(_("版次"))
    position = models.CharField(_("意见"), max_length=14, choices=Position.choices)
    text = models.TextField(_("内容"), blank=True)
    #: kept beside the project's archive: what departments say to each other is not the applicant's
    blob = models.ForeignKey("core.StoredBlob", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("附件"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(_("回复人"), max_length=80)
    given_at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "revision"], name="reply_revision_once")]

    def __str__(self) -> str:
        return f"{self.request_id} v{self.revision}"

    @property
    def tone(self) -> str:
        return POSITION_TONES[Position(self.position)]
