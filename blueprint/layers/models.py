"""The catalogue of layers; codes are lasting, so rows are updated and never removed."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blueprint.layers.querysets import EditionQuerySet, FeatureQuerySet, ImportJobQuerySet, LayerQuerySet
from blueprint.layers.states import (
    JOB_OPEN,
    JOB_TONES,
    JOB_TRANSITIONS,
    TONES,
    TRANSITIONS,
    Audience,
    EditionState,
    JobState,
)


class Topic(models.Model):
    """A topic of the blueprint."""

    code = models.CharField(_("编号"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)

    class Meta:
        verbose_name = _("专题")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Subtopic(models.Model):
    """A part of a topic."""

    code = models.CharField(_("编号"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="subtopics")

    class Meta:
        verbose_name = _("子专题")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Layer(models.Model):
    """One layer of the blueprint."""

    code = models.CharField(_("编号"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)
    subtopic = models.ForeignKey(Subtopic, on_delete=models.PROTECT, related_name="layers")
    is_listed = models.BooleanField(_("在目录中"), default=True)
    audience = models.CharField(_("可见范围"), max_length=12, choices=Audience.choices, default=Audience.PUBLIC)
    departments = ArrayField(models.CharField(max_length=40), verbose_name=_("可见部门"), default=list, blank=True)
    #: answers checks with yes or no; its shapes are shown to nobody
    is_masked = models.BooleanField(_("脱敏"), default=False)
    #: the department that keeps it (the pack's `owners`)
    keeper = models.CharField(_("维护部门"), max_length=40, blank=True)
    is_shown = models.BooleanField(_("默认打开"), default=False)
    symbol = models.JSONField(_("图例"), default=dict)

    objects = LayerQuerySet.as_manager()

    class Meta:
        verbose_name = _("图层")
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=Audience.DEPARTMENTS) ^ Q(departments=[]), name="layer_departments_when_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Edition(models.Model):
    """One state of a layer, whole and for good. Editions are ordered by name; the greatest published one is current."""

    TRANSITIONS: ClassVar = TRANSITIONS
    audit_stream = "blueprint"

    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="editions")
    name = models.CharField(_("版本"), max_length=40)
    state = models.CharField(_("状态"), max_length=10, choices=EditionState.choices, default=EditionState.LOADING)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    dated_on = models.DateField(_("数据日期"), null=True)
    source_crs = models.CharField(_("原坐标系"), max_length=12, blank=True)
    #: EPSG number of the plane the features lie in; the city's work CRS when they were imported
    work_crs = models.PositiveIntegerField(_("计算坐标系"))
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    #: what the import printed, for a repeat of it
    report = models.JSONField(_("导入报告"), default=dict)
    feature_count = models.PositiveIntegerField(_("要素数"), default=0)
    area_km2 = models.FloatField(_("面积（平方公里）"), default=0)
    imported_at = models.DateTimeField(_("导入时间"))
    imported_by = models.CharField(_("导入人"), max_length=80, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("图层版本")
        constraints = [
            models.UniqueConstraint(fields=["layer", "name"], name="edition_once_per_layer"),
            models.CheckConstraint(
                condition=Q(state=EditionState.PUBLISHED, published_at__isnull=False)
                | (~Q(state=EditionState.PUBLISHED) & Q(published_at__isnull=True)),
                name="edition_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer_id} {self.name}"

    @property
    def is_draft(self) -> bool:
        return self.state == EditionState.DRAFT

    @property
    def tone(self) -> str:
        """Return the tone of its badge."""
        return TONES[EditionState(self.state)]


class Feature(models.Model):
    """One feature of an edition. Coordinates are metres of the edition's work CRS, snapped to 0.01."""

    # found by the index below, which begins with it: one of its own would be filled a million times for nothing
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="features", db_index=False)
    #: place in the imported file, from 0; names the feature where it has no fid
    index = models.PositiveIntegerField(_("序号"))
    # what a file says is kept as it is, however long: nothing is cut and nothing refused for its length
    fid = models.CharField(_("编号"))
    name = models.CharField(_("名称"), blank=True)
    use = models.CharField(_("用地代码"), blank=True)
    far = models.FloatField(_("容积率"), null=True)
    density = models.FloatField(_("建筑密度（%）"), null=True)
    green = models.FloatField(_("绿地率（%）"), null=True)
    height = models.FloatField(_("高度（米）"), null=True)
    project_code = models.CharField(_("项目代码"), blank=True)
    related_codes = ArrayField(models.CharField(), verbose_name=_("关联项目"), default=list, blank=True)
    declared_m2 = models.FloatField(_("登记面积（平方米）"), null=True)
    area_m2 = models.FloatField(_("面积（平方米）"))
    # Which plane it is says the edition: the work CRS is data of the city, a column's SRID would be code.
    geom = gis.MultiPolygonField(_("图形"), srid=0)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("图斑")
        indexes = [
            models.Index(fields=["edition", "index"], name="feature_of_edition"),
            # What is looked for by a part of its name is found in the index alone, which holds the named ones only.
            models.Index(fields=["edition", "name"], include=["id"], condition=~Q(name=""), name="feature_named"),
            models.Index(
                fields=["edition", "project_code"], include=["id"], condition=~Q(project_code=""), name="feature_coded"
            ),
            models.Index(fields=["fid"], name="feature_numbered"),
        ]

    def __str__(self) -> str:
        return self.fid


class ImportJob(models.Model):
    """A file brought by somebody through the browser, on its way to a draft edition."""

    TRANSITIONS: ClassVar = JOB_TRANSITIONS
    audit_stream = "blueprint"

    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("版本"), max_length=40)
    source = models.CharField(_("来源"), max_length=200, blank=True)
    #: EPSG number given by hand; none, the file says it
    crs = models.PositiveIntegerField(_("坐标系"), null=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    blob = models.ForeignKey("core.StoredBlob", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    #: features read so far
    read_count = models.PositiveIntegerField(_("已读图形"), default=0)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    report = models.JSONField(_("导入报告"), default=dict)
    #: why the file as a whole was refused, in the words of the refusal
    refusal = models.TextField(_("未能导入的原因"), blank=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+", null=True)
    person_id = models.BigIntegerField(_("导入人编号"))
    person_name = models.CharField(_("导入人"), max_length=80)
    asked_at = models.DateTimeField(_("提交时间"))
    #: when its worker was last heard of
    alive_at = models.DateTimeField(_("最近进展"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("导入任务")
        constraints = [
            models.CheckConstraint(
                condition=(Q(state__in=["done", "failed"]) & Q(ended_at__isnull=False))
                | (Q(state__in=["queued", "running"]) & Q(ended_at__isnull=True)),
                name="import_job_ended_has_time",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="import_job_by_time")]

    def __str__(self) -> str:
        return f"{self.layer_id} {self.name}"

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to come."""
        return self.state in JOB_OPEN

    @property
    def tone(self) -> str:
        """Return the tone of its badge."""
        return JOB_TONES[JobState(self.state)]
