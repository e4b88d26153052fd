"""The citypack slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitypackConfig(AppConfig):
    """Register the sections of the pack that no slice above owns."""

    name = "portal.citypack"
    label = "citypack"
    verbose_name = _("城市配置")

    def ready(self) -> None:
        from portal.citypack import sections
        from portal.core import nav

        sections.register()
        nav.register(
            nav.NavItem(layout="admin", label=_("城市配置"), url_name="citypack:versions", order=30, act="pack.view")
        )
