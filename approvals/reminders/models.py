"""Occasions, and who is told of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Occasion(models.Model):
    """A date of one thing came near, came or passed. There is one row however often the sweep looks."""

    rule = models.CharField(_("规则"), max_length=40)
    #: distance in days from the date: negative before, positive after
    days = models.SmallIntegerField(_("提前或逾后天数"))
    event = models.CharField(_("日期"), max_length=40)
    #: key of the row the event belongs to; which table, the event tells
    subject_id = models.BigIntegerField(_("对象编号"))
    #: the date itself: moved to another day, it is another occasion
    on = models.DateField(_("日期所在日"))
    title = models.CharField(_("事由"), max_length=200)
    #: what names the thing in its address (a number, a code); blank where the address needs none
    key = models.CharField(_("地址中的名称"), max_length=80, blank=True)
    found_at = models.DateTimeField(_("发现时间"))

    class Meta:
        verbose_name = _("提醒事由")
        constraints = [
            models.UniqueConstraint(fields=["subject_id", "event", "on", "days", "rule"], name="occasion_told_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.days} {self.subject_id} {self.on}"


class Reminder(models.Model):
    """One person or enterprise is told of an occasion; all of a run in one message."""

    occasion = models.ForeignKey(Occasion, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    enterprise = models.ForeignKey("accounts.Enterprise", null=True, on_delete=models.CASCADE, related_name="+")
    #: null until the digest of the run has been written
    notice = models.ForeignKey("notices.Notice", null=True, on_delete=models.SET_NULL, related_name="reminders")

    class Meta:
        verbose_name = _("提醒")
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "user", "enterprise"], nulls_distinct=False, name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, enterprise__isnull=True)
                | Q(user__isnull=True, enterprise__isnull=False),
                name="reminder_has_one_recipient",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "enterprise"], condition=Q(notice__isnull=True), name="reminder_unsent"),
            models.Index(fields=["user", "-id"], condition=Q(user__isnull=False), name="reminder_of_user"),
            models.Index(fields=["enterprise", "-id"], condition=Q(enterprise__isnull=False), name="reminder_of_body"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id} → {self.user_id or self.enterprise_id}"
