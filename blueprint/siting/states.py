"""How a boundary came."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteOrigin(models.TextChoices):
    """The way a version of a site was entered."""

    DRAWN = "drawn", _("图上绘制")
    TYPED = "typed", _("界址点表")
    UPLOADED = "uploaded", _("上传文件")
