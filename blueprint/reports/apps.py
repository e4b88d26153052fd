"""The reports slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    """Register the reports' rules for the pack and their reactions to news."""

    name = "blueprint.reports"
    label = "reports"
    verbose_name = _("核查报告")

    def ready(self) -> None:
        from blueprint.reports import pack

        pack.register()
        import_module("blueprint.reports.handlers")
