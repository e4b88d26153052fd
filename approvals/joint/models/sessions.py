"""A meeting, visit or acceptance of several departments: who comes, what is found, what comes of it."""

from collections.abc import Mapping
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals.joint.querysets import ParticipantQuerySet, PointQuerySet, SessionQuerySet
from approvals.joint.states import (
    CONCLUSION_TRANSITIONS,
    PARTICIPANT_PENDING,
    PARTICIPANT_TONES,
    PARTICIPANT_TRANSITIONS,
    POINT_OPEN,
    POINT_TONES,
    POINT_TRANSITIONS,
    SESSION_RUNNING,
    SESSION_TONES,
    SESSION_TRANSITIONS,
    ConclusionState,
    ParticipantState,
    PointState,
    Position,
    SessionState,
    Silence,
    Step,
)


class Session(models.Model):
    """One joint session of a stage, of a kind of the pack; the row that its joins lock."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = SESSION_TRANSITIONS

    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="sessions")
    stage_run = models.ForeignKey("review.StageRun", on_delete=models.PROTECT, related_name="sessions")
    #: kind of the pack's joint.yaml, and what it said when the session was called
    kind = models.CharField(_("种类"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    lead = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    silence = models.CharField(_("逾期规则"), max_length=8, choices=Silence.choices)
    opinion_days = models.PositiveSmallIntegerField(_("出具意见期限（工作日）"))
    #: re-checks after mending, at most
    rounds = models.PositiveSmallIntegerField(_("复验次数上限"))
    round = models.PositiveSmallIntegerField(_("已复验次数"), default=0)
    state = models.CharField(_("状态"), max_length=12, choices=SessionState.choices, default=SessionState.INVITED)
    timer = models.OneToOneField("deadlines.Timer", on_delete=models.PROTECT, related_name="+")
    agenda = models.TextField(_("事由"))
    place = models.CharField(_("地点"), max_length=120)
    meets_at = models.DateTimeField(_("时间"))
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_by_name = models.CharField(_("召集人"), max_length=80)
    called_at = models.DateTimeField(_("召集时间"))
    held_at = models.DateTimeField(_("召开时间"), null=True)
    minutes = models.TextField(_("纪要"), blank=True)
    #: last day on which mended points are to be reported
    mend_by = models.DateField(_("整改期限"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    cancel_reason = models.TextField(_("取消原因"), blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage_run", "kind"], condition=Q(state__in=SESSION_RUNNING), name="session_one_running"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SessionState.INVITED, SessionState.CANCELLED]) | Q(held_at__isnull=False),
                name="session_held_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SESSION_RUNNING, ended_at__isnull=True)
                | Q(state__in=[SessionState.CONCLUDED, SessionState.CANCELLED], ended_at__isnull=False),
                name="session_ended_has_time",
            ),
            models.CheckConstraint(condition=Q(round__lte=models.F("rounds")), name="session_rounds_kept"),
        ]
        indexes = [
            models.Index(fields=["lead", "-id"], name="session_of_lead"),
            models.Index(fields=["project", "-id"], name="session_of_project"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def is_running(self) -> bool:
        return self.state in SESSION_RUNNING

    @property
    def has_rounds_left(self) -> bool:
        return self.round < self.rounds

    @property
    def tone(self) -> str:
        return SESSION_TONES[SessionState(self.state)]


class SessionHold(models.Model):
    """A hold that a session placed on a case."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="holds")
    hold = models.OneToOneField("review.Hold", on_delete=models.PROTECT, related_name="session_hold")

    def __str__(self) -> str:
        return f"{self.session_id} → {self.hold_id}"


