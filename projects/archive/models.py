"""What a project has given and received: stored files, documents in versions, who may read them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.archive.querysets import DocumentQuerySet


class DocumentSource(models.TextChoices):
    """Who a document comes from."""

    APPLICANT = "applicant", _("申请人提供")
    E_CERT = "e_cert", _("电子证照")
    PRIOR_RESULT = "prior_result", _("前序结果")
    THIRD_PARTY = "third_party", _("中介成果")
    SYSTEM = "system", _("系统生成")


class Document(models.Model):
    """One version of one material of a project or of one of its units.

    A newer version stands beside the old one, never over it; a withdrawn one stays, marked.
    """

    project = models.ForeignKey("registry.Project", on_delete=models.PROTECT, related_name="documents")
    unit = models.ForeignKey("registry.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(_("材料"), max_length=40)
    title = models.CharField(_("名称"), max_length=200)
    source = models.CharField(_("来源"), max_length=12, choices=DocumentSource.choices)
    #: the item whose decision produced it, for results
    produced_by = models.CharField(_("产生事项"), max_length=20, blank=True)
    number = models.CharField(_("文号"), max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(_("版本"))
    blob = models.ForeignKey("core.StoredBlob", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("文件名"), max_length=200)
    #: what later items may read from a result without opening the file
    attributes = models.JSONField(_("要素"), default=dict)
    supplied_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    supplied_at = models.DateTimeField(_("提供时间"))
    valid_until = models.DateField(_("有效期至"), null=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "material", "unit", "version"], nulls_distinct=False, name="document_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it was taken back and may be used for nothing new."""
        return self.withdrawn_at is not None

    @property
    def is_from_applicant(self) -> bool:
        """Tell whether the applicant's side brought it."""
        return self.source in (DocumentSource.APPLICANT, DocumentSource.THIRD_PARTY)


class DocumentGrant(models.Model):
    """A department that may read a document, because a case or a consultation needs it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="grants")
    department = models.ForeignKey("accounts.Department", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("原因"), max_length=200)
    granted_at = models.DateTimeField(_("授予时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "department"], name="document_grant_once")]

    def __str__(self) -> str:
        return f"{self.department_id} → {self.document_id}"
