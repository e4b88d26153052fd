"""Ideas, what departments say of them, and their conditions."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blueprint.ideas.querysets import IdeaQuerySet
from blueprint.ideas.states import (
    MATURITY_TONES,
    MATURITY_TRANSITIONS,
    OPINION_TONES,
    OPINION_TRANSITIONS,
    POSITION_TONES,
    Maturity,
    OpinionState,
    Position,
)


class Idea(models.Model):
    """What somebody would like to build somewhere; its place is a site of its own until it is a project's."""

    TRANSITIONS: ClassVar = MATURITY_TRANSITIONS

    site = models.OneToOneField("siting.Site", on_delete=models.PROTECT, related_name="idea")
    state = models.CharField(_("成熟度"), max_length=10, choices=Maturity.choices, default=Maturity.GESTATION)
    summary = models.TextField(_("初步意向"))
    #: rounds of asking; a new boundary needs a new one
    round = models.PositiveSmallIntegerField(_("轮次"), default=0)
    opened_by_name = models.CharField(_("提出人"), max_length=80)
    opened_at = models.DateTimeField(_("提出时间"))
    ended_reason = models.CharField(_("不再推进的原因"), max_length=200, blank=True)

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("项目意向")

    def __str__(self) -> str:
        return str(self.site_id)

    @property
    def audit_stream(self) -> str:
        return "blueprint"

    @property
    def tone(self) -> str:
        return MATURITY_TONES[Maturity(self.state)]

    @property
    def is_open(self) -> bool:
        return bool(MATURITY_TRANSITIONS[Maturity(self.state)])


class Opinion(models.Model):
    """The question at one department in one round, and its answer."""

    TRANSITIONS: ClassVar = OPINION_TRANSITIONS

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="opinions")
    round = models.PositiveSmallIntegerField(_("轮次"))
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=8, choices=OpinionState.choices, default=OpinionState.ASKED)
    asked_at = models.DateTimeField(_("征询时间"))
    #: last day on which an answer counts; working days of the city's calendar after the day of asking
    due_on = models.DateField(_("回复期限"))
    position = models.CharField(_("意见"), max_length=12, choices=Position.choices, blank=True)
    text = models.TextField(_("说明"), blank=True)
    author_name = models.CharField(_("回复人"), max_length=80, blank=True)
    answered_at = models.DateTimeField(_("回复时间"), null=True)

    class Meta:
        verbose_name = _("部门意见")
        constraints = [
            models.UniqueConstraint(fields=["idea", "round", "department"], name="opinion_once_per_round"),
            models.CheckConstraint(
                condition=~Q(state=OpinionState.ANSWERED) | (Q(answered_at__isnull=False) & ~Q(position="")),
                name="opinion_answered_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "due_on"], condition=Q(state=OpinionState.ASKED), name="opinion_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.idea_id} {self.department_id}"

    @property
    def audit_stream(self) -> str:
        return "blueprint"

    @property
    def tone(self) -> str:
        if self.position:
            return POSITION_TONES[Position(self.position)]
        return OPINION_TONES[OpinionState(self.state)]

    @property
    def words(self) -> str:
        """Say what the department thinks, or where its answer stands."""
        return str(self.get_position_display() if self.position else self.get_state_display())


class Condition(models.Model):
    """One line of the list of conditions (条件清单), with a place where it has one."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="conditions")
    text = models.TextField(_("条件"))
    #: metres of the work CRS of the boundary it was said of
    geom = gis.MultiPolygonField(_("范围"), srid=0, null=True)
    work_crs = models.PositiveIntegerField(_("计算坐标系"))
    met_at = models.DateTimeField(_("落实时间"), null=True)
    met_note = models.CharField(_("落实情况"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("条件")

    def __str__(self) -> str:
        return self.text[:40]
