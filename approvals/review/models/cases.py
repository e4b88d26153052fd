"""A case per item, its tasks, and why it may stand still."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.review.models.stages import StageRun
from approvals.review.querysets import CaseQuerySet, ReviewTaskQuerySet
from approvals.review.states import (
    CASE_RUNNING,
    CASE_TONES,
    CASE_TRANSITIONS,
    TASK_OPEN,
    TASK_TRANSITIONS,
    CaseState,
    HoldClock,
    Step,
    TaskState,
)


class Case(models.Model):
    """One item under review by its department, with its own clock."""

    TRANSITIONS: ClassVar = CASE_TRANSITIONS

    number = models.CharField(_("办件编号"), max_length=60, unique=True)
    application_item = models.OneToOneField(
        "applications.ApplicationItem", on_delete=models.PROTECT, related_name="case"
    )
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="cases")
    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="cases")
    #: null for items of the parallel stream
    stage_run = models.ForeignKey(StageRun, null=True, on_delete=models.PROTECT, related_name="cases")
    service_item = models.ForeignKey("catalogue.ServiceItem", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=CaseState.choices, default=CaseState.OPEN)
    timer = models.OneToOneField("deadlines.Timer", on_delete=models.PROTECT, related_name="+")
    #: what holds now; earlier rounds and versions are in `decisions`
    decision = models.OneToOneField("review.Decision", null=True, on_delete=models.PROTECT, related_name="+")
    #: 1 until the authority takes a decided case up again
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    #: counted up by every act on the case; a form sends the one it was begun from
    version = models.PositiveIntegerField(_("版本"), default=1)
    changed_at = models.DateTimeField(_("最近变动"), null=True)
    changed_by = models.CharField(_("变动人"), max_length=80, blank=True)
    opened_at = models.DateTimeField(_("开始时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CASE_RUNNING, closed_at__isnull=True)
                | Q(state__in=[CaseState.DECIDED, CaseState.CLOSED], closed_at__isnull=False),
                name="case_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["stage_run", "state"], name="case_of_stage_run"),
            models.Index(fields=["project", "state"], name="case_of_project"),
            models.Index(fields=["department", "id"], condition=Q(state__in=CASE_RUNNING), name="case_running"),
            # what began and what ended in a period
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["-closed_at", "-id"], condition=Q(closed_at__isnull=False), name="case_ended"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def tone(self) -> str:
        return CASE_TONES[CaseState(self.state)]

    @property
    def is_running(self) -> bool:
        return self.state in CASE_RUNNING


class ReviewTask(models.Model):
    """One step of a case inside its department; at most one is open at a time."""

    TRANSITIONS: ClassVar = TASK_TRANSITIONS

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    # the department by value again: the inbox index must not need the case
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(_("环节"), max_length=8, choices=Step.choices)
    #: grant or reject is asked on this step
    is_deciding = models.BooleanField(_("决定环节"))
    state = models.CharField(_("状态"), max_length=10, choices=TaskState.choices, default=TaskState.WAITING)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("到达时间"))
    done_at = models.DateTimeField(_("办结时间"), null=True)
    # What the case's clock says, for lists of a whole department: `operations.clocks` copies it in the transaction of
    # whatever moves the clock. The timer stays the truth; a task that is over keeps the days of its end.
    clock_from = models.DateField(_("起算显示日"), null=True)
    due_on = models.DateField(_("承诺到期日"), null=True)
    yellow_on = models.DateField(_("转黄日"), null=True)
    red_on = models.DateField(_("转红日"), null=True)
    paused_on = models.DateField(_("停计日"), null=True)

    objects = ReviewTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=TASK_OPEN), name="review_task_one_open_per_case"
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.CLAIMED) | Q(assignee__isnull=False),
                name="review_task_claimed_has_assignee",
            ),
            # a list by due day turns its pages by it
            models.CheckConstraint(
                condition=~Q(state__in=TASK_OPEN) | Q(due_on__isnull=False), name="review_task_open_has_due_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "step", "id"], condition=Q(state__in=TASK_OPEN), name="review_task_inbox"
            ),
            # the inbox by due day: a page reads what it shows
            models.Index(
                fields=["department", "step", "due_on", "id"],
                condition=Q(state__in=TASK_OPEN),
                name="review_task_due",
            ),
            models.Index(fields=["assignee", "id"], condition=Q(state__in=TASK_OPEN), name="review_task_mine"),
            # what lies in a pool for too long
            models.Index(fields=["opened_at"], condition=Q(state=TaskState.WAITING), name="review_task_unclaimed"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"

    @property
    def audit_stream(self) -> str:
        return self.case.project.audit_stream

    @property
    def is_open(self) -> bool:
        return self.state in TASK_OPEN


class Hold(models.Model):
    """A reason why a case cannot be decided yet; says itself what it does to the clock."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.TextField(_("原因"))
    clock = models.CharField(_("对时钟的作用"), max_length=10, choices=HoldClock.choices, default=HoldClock.NONE)
    kind = models.CharField(_("特别程序种类"), max_length=12, blank=True)
    expected_days = models.PositiveSmallIntegerField(_("预计天数"), null=True)
    #: the law or rule it is done under, as the applicant was told
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    #: what orders it: a letter of invitation, a commission to an expert
    document = models.ForeignKey("archive.Document", null=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey("applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+")
    end_notice = models.ForeignKey(
        "applications.ApplicationNotice", null=True, on_delete=models.PROTECT, related_name="+"
    )
    #: mark of the work that placed it and will end it itself; empty when people place and end it
    owner = models.CharField(_("由谁结束"), max_length=40, blank=True)
    opened_at = models.DateTimeField(_("开始时间"))
    opened_by = models.CharField(_("发起人"), max_length=80)
    released_at = models.DateTimeField(_("结束时间"), null=True)
    released_by = models.CharField(_("结束人"), max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(clock=HoldClock.SPECIAL) | (~Q(kind="") & Q(expected_days__isnull=False)),
                name="hold_special_names_kind_and_days",
            ),
        ]
        indexes = [models.Index(fields=["case"], condition=Q(released_at__isnull=True), name="hold_open")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock}"
