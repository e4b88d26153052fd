"""Who gets a result, when it was sent and who signed for it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.push.querysets import DeliveryQuerySet
from approvals.push.states import DELIVERY_TONES, DELIVERY_TRANSITIONS, DeliveryState, Receiver


class Delivery(models.Model):
    """One result on its way to one receiver, carrying no more than he may see."""

    TRANSITIONS: ClassVar = DELIVERY_TRANSITIONS

    decision = models.ForeignKey("review.Decision", on_delete=models.PROTECT, related_name="deliveries")
    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="deliveries")
    receiver = models.CharField(_("接收方"), max_length=12, choices=Receiver.choices)
    department = models.ForeignKey("accounts.Department", null=True, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("accounts.Enterprise", null=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("标题"), max_length=200)
    #: ids of the receiver's later items that need it
    needed_by = ArrayField(models.CharField(max_length=20), verbose_name=_("后续事项"), default=list)
    payload = models.JSONField(_("内容"), default=dict)
    state = models.CharField(_("状态"), max_length=14, choices=DeliveryState.choices, default=DeliveryState.PLANNED)
    planned_at = models.DateTimeField(_("产生时间"))
    sent_at = models.DateTimeField(_("发出时间"), null=True)
    acknowledged_at = models.DateTimeField(_("签收时间"), null=True)
    acknowledged_by = models.CharField(_("签收人"), max_length=80, blank=True)
    #: when a failed delivery is tried again
    next_try_at = models.DateTimeField(_("下次发送时间"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "receiver", "department", "enterprise"],
                nulls_distinct=False,
                name="delivery_once_per_receiver",
            ),
            models.CheckConstraint(
                condition=Q(receiver=Receiver.DEPARTMENT, department__isnull=False, enterprise__isnull=True)
                | Q(receiver=Receiver.APPLICANT, department__isnull=True, enterprise__isnull=False)
                | Q(receiver=Receiver.ARCHIVE, department__isnull=True, enterprise__isnull=True),
                name="delivery_names_its_receiver",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="delivery_of_department"),
            models.Index(fields=["enterprise", "-id"], name="delivery_of_enterprise"),
            # the reminders: what was sent and not acknowledged
            models.Index(fields=["sent_at"], condition=Q(state=DeliveryState.SENT), name="delivery_unread"),
            # the sweep and the console: nearly always empty
            models.Index(fields=["next_try_at", "id"], condition=Q(state=DeliveryState.FAILED), name="delivery_failed"),
            models.Index(fields=["-id"], condition=Q(state=DeliveryState.ABANDONED), name="delivery_abandoned"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def tone(self) -> str:
        return DELIVERY_TONES[DeliveryState(self.state)]

    @property
    def receiver_name(self) -> str:
        """Name the receiver; the rows it reads must have been loaded with the delivery."""
        if self.department is not None:
            return self.department.name
        return self.enterprise.name if self.enterprise is not None else str(Receiver.ARCHIVE.label)


class Attempt(models.Model):
    """One try to deliver: time, outcome, short error."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("时间"))
    succeeded = models.BooleanField(_("成功"))
    error = models.CharField(_("原因"), max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.at}"
