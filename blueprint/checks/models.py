"""Runs of the checks, kept with the editions they used, and what they found; a run that is done is never changed."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blueprint.checks.querysets import CheckRunQuerySet, FindingQuerySet, PatchQuerySet
from blueprint.checks.states import (
    RUN_TONES,
    RUN_TRANSITIONS,
    SEVERITY_TONES,
    RunKind,
    RunState,
    Severity,
)


class CheckRun(models.Model):
    """One run of checks, of a site's version or of the whole city.

    A site run (`kind` site) has a `version` and is made by `operations.run_site_check`. A city-wide run has none: it
    names its layers in `layers` (a difference run the line that has two editions, a conflict run both plans), may be
    kept to a `district` (code of a region, blank for the whole city) and belongs to the `department` that asked for
    it. It is queued, taken by a worker (`running`), counts `steps_done` of `steps_total` while the user watches, and
    ends `done` with its patches, or `failed` with a sentence that says what to do. Its patches carry their own
    `district`, so that statistics are one GROUP BY.
    """

    TRANSITIONS: ClassVar = RUN_TRANSITIONS

    kind = models.CharField(_("类别"), max_length=12, choices=RunKind.choices)
    version = models.ForeignKey("siting.SiteVersion", on_delete=models.PROTECT, related_name="runs", null=True)
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+", null=True)
    district = models.CharField(_("行政区"), max_length=12, blank=True)
    #: codes of the layers a city-wide run is about; a site run reads what the pack's checks name
    layers = ArrayField(models.CharField(max_length=12), verbose_name=_("图层"), default=list, blank=True)
    #: under which definitions, tolerances and owners it was computed
    pack_version = models.ForeignKey("citypack.PackVersion", on_delete=models.PROTECT, related_name="+")
    work_crs = models.PositiveIntegerField(_("计算坐标系"))
    #: [{layer, edition, edition_id}] of every edition that was read, also of those that had nothing there
    editions = models.JSONField(_("采用的图层版本"), default=list)
    state = models.CharField(_("状态"), max_length=8, choices=RunState.choices, default=RunState.QUEUED)
    steps_done = models.PositiveIntegerField(_("已完成步数"), default=0)
    steps_total = models.PositiveIntegerField(_("总步数"), default=0)
    #: what the run says as a whole; of a site {area_m2, declared_m2, repairs, totals, skipped, counts}
    result = models.JSONField(_("结果"), default=dict)
    error_code = models.CharField(_("错误代码"), max_length=40, blank=True)
    error = models.CharField(_("未能完成的原因"), max_length=300, blank=True)
    #: library that computed the areas, say "GEOS 3.13.1": two of them may differ by a square millimetre
    engine = models.CharField(_("计算引擎"), max_length=40, blank=True)
    queued_at = models.DateTimeField(_("发起时间"))
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    asked_by = models.CharField(_("发起人"), max_length=80)

    objects = CheckRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("核查")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=RunKind.SITE, version__isnull=False)
                | (~Q(kind=RunKind.SITE) & Q(version__isnull=True)),
                name="run_of_site_has_version",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(RunState.QUEUED, RunState.RUNNING), finished_at__isnull=True)
                | Q(state__in=(RunState.DONE, RunState.FAILED), finished_at__isnull=False),
                name="run_finished_has_time",
            ),
            models.CheckConstraint(condition=~Q(state=RunState.FAILED) | ~Q(error=""), name="run_failed_says_why"),
        ]
        indexes = [
            models.Index(fields=["version", "-queued_at"], name="run_of_version"),
            models.Index(fields=["kind", "-queued_at"], name="run_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def audit_stream(self) -> str:
        """Return the chain it is told in: the project's (to be loaded with the run), else that of the blueprint."""
        project = self.version.site.project if self.version is not None else None
        return project.audit_stream if project is not None else "blueprint"

    @property
    def tone(self) -> str:
        return RUN_TONES[RunState(self.state)]

    @property
    def is_done(self) -> bool:
        return self.state == RunState.DONE

    @property
    def is_unfinished(self) -> bool:
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def percent(self) -> int:
        """Return how far it is, 0..100."""
        return 100 if self.is_done else self.steps_done * 100 // max(self.steps_total, 1)


