"""The notices slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Register the notices slice."""

    name = "portal.notices"
    label = "notices"
    verbose_name = _("消息")
