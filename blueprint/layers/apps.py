"""The layers slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LayersConfig(AppConfig):
    """Register the layers' part of the pack and the public entry."""

    name = "blueprint.layers"
    label = "layers"
    verbose_name = _("一张蓝图")

    def ready(self) -> None:
        from blueprint.layers import land_use, pack
        from portal.core import nav

        pack.register()
        land_use.register()
        nav.register(
            nav.NavItem(
                layout="department", label=_("图层维护"), url_name="layers:imports", order=80, act="layers.import"
            )
        )
        nav.register(nav.NavItem(layout="public", label=_("一张蓝图"), url_name="layers:map", order=40))
        for layout in ("department", "window", "leader"):
            nav.register(nav.NavItem(layout=layout, label=_("一张蓝图"), url_name="layers:map", order=70))
