"""The citywide slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class CitywideConfig(AppConfig):
    """Register the entry of the department's menu and the reactions to news."""

    name = "blueprint.citywide"
    label = "citywide"
    verbose_name = _("全市核查")

    def ready(self) -> None:
        import_module("blueprint.citywide.handlers")
        nav.register(nav.NavItem("department", _("全市核查"), "citywide:runs", 60, act="check.view"))
