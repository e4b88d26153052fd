"""The checks slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    """Name the slice."""

    name = "blueprint.checks"
    label = "checks"
    verbose_name = _("蓝图核查")

    def ready(self) -> None:
        from blueprint.checks import handlers, pack  # noqa: F401

        pack.register()
