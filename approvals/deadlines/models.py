"""A clock and the events it is made of. A timer knows no owner: cases, stages and applications own one each."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.deadlines.states import EventType, TimerState, Unit


class Timer(models.Model):
    """The limits of one clock and the dates its events lead to.

    The dates are written at every event, never by a nightly job: a light is a comparison with today.
    """

    unit = models.CharField(_("计时单位"), max_length=8, choices=Unit.choices, default=Unit.WORKING)
    statutory_days = models.PositiveSmallIntegerField(_("法定天数"))
    promised_days = models.PositiveSmallIntegerField(_("承诺天数"))
    close_of_business = models.TimeField(_("下班时间"))
    correction_stops = ArrayField(models.CharField(max_length=2), verbose_name=_("受理后补正停计的口径"), default=list)
    state = models.CharField(_("状态"), max_length=8, choices=TimerState.choices, default=TimerState.WAITING)
    received_on = models.DateField(_("收件日"), null=True)
    accepted_on = models.DateField(_("受理日"), null=True)
    ended_on = models.DateField(_("办结日"), null=True)
    promised_due_on = models.DateField(_("承诺到期日"), null=True)
    statutory_due_on = models.DateField(_("法定到期日"), null=True)
    #: first day on which the light is yellow, red, if nothing more happens
    yellow_on = models.DateField(_("转黄日"), null=True)
    red_on = models.DateField(_("转红日"), null=True)
    is_provisional = models.BooleanField(_("暂定"), default=False)
    #: special procedure that pauses it now, for the words beside the grey light
    paused_by = models.CharField(_("停计原因"), max_length=12, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(statutory_days__gte=1, promised_days__gte=1), name="timer_limits_at_least_one_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["promised_due_on", "id"],
                condition=Q(state__in=[TimerState.RUNNING, TimerState.PAUSED]),
                name="timer_running_due",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.state}"


class TimerEvent(models.Model):
    """Something that happened to a clock; never changed, never removed."""

    timer = models.ForeignKey(Timer, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField(_("序号"))
    type = models.CharField(_("事件"), max_length=22, choices=EventType.choices)
    kind = models.CharField(_("种类"), max_length=20, blank=True)
    days = models.PositiveSmallIntegerField(_("天数"), null=True)
    happened_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    actor_name = models.CharField(_("记录人"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["timer", "number"], name="timer_event_once")]

    def __str__(self) -> str:
        return f"{self.timer_id} {self.type}"
