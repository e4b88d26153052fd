"""The catalogue slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Register the catalogue's part of the pack."""

    name = "projects.catalogue"
    label = "catalogue"
    verbose_name = _("事项目录")

    def ready(self) -> None:
        from portal.core import nav
        from projects.catalogue import pack

        pack.register()
        nav.register(nav.NavItem(layout="public", label=_("办事指南"), url_name="catalogue:guides", order=10))
