"""Register the user interface slice."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Hold no models; templates and renderers only."""

    name = "portal.ui"
    label = "ui"
    verbose_name = _("界面")
