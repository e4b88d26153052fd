"""The siting slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitingConfig(AppConfig):
    """Name the slice."""

    name = "blueprint.siting"
    label = "siting"
    verbose_name = _("项目选址")

    def ready(self) -> None:
        from blueprint.siting import pack

        pack.register()
