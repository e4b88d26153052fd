"""Rows of the ground floor: audit chain, outbox, sequences, calendar days."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditHead(models.Model):
    """The last link of one hash chain; its row lock serialises the appends to a stream."""

    stream = models.CharField(_("链"), max_length=64, primary_key=True)
    number = models.PositiveBigIntegerField(_("序号"), default=0)
    digest = models.CharField(_("摘要"), max_length=64, default="")
    # Whoever asks when something last happened reads this one row, never the chain; not part of the digest.
    last_at = models.DateTimeField(_("最近一次动作"), null=True)

    def __str__(self) -> str:
        return f"{self.stream} #{self.number}"


class AuditEvent(models.Model):
    """One act, for ever. A database trigger refuses update, delete and truncate (migration 0002)."""

    stream = models.CharField(_("链"), max_length=64)
    number = models.PositiveBigIntegerField(_("序号"))
    action = models.CharField(_("动作"), max_length=80)
    at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    # By value, not by key: accounts stands above core, and a person may leave while the act stays.
    actor_id = models.BigIntegerField(_("办理人编号"), null=True)
    actor_name = models.CharField(_("办理人"), max_length=80)
    subject_type = models.CharField(_("对象类型"), max_length=64)
    subject_id = models.CharField(_("对象编号"), max_length=64)
    data = models.JSONField(_("内容"), default=dict)
    previous_digest = models.CharField(_("前一摘要"), max_length=64)
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "number"], name="audit_event_once_in_stream")]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject")]

    def __str__(self) -> str:
        return f"{self.stream} #{self.number} {self.action}"


class OutboxMessage(models.Model):
    """News that became true with its transaction and still has to reach its handlers."""

    topic = models.CharField(_("主题"), max_length=80)
    payload = models.JSONField(_("内容"), default=dict)
    created_at = models.DateTimeField(_("产生时间"))
    next_try_at = models.DateTimeField(_("下次处理时间"))
    attempts = models.PositiveSmallIntegerField(_("处理次数"), default=0)
    last_error = models.TextField(_("最近一次失败原因"), blank=True)
    done_at = models.DateTimeField(_("处理完成时间"), null=True)
    abandoned_at = models.DateTimeField(_("停止重试时间"), null=True)

    class Meta:
        indexes = [
            # the drain: what is due, oldest first
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(done_at__isnull=True, abandoned_at__isnull=True),
                name="outbox_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"


class HandledMessage(models.Model):
    """Proof that one handler has taken one message; makes a second delivery harmless."""

    message = models.ForeignKey(OutboxMessage, on_delete=models.CASCADE, related_name="handled")
    handler = models.CharField(_("处理者"), max_length=80)
    handled_at = models.DateTimeField(_("处理时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "handler"], name="handled_message_once")]

    def __str__(self) -> str:
        return f"{self.handler} #{self.message_id}"


class Sequence(models.Model):
    """A gapless counter; the row lock is held until the transaction that drew the number ends."""

    name = models.CharField(_("名称"), max_length=120, primary_key=True)
    value = models.BigIntegerField(_("当前值"))

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class CalendarDay(models.Model):
    """A day on which the working-day rule departs from Monday to Friday."""

    class Kind(models.TextChoices):
        REST = "rest", _("休息")
        WORK = "work", _("上班")

    region = models.CharField(_("行政区划代码"), max_length=6, blank=True, help_text=_("空为全市"))
    day = models.DateField(_("日期"))
    kind = models.CharField(_("类别"), max_length=4, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=40)
    source = models.CharField(_("依据"), max_length=80)
    #: the city's own or a region's, not the State Council's: it overrides the notice and makes no year known
    is_local = models.BooleanField(_("本地安排"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "day", "kind"], name="calendar_day_once"),
            models.CheckConstraint(condition=Q(region="") | Q(is_local=True), name="calendar_day_of_region_is_local"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class StoredBlob(models.Model):
    """One content in the private file store, named by its SHA-256; rows above say who may see it."""

    sha256 = models.CharField(_("摘要"), max_length=64, primary_key=True)
    size_bytes = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=100)
    format = models.CharField(_("格式"), max_length=12)
    stored_at = models.DateTimeField(_("存入时间"))

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.format}"
