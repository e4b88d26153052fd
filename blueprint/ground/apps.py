"""The ground slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroundConfig(AppConfig):
    """Register the plan of the ground as a part of the pack; there are no rows."""

    name = "blueprint.ground"
    label = "ground"
    verbose_name = _("示范城市底图")

    def ready(self) -> None:
        from blueprint.ground import pack

        pack.register()
