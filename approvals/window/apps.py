"""The window slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WindowConfig(AppConfig):
    """Register the window slice and its menu."""

    name = "approvals.window"
    label = "window"
    verbose_name = _("综合窗口")

    def ready(self) -> None:
        """Put the clerk's work places into the menu."""
        from approvals.window import queries
        from portal.core import nav

        check, hand_out = "application.check", "result.hand_over"
        for label, name, order, act, count in (
            (_("收件"), "window:queue", 10, check, queries.waiting),
            (_("补正跟踪"), "window:correcting", 20, check, queries.correcting),
            (_("出件"), "window:handover", 30, hand_out, queries.to_hand_out),
            (_("登记纸件"), "window:paper", 40, "application.enter_paper", None),
        ):
            nav.register(nav.NavItem("window", label, name, order, act=act, count=count, most=queries.MANY))
