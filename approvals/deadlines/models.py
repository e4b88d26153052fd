"""Timers and what happened to them. A timer knows no owner; whoever is timed has a one-to-one key to it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.deadlines.columns import Lit
from approvals.deadlines.events import CLOSE_OF_BUSINESS
from approvals.deadlines.querysets import TimerQuerySet
from approvals.deadlines.states import Calibre, EventType, TimerState, Unit


def stopped_by_correction() -> list[str]:
    """Return the calibres a correction after acceptance stops unless a city says otherwise."""
    return [Calibre.C2.value, Calibre.C9.value]


class Timer(Lit, models.Model):
    """The clock of one case, stage or application. All dates are derived from the events, by operations only."""

    #: code of the region whose calendar it goes by; blank: the whole city's
    region = models.CharField(_("行政区划"), max_length=6, blank=True)
    unit = models.CharField(_("计时单位"), max_length=8, choices=Unit.choices, default=Unit.WORKING)
    statutory_days = models.PositiveIntegerField(_("法定时限"))
    promised_days = models.PositiveIntegerField(_("承诺时限"))
    #: all extensions together (行政许可法第42条); both limits are longer by them
    extended_days = models.PositiveIntegerField(_("延长天数"), default=0, db_default=0)
    close_of_business = models.TimeField(_("下班时间"), default=CLOSE_OF_BUSINESS)
    correction_stops = ArrayField(
        models.CharField(max_length=2), verbose_name=_("补正停计的口径"), default=stopped_by_correction, blank=True
    )
    state = models.CharField(_("状态"), max_length=8, choices=TimerState.choices, default=TimerState.WAITING)
    received_on = models.DateField(_("收件日"), null=True)
    accepted_on = models.DateField(_("受理日"), null=True)
    #: accepted by silence, from the day of receipt (行政许可法第32条); what is recorded later moves nothing
    is_deemed = models.BooleanField(_("视为受理"), default=False)
    #: an event was written down on a later day than it happened
    is_backdated = models.BooleanField(_("有补录"), default=False)
    ended_on = models.DateField(_("办结日"), null=True)
    ended_as = models.CharField(_("办结方式"), max_length=20, blank=True)
    # Before this day the light is blue. For an unanswered receipt it lies ahead: the day silence becomes acceptance;
    # until then the due days below are those of that acceptance and not shown.
    clock_from = models.DateField(_("起算显示日"), null=True)
    promised_due_on = models.DateField(_("承诺到期日"), null=True)
    statutory_due_on = models.DateField(_("法定到期日"), null=True)
    promised_left_days = models.PositiveIntegerField(_("停计后承诺剩余天数"), null=True)
    statutory_left_days = models.PositiveIntegerField(_("停计后法定剩余天数"), null=True)
    yellow_on = models.DateField(_("转黄日"), null=True)
    red_on = models.DateField(_("转红日"), null=True)
    paused_by = models.CharField(_("停计原因"), max_length=10, blank=True)
    paused_on = models.DateField(_("停计日"), null=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    # What it took in the end, for statistics over many timers: C2 in the timer's unit, C6 in calendar days.
    used_days = models.PositiveIntegerField(_("承诺口径用时"), null=True)
    span_days = models.PositiveIntegerField(_("跨度用时"), null=True)
    #: of a stage's clock only: C7 at its end, in working days; whoever owns the stage counts it over its items
    stage_days = models.PositiveIntegerField(_("阶段用时"), null=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        verbose_name = _("时钟")
        constraints = [
            models.CheckConstraint(condition=Q(statutory_days__gte=1, promised_days__gte=1), name="timer_has_limits"),
            models.CheckConstraint(
                condition=Q(state=TimerState.STOPPED, ended_on__isnull=False)
                | (~Q(state=TimerState.STOPPED) & Q(ended_on__isnull=True)),
                name="timer_stopped_iff_ended",
            ),
            models.CheckConstraint(
                condition=Q(state=TimerState.PAUSED, paused_on__isnull=False)
                | (~Q(state=TimerState.PAUSED) & Q(paused_on__isnull=True)),
                name="timer_paused_since",
            ),
        ]
        indexes = [
            # lists and sweeps: what falls due, what turns, among timers that can
            models.Index(
                fields=["promised_due_on"],
                condition=Q(state__in=[TimerState.WAITING, TimerState.RUNNING]),
                name="timer_due",
            ),
            models.Index(
                fields=["yellow_on"],
                condition=Q(state__in=[TimerState.WAITING, TimerState.RUNNING]),
                name="timer_turns_yellow",
            ),
            models.Index(fields=["red_on"], condition=~Q(state=TimerState.STOPPED), name="timer_turns_red"),
            # silence becomes acceptance
            models.Index(fields=["clock_from"], condition=Q(state=TimerState.WAITING), name="timer_deemed"),
        ]

    def __str__(self) -> str:
        return f"Timer {self.pk}"


class TimerEvent(models.Model):
    """Something that happened to a timer, for ever; a database trigger refuses update and delete."""

    timer = models.ForeignKey(Timer, on_delete=models.PROTECT, related_name="events", verbose_name=_("时钟"))
    # the order of recording; the clock goes by happened_at, then by this
    seq = models.PositiveIntegerField(_("序号"))
    type = models.CharField(_("事件"), max_length=20, choices=EventType.choices)
    kind = models.CharField(_("类别"), max_length=20, blank=True)
    days = models.PositiveIntegerField(_("天数"), null=True)
    happened_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"))
    actor_name = models.CharField(_("办理人"), max_length=80)

    class Meta:
        verbose_name = _("时钟事件")
        constraints = [
            models.UniqueConstraint(fields=["timer", "seq"], name="timer_event_once"),
            models.CheckConstraint(
                condition=Q(type=EventType.EXTENDED, days__gte=1)
                | (~Q(type=EventType.EXTENDED) & Q(days__isnull=True)),
                name="timer_event_days_of_extension",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.timer_id} #{self.seq} {self.type}"


class Recount(models.Model):
    """All timers not yet stopped have their dates derived anew, because a new calendar is in force; in batches.

    Where it has got to is saved with each batch, so a worker that is killed costs one batch at most.
    """

    #: of the calendar rows it was begun for
    fingerprint = models.CharField(_("日历摘要"), max_length=64)
    begun_at = models.DateTimeField(_("开始时间"))
    #: all timers up to this id are done, but for those that were busy
    done_until = models.BigIntegerField(_("已算到"), default=0)
    busy = ArrayField(models.BigIntegerField(), verbose_name=_("占用中"), default=list, blank=True)
    batches = models.PositiveIntegerField(_("批次"), default=0)
    changed = models.PositiveIntegerField(_("变动数"), default=0)
    done_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("到期日重算")
        indexes = [models.Index(fields=["id"], condition=Q(done_at__isnull=True), name="recount_unfinished")]

    def __str__(self) -> str:
        return f"Recount {self.pk}"


class Move(models.Model):
    """A due day that a recount has moved; kept until those concerned have been told, once for all batches."""

    recount = models.ForeignKey(Recount, on_delete=models.CASCADE, related_name="moves", verbose_name=_("到期日重算"))
    timer = models.ForeignKey(Timer, on_delete=models.PROTECT, related_name="moves", verbose_name=_("时钟"))
    promised_before_on = models.DateField(_("原承诺到期日"), null=True)
    promised_after_on = models.DateField(_("新承诺到期日"), null=True)

    class Meta:
        verbose_name = _("到期日变动")
        constraints = [models.UniqueConstraint(fields=["recount", "timer"], name="move_once_per_recount")]

    def __str__(self) -> str:
        return f"Move {self.recount_id}/{self.timer_id}"
