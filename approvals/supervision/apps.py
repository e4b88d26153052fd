"""The supervision slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class SupervisionConfig(AppConfig):
    """Register the supervision slice in the menus of who may see a dashboard."""

    name = "approvals.supervision"
    label = "supervision"
    verbose_name = _("效能监督")

    def ready(self) -> None:
        policies = import_module("approvals.supervision.policies")
        act = policies.VIEW
        nav.register(nav.NavItem("leader", _("看板"), "supervision:dashboard", order=10, act=act))
        nav.register(nav.NavItem("leader", _("超期件"), "supervision:late", order=20, act=act, count=policies.late))
        nav.register(nav.NavItem("leader", _("停滞项目"), "supervision:stalled", order=40, act=act))
        nav.register(nav.NavItem("department", _("看板"), "supervision:dashboard", order=60, act=act))
