"""Sites and their versions; a version is never changed, a new one takes its place."""

import hashlib

from django.conf import settings
from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blueprint.siting.querysets import SiteVersionQuerySet
from blueprint.siting.states import SiteOrigin


class Site(models.Model):
    """The place of a project, or of an idea that is no project yet (策划生成)."""

    project = models.OneToOneField("registry.Project", on_delete=models.PROTECT, related_name="site", null=True)
    #: of an idea only: what it is called before there is a project
    title = models.CharField(_("意向名称"), max_length=120, blank=True)
    #: of an idea only: the department that plans it
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+", null=True)
    opened_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("选址")
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | (Q(department__isnull=False) & ~Q(title="")),
                name="site_of_project_or_idea",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.project_id)

    @property
    def audit_stream(self) -> str:
        """Return the chain it is told in: the project's, else its own."""
        return self.project.audit_stream if self.project is not None else f"idea-{self.pk}"


class Outline(models.Model):
    """A boundary as it was brought, with what it declares. Coordinates are metres of `work_crs`, snapped to 0.01."""

    origin = models.CharField(_("录入方式"), max_length=8, choices=SiteOrigin.choices)
    work_crs = models.PositiveIntegerField(_("计算坐标系"))
    source_crs = models.CharField(_("原坐标系"), max_length=12)
    geom = gis.MultiPolygonField(_("红线"), srid=0)
    area_m2 = models.FloatField(_("计算面积（平方米）"))
    declared_m2 = models.FloatField(_("申报面积（平方米）"), null=True)
    #: what the file declares, as blueprint.geometry reads it: use, far, density, green, height, project_code, ...
    attributes = models.JSONField(_("申报属性"), default=dict)
    repairs = models.JSONField(_("修复"), default=list)
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    blob = models.ForeignKey("core.StoredBlob", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        abstract = True

    @property
    def difference_m2(self) -> float | None:
        """Return by how much the declared area is larger than the computed one; None where none was declared."""
        return None if self.declared_m2 is None else self.declared_m2 - self.area_m2


class SiteVersion(Outline):
    """One boundary of a site; the greatest number is current."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版次"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.CharField(_("录入人"), max_length=80)

    objects = SiteVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("红线版次")
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="site_version_once")]

    def __str__(self) -> str:
        return f"{self.site_id}/{self.number}"


class SiteDraft(Outline):
    """A boundary somebody has brought and looks at before he uses it; a person has one for each site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: what was drawn or typed, to be shown again
    typed = models.TextField(_("所填内容"), blank=True)
    saved_at = models.DateTimeField(_("保存时间"))

    class Meta:
        verbose_name = _("待确认的红线")
        constraints = [models.UniqueConstraint(fields=["site", "user"], name="site_draft_once")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.user_id}"

    @property
    def mark(self) -> str:
        """Return what tells it from any other that this person brought here: a page says which one it showed."""
        kept = f"{self.pk} {self.saved_at.timestamp()} {self.geom.wkb.hex()}"
        return hashlib.sha256(kept.encode()).hexdigest()[:16]


class Derivation(models.Model):
    """What a version said of its project at one time: the facts, the regions, and the editions they were read from."""

    version = models.ForeignKey(SiteVersion, on_delete=models.PROTECT, related_name="derivations")
    #: layer -> {"id", "name"} of the edition; layers without one are not in it
    editions = models.JSONField(_("采用的图层版本"), default=dict)
    #: [{"code", "name", "share"}], the largest share first
    regions = models.JSONField(_("所在区域"), default=list)
    #: field -> value, without the line itself
    values = models.JSONField(_("得出的信息"), default=dict)
    derived_at = models.DateTimeField(_("计算时间"))
    derived_by = models.CharField(_("计算人"), max_length=80)

    class Meta:
        verbose_name = _("红线得出的信息")
        indexes = [models.Index(fields=["version", "-derived_at"], name="derivation_of_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.derived_at:%Y-%m-%d}"
