"""The notices slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Register the notices slice: one menu entry in every work place."""

    name = "portal.notices"
    label = "notices"
    verbose_name = _("消息")

    def ready(self) -> None:
        import_module("portal.notices.handlers")
        from portal.core import nav
        from portal.notices import queries

        for layout in ("applicant", "window", "department", "leader", "admin"):
            nav.register(
                nav.NavItem(layout, _("消息"), "notices:inbox", 90, count=queries.unread_rows, most=queries.MANY)
            )
