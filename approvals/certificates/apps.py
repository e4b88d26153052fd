"""The certificates slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class CertificatesConfig(AppConfig):
    """Register the certificates slice: its reactions to news and its place in the public menu."""

    name = "approvals.certificates"
    label = "certificates"
    verbose_name = _("证照与文书")

    def ready(self) -> None:
        import_module("approvals.certificates.handlers")
        nav.register(nav.NavItem("public", _("证照核验"), "certificates:enter_code", 30))