class Participant(models.Model):
    """A department invited to a session: its reply, its presence, its opinion."""

    TRANSITIONS: ClassVar = PARTICIPANT_TRANSITIONS

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="participants")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("状态"), max_length=12, choices=ParticipantState.choices, default=ParticipantState.INVITED
    )
    #: who comes, or on whose behalf
    person = models.CharField(_("参加人"), max_length=80, blank=True)
    note = models.TextField(_("说明"), blank=True)
    answered_at = models.DateTimeField(_("回执时间"), null=True)
    was_present = models.BooleanField(_("到场"), null=True)
    #: runs from the meeting, for the opinion
    timer = models.OneToOneField("deadlines.Timer", null=True, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(_("意见"), max_length=14, choices=Position.choices, blank=True)
    opinion = models.TextField(_("意见内容"), blank=True)
    opined_by = models.CharField(_("出具人"), max_length=80, blank=True)
    opined_at = models.DateTimeField(_("出具时间"), null=True)
    reminded_at = models.DateTimeField(_("提醒时间"), null=True)
    overdue_told_at = models.DateTimeField(_("逾期告知时间"), null=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "department"], name="participant_once"),
            models.CheckConstraint(
                condition=~Q(state=ParticipantState.OPINED) | (~Q(position="") & Q(opined_at__isnull=False)),
                name="participant_opined_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "-id"], name="participant_of_department"),
            models.Index(
                fields=["department", "id"],
                condition=Q(state__in=[ParticipantState.INVITED, *PARTICIPANT_PENDING]),
                name="participant_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.department_id}"

    @property
    def audit_stream(self) -> str:
        return self.session.project.audit_stream

    @property
    def tone(self) -> str:
        return PARTICIPANT_TONES[ParticipantState(self.state)]


class Point(models.Model):
    """One defect or demand on the one list of a session."""

    TRANSITIONS: ClassVar = POINT_TRANSITIONS

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(_("序号"))
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("问题"))
    remedy = models.TextField(_("整改要求"), blank=True)
    is_mandatory = models.BooleanField(_("强制"))
    blob = models.ForeignKey("core.StoredBlob", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("照片或文件"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=PointState.choices, default=PointState.OPEN)
    raised_by_name = models.CharField(_("提出人"), max_length=80)
    raised_at = models.DateTimeField(_("提出时间"))

    objects = PointQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="point_number_once")]

    def __str__(self) -> str:
        return f"{self.session_id} #{self.number}"

    @property
    def audit_stream(self) -> str:
        return self.session.project.audit_stream

    @property
    def is_open(self) -> bool:
        return self.state in POINT_OPEN

    @property
    def tone(self) -> str:
        return POINT_TONES[PointState(self.state)]


class PointStep(models.Model):
    """What happened to a point: reported as mended, passed, failed, taken back; never changed."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("经过"), max_length=10, choices=Step.choices)
    round = models.PositiveSmallIntegerField(_("第几次复验"))
    text = models.TextField(_("说明"), blank=True)
    blob = models.ForeignKey("core.StoredBlob", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("照片或文件"), max_length=200, blank=True)
    author_name = models.CharField(_("办理人"), max_length=80)
    at = models.DateTimeField(_("时间"))

    def __str__(self) -> str:
        return f"{self.point_id} {self.step}"


class SessionResult(models.Model):
    """One of the things a kind of session has to bring about, such as the plan, the diagram and the list."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="results")
    #: id and name of the kind's result
    result = models.CharField(_("成果"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("内容"), blank=True)
    blob = models.ForeignKey("core.StoredBlob", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("附件"), max_length=200, blank=True)
    given_by_name = models.CharField(_("提交人"), max_length=80)
    given_at = models.DateTimeField(_("提交时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "result"], name="session_result_once"),
            models.CheckConstraint(condition=~Q(text="") | Q(blob__isnull=False), name="session_result_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.result}"


class Conclusion(models.Model):
    """The paper of a session: number, text, verification code, and the filed PDF."""

    TRANSITIONS: ClassVar = CONCLUSION_TRANSITIONS

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="conclusion")
    number = models.CharField(_("文号"), max_length=80, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    is_passed = models.BooleanField(_("通过"))
    text = models.TextField(_("结论"))
    #: [label, value] as printed, in order
    content = models.JSONField(_("内容"), default=list)
    verify_code = models.CharField(_("核验码"), max_length=20, unique=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=ConclusionState.choices, default=ConclusionState.PREPARING
    )
    document = models.OneToOneField("archive.Document", null=True, on_delete=models.PROTECT, related_name="+")
    concluded_by_name = models.CharField(_("签发人"), max_length=80)
    concluded_at = models.DateTimeField(_("签发时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ConclusionState.PREPARING) | Q(document__isnull=False),
                name="conclusion_issued_has_document",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_stream(self) -> str:
        return self.session.project.audit_stream
