"""A project, its facts, its units (engineering codes) and who may see it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.registry.querysets import ProjectQuerySet
from projects.registry.states import (
    AUTHORITATIVE,
    CODE_REQUEST_TRANSITIONS,
    PROJECT_TONES,
    PROJECT_TRANSITIONS,
    UNIT_LIVE,
    UNIT_TRANSITIONS,
    CodeRequestState,
    FactSource,
    ProjectState,
    UnitState,
)


class Project(models.Model):
    """What is being built, under one code, from the first idea to the finished works.

    The pack version is the one it was registered under; a newer pack does not change a running project.
    """

    class Relation(models.TextChoices):
        PHASE = "phase", _("分期")
        PART = "part", _("子项")
        BUNDLE = "bundle", _("打捆")
        PPP = "ppp", _("PPP 项目")

    TRANSITIONS: ClassVar = PROJECT_TRANSITIONS

    #: GB/T 40058-2021 or the rule before it; null only while a platform is still assigning it
    code = models.CharField(_("项目代码"), max_length=24, unique=True, null=True)
    name = models.CharField(_("项目名称"), max_length=200)
    region = models.CharField(_("建设地点行政区划"), max_length=6)
    owner = models.ForeignKey(
        "accounts.Enterprise", verbose_name=_("建设单位"), on_delete=models.PROTECT, related_name="projects"
    )
    state = models.CharField(_("状态"), max_length=12, choices=ProjectState.choices, default=ProjectState.REGISTERED)
    pack_version = models.ForeignKey("citypack.PackVersion", on_delete=models.PROTECT, related_name="+")
    flow = models.CharField(_("审批流程"), max_length=40)
    flow_reason = models.TextField(_("流程依据"))
    #: the flow that the facts gave, kept when the window overrides it
    computed_flow = models.CharField(_("按条件算出的流程"), max_length=40)
    override_reason = models.TextField(_("改用流程的理由"), blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    relation = models.CharField(_("与上级项目的关系"), max_length=8, choices=Relation.choices, blank=True)
    #: null when a machine registered it
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(_("登记时间"))
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=False) | Q(state__in=[ProjectState.PROPOSED, ProjectState.WITHDRAWN]),
                name="project_registered_has_code",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, relation="") | Q(parent__isnull=False) & ~Q(relation=""),
                name="project_child_has_relation",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-registered_at"], name="project_of_owner"),
            models.Index(fields=["-registered_at", "-id"], name="project_newest"),
        ]
        permissions = [("act_for_project", _("受委托办理该项目"))]

    def __str__(self) -> str:
        return f"{self.code or '—'} {self.name}"

    @property
    def audit_stream(self) -> str:
        return self.code or f"proposal-{self.pk}"

    @property
    def tone(self) -> str:
        return PROJECT_TONES[ProjectState(self.state)]

    @property
    def is_running(self) -> bool:
        return self.state == ProjectState.REGISTERED

    @property
    def is_over(self) -> bool:
        """Tell whether nothing about it may change any more."""
        return self.state in (ProjectState.CLOSED, ProjectState.WITHDRAWN)

    @property
    def is_overridden(self) -> bool:
        """Tell whether the window set another flow than the computed one."""
        return self.flow != self.computed_flow


class CodeRequest(models.Model):
    """What was asked of the platform that issues project codes; its answer becomes the project's code."""

    TRANSITIONS: ClassVar = CODE_REQUEST_TRANSITIONS

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="code_request")
    state = models.CharField(
        _("状态"), max_length=8, choices=CodeRequestState.choices, default=CodeRequestState.WAITING
    )
    requested_at = models.DateTimeField(_("申请时间"))
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    next_try_at = models.DateTimeField(_("下次尝试时间"))
    last_tried_at = models.DateTimeField(_("最近一次尝试"), null=True)
    last_error = models.CharField(_("最近一次失败原因"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state=CodeRequestState.WAITING), name="code_request_due"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.state}"

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream


class ProjectFact(models.Model):
    """One known value of a project, with its source; the history is in the audit chain."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="facts")
    field = models.CharField(_("字段"), max_length=60)
    value = models.JSONField(_("值"))
    source = models.CharField(_("来源"), max_length=12, choices=FactSource.choices)
    source_note = models.CharField(_("来源说明"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.CharField(_("记录人"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "field"], name="project_fact_once")]

    def __str__(self) -> str:
        return f"{self.field} = {self.value}"

    @property
    def is_authoritative(self) -> bool:
        """Tell whether the source makes the value read-only for the applicant."""
        return self.source in AUTHORITATIVE


class Unit(models.Model):
    """A part of a project that is permitted by itself, named by an engineering code that never changes."""

    TRANSITIONS: ClassVar = UNIT_TRANSITIONS

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(_("工程代码"), max_length=31, unique=True)
    level = models.PositiveSmallIntegerField(_("级别"))
    name = models.CharField(_("名称"), max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    #: all units of the level above that were merged into this one, its parent among them; empty if none were
    prev_eng_code = ArrayField(models.CharField(max_length=31), verbose_name=_("前阶段关联工程代码"), default=list)
    state = models.CharField(_("状态"), max_length=8, choices=UnitState.choices, default=UnitState.ACTIVE)
    external_code = models.CharField(_("外部工程代码"), max_length=40, blank=True)
    issued_at = models.DateTimeField(_("赋码时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="unit_level_1_to_3"),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                name="unit_has_parent_above_level_1",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def audit_stream(self) -> str:
        return self.project.audit_stream

    @property
    def path(self) -> str:
        """Return what follows the project code: two characters for each level."""
        return self.code.rpartition("-")[2]

    @property
    def predecessors(self) -> tuple[str, ...]:
        """Return the codes of the units of the level above it came from; none for level 1."""
        if self.prev_eng_code:
            return tuple(self.prev_eng_code)
        return (self.code[:-2],) if self.level > 1 else ()

    @property
    def is_merged(self) -> bool:
        return bool(self.prev_eng_code)

    @property
    def is_live(self) -> bool:
        """Tell whether it may be applied for at its own level."""
        return self.state in UNIT_LIVE


class ProjectAccess(models.Model):
    """A department that has something to do with a project and may therefore see it.

    Written downward by review when a case opens or a consultation is asked.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="accesses")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("原因"), max_length=200)
    granted_at = models.DateTimeField(_("授予时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "department"], name="project_access_once")]
        indexes = [models.Index(fields=["department", "project"], name="project_access_of_department")]

    def __str__(self) -> str:
        return f"{self.department_id} → {self.project_id}"
