"""Pack versions: what the city's configuration was at a time, for ever."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.citypack.querysets import PackVersionQuerySet

if TYPE_CHECKING:
    _Text = models.TextField[dict[str, Any], dict[str, Any]]
else:
    _Text = models.TextField


class DocumentsField(_Text):
    """Documents as JSON text.

    jsonb would sort the keys, and the order in which the pack lists the values of a field is the order in which
    people see them. Nothing queries inside.
    """

    def from_db_value(self, value: str | None, *args: Any) -> Any:
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False)


class PackVersion(models.Model):
    """One loaded pack. Written once; projects, applications and cases point to the version they started under."""

    number = models.PositiveIntegerField(_("版本号"), unique=True)
    city = models.CharField(_("城市"), max_length=80)
    checksum = models.CharField(_("校验值"), max_length=64, unique=True)
    documents = DocumentsField(_("内容"))
    loaded_at = models.DateTimeField(_("载入时间"))
    # By value, not by key: accounts stands above the pack.
    loaded_by = models.CharField(_("载入人"), max_length=80)
    is_current = models.BooleanField(_("当前版本"), default=False)

    objects = PackVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("城市配置版本")
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="citypack_one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} v{self.number}"

    @property
    def short_checksum(self) -> str:
        """Give the first 12 characters, enough for people to compare."""
        return self.checksum[:12]