class Finding(models.Model):
    """One thing a check found: layer, edition, feature, how much of it, how grave. Null means: does not apply.

    Two findings of different runs are the same matter when `key` agrees; `queries.changes` compares runs by it.
    """

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="findings")
    number = models.PositiveIntegerField(_("序号"))
    #: a check of the pack
    check_code = models.CharField(_("核查项"), max_length=40)
    layer = models.ForeignKey("layers.Layer", on_delete=models.PROTECT, related_name="+", null=True)
    edition = models.ForeignKey("layers.Edition", on_delete=models.PROTECT, related_name="+", null=True)
    # as long as the layer says them: a feature is not cut, nor a check lost for a long name
    feature = models.CharField(_("图斑编号"), blank=True)
    feature_name = models.CharField(_("图斑名称"), blank=True)
    overlap_m2 = models.FloatField(_("压占面积（平方米）"), null=True)
    share = models.FloatField(_("占比"), null=True)
    severity = models.CharField(_("程度"), max_length=8, choices=Severity.choices)
    #: of plan conflicts: which of the three
    kind = models.CharField(_("冲突类型"), max_length=12, blank=True)
    #: is there something, but not for everyone to see where
    masked = models.BooleanField(_("涉密脱敏"), default=False)
    #: the contract's other keys of this check: relation, reason, use, indicator, design, plan, from, added_m2,
    #: removed_m2, moved_m, moved, declared_m2
    details = models.JSONField(_("说明数据"), default=dict)
    geom = gis.MultiPolygonField(_("压占范围"), srid=0, null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("核查结论")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="finding_once"),
            models.CheckConstraint(
                condition=Q(masked=False) | Q(geom__isnull=True), name="finding_masked_has_no_shape"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

    @property
    def tone(self) -> str:
        return SEVERITY_TONES[Severity(self.severity)]

    @property
    def key(self) -> tuple[str, ...]:
        """Return what makes it the same matter in another run, whatever its figures."""
        about = (str(self.details.get(name) or "") for name in ("relation", "reason", "use", "indicator"))
        return (self.check_code, self.layer_id or "", self.feature, self.kind, *about)


class Patch(models.Model):
    """One piece of a difference, P001, P002, ...: between two plans, or between two editions of a control line."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="patches")
    number = models.PositiveIntegerField(_("序号"))
    check_code = models.CharField(_("核查项"), max_length=40)
    kind = models.CharField(_("类型"), max_length=12)
    #: of editions of a line
    layer = models.ForeignKey("layers.Layer", on_delete=models.PROTECT, related_name="+", null=True)
    #: of a region, where a whole-city run counts by district
    district = models.CharField(_("行政区"), max_length=12, blank=True)
    area_m2 = models.FloatField(_("面积（平方米）"))
    share = models.FloatField(_("占比"), null=True)
    #: full codes of the two plans; blank where that plan has nothing, or no use
    use_a = models.CharField(_("甲规划用途"), blank=True)
    use_b = models.CharField(_("乙规划用途"), blank=True)
    offset_m = models.FloatField(_("最大偏移（米）"), null=True)
    #: plans to amend, and the departments that keep them
    owner_layers = ArrayField(models.CharField(max_length=12), verbose_name=_("应修改的规划"), default=list, blank=True)
    owners = ArrayField(models.CharField(max_length=20), verbose_name=_("处置部门"), default=list, blank=True)
    geom = gis.PolygonField(_("图斑"), srid=0)

    objects = PatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("差异图斑")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="patch_once")]
        indexes = [models.Index(fields=["run", "district"], name="patch_of_district")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Return its id in the report: P001, P002, ..."""
        return f"P{self.number:03d}"
