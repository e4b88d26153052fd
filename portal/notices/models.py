"""Notices and their readings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.notices.querysets import NoticeQuerySet


class Tone(models.TextChoices):
    """How urgent a notice is: a word first, a colour second."""

    INFO = "info", _("告知")
    ACTION = "action", _("请办理")
    WARNING = "warning", _("提醒")


class Notice(models.Model):
    """One message to one person, one enterprise or one department."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, verbose_name=_("收件人"))
    enterprise = models.ForeignKey(
        "accounts.Enterprise", on_delete=models.PROTECT, null=True, verbose_name=_("收件单位")
    )
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, verbose_name=_("收件部门")
    )
    #: `slice.what`, e.g. the outbox topic it tells of; for filters and preferences
    kind = models.CharField(_("类别"), max_length=80)
    tone = models.CharField(_("缓急"), max_length=8, choices=Tone.choices, default=Tone.INFO)
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    #: a path of this portal where the matter can be seen or acted upon
    url = models.CharField(_("链接"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("发出时间"))
    #: what makes a repeated sending the same notice
    dedupe_key = models.CharField(_("防重键"), max_length=160, unique=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, enterprise__isnull=True, department__isnull=True)
                | Q(user__isnull=True, enterprise__isnull=False, department__isnull=True)
                | Q(user__isnull=True, enterprise__isnull=True, department__isnull=False),
                name="notice_has_one_recipient",
            ),
            # a link in a message must not lead out of the portal
            models.CheckConstraint(condition=Q(url="") | Q(url__regex=r"^/([^/\\]|$)"), name="notice_url_is_a_path"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_of_user"),
            models.Index(fields=["enterprise", "-created_at", "-id"], name="notice_of_enterprise"),
            models.Index(fields=["department", "-created_at", "-id"], name="notice_of_department"),
        ]

    def __str__(self) -> str:
        return self.title


class Reading(models.Model):
    """A person has seen a notice; a notice to a body is read by each of its people for himself."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="readings", verbose_name=_("消息"))
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, verbose_name=_("阅读人"))
    read_at = models.DateTimeField(_("阅读时间"))

    class Meta:
        verbose_name = _("阅读")
        verbose_name_plural = _("阅读")
        constraints = [models.UniqueConstraint(fields=["notice", "user"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.notice_id}"


class ReadUntil(models.Model):
    """A person has declared everything up to a moment as seen: one row instead of one reading per notice."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, primary_key=True, verbose_name=_("阅读人"))
    until = models.DateTimeField(_("截至时间"))

    class Meta:
        verbose_name = _("已读截至")
        verbose_name_plural = _("已读截至")

    def __str__(self) -> str:
        return f"{self.user_id} {self.until}"
