"""What a reviewer keeps of his inbox: sets of filters by name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A set of filters of the inbox under a person's own name for it; the fields are those of `Filters`."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("名称"), max_length=20)
    light = models.CharField(_("灯"), max_length=8, blank=True)
    stage = models.CharField(_("阶段"), max_length=16, blank=True)
    item = models.CharField(_("事项"), max_length=16, blank=True)
    region = models.CharField(_("区域"), max_length=12, blank=True)
    who = models.CharField(_("谁来办"), max_length=8)
    sort = models.CharField(_("排序"), max_length=8)
    #: what an inbox opened without any filter shows
    is_default = models.BooleanField(_("默认"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_filter_name_once"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_default=True), name="saved_filter_one_default_per_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name
