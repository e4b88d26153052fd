"""The catalogue slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Register the catalogue's part of the pack."""

    name = "projects.catalogue"
    label = "catalogue"
    verbose_name = _("事项目录")

    def ready(self) -> None:
        from projects.catalogue import pack

        pack.register()
