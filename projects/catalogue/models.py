"""Rows of the catalogue, one set per pack version.

Rules read the frozen definitions (`queries.catalogue`); rows exist so that cases and papers can point to what they
are about and lists can be filtered, searched and counted in the database.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.citypack.models import PackVersion
from projects.catalogue.definitions import ADVISORY_STAGE, PARALLEL_STAGE, ResultKind, Unit
from projects.catalogue.querysets import CatalogueQuerySet, ServiceItemQuerySet


class Stage(models.Model):
    """A stage of the national standard."""

    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="stages")
    code = models.CharField(_("编号"), max_length=8)
    name = models.CharField(_("名称"), max_length=80)
    lead = models.CharField(_("牵头部门"), max_length=40, blank=True)
    sort = models.PositiveSmallIntegerField(_("顺序"))

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("阶段")
        constraints = [models.UniqueConstraint(fields=["pack_version", "code"], name="stage_once_in_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_main(self) -> bool:
        """Tell whether the stage is one of the main line."""
        return self.code not in (PARALLEL_STAGE, ADVISORY_STAGE)


class MaterialType(models.Model):
    """A kind of paper."""

    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="material_types")
    code = models.CharField(_("编号"), max_length=40)
    name = models.CharField(_("名称"), max_length=120)
    source = models.CharField(_("来源"), max_length=20)
    sort = models.PositiveSmallIntegerField(_("顺序"))

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("材料")
        constraints = [models.UniqueConstraint(fields=["pack_version", "code"], name="material_once_in_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Flow(models.Model):
    """A flow type."""

    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="flows")
    code = models.CharField(_("编号"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    total_limit_days = models.PositiveSmallIntegerField(_("总时限（工作日）"))
    sort = models.PositiveSmallIntegerField(_("顺序"))

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("流程类型")
        constraints = [models.UniqueConstraint(fields=["pack_version", "code"], name="flow_once_in_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ServiceItem(models.Model):
    """A service item."""

    class Units(models.TextChoices):
        WORKING = Unit.WORKING.value, _("工作日")
        CALENDAR = Unit.CALENDAR.value, _("日历日")

    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(_("编号"), max_length=16)
    name = models.CharField(_("名称"), max_length=120)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="items")
    department = models.CharField(_("实施部门"), max_length=40, db_index=True)
    type = models.CharField(_("事项类型"), max_length=20)
    category = models.CharField(_("办件类型"), max_length=8)
    statutory_days = models.PositiveSmallIntegerField(_("法定时限"))
    promised_days = models.PositiveSmallIntegerField(_("承诺时限"))
    unit = models.CharField(_("时限单位"), max_length=8, choices=Units.choices)
    is_milestone = models.BooleanField(_("里程碑"))
    sort = models.PositiveSmallIntegerField(_("顺序"))

    objects = ServiceItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("事项")
        constraints = [models.UniqueConstraint(fields=["pack_version", "code"], name="item_once_in_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ResultType(models.Model):
    """What an item gives."""

    class Kinds(models.TextChoices):
        CERTIFICATE = ResultKind.CERTIFICATE.value, _("证照")
        LETTER = ResultKind.LETTER.value, _("意见函")
        DOCUMENT = ResultKind.DOCUMENT.value, _("文书")
        RECEIPT = ResultKind.RECEIPT.value, _("回执")

    pack_version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="result_types")
    item = models.OneToOneField(ServiceItem, on_delete=models.PROTECT, related_name="result_type")
    kind = models.CharField(_("类型"), max_length=12, choices=Kinds.choices)
    title = models.CharField(_("名称"), max_length=120)
    validity_days = models.PositiveIntegerField(_("有效期（日历日）"), null=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("结果")
        constraints = [
            models.CheckConstraint(
                condition=Q(validity_days__isnull=True) | Q(validity_days__gt=0), name="result_validity_positive"
            )
        ]

    def __str__(self) -> str:
        return self.title
