"""The push slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class PushConfig(AppConfig):
    """Register the push slice: its reactions to news and its places in the menus."""

    name = "approvals.push"
    label = "push"
    verbose_name = _("结果推送")

    def ready(self) -> None:
        import_module("approvals.push.handlers")
        queries = import_module("approvals.push.queries")
        nav.register(
            nav.NavItem("department", _("收到的结果"), "push:received", 40, act="delivery.view", count=queries.unsigned)
        )
        nav.register(nav.NavItem("applicant", _("结果与送达"), "push:mine", 40, act="delivery.view"))
        nav.register(nav.NavItem("admin", _("推送失败"), "push:failures", 60, act="delivery.resend"))
