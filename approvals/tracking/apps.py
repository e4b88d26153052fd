from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core import nav


class TrackingConfig(AppConfig):
    name = "approvals.tracking"
    label = "tracking"
    verbose_name = _("项目进度")

    def ready(self) -> None:
        import_module("approvals.tracking.handlers")
        nav.register(nav.NavItem("applicant", _("我的项目"), "tracking:projects", order=10, act="project.register"))
        nav.register(nav.NavItem("public", _("项目进度"), "tracking:progress", order=20))
        nav.register(
            nav.NavItem(
                "window", pgettext_lazy("menu", "项目"), "tracking:projects", order=60, act="project.override_flow"
            )
        )
        nav.register(
            nav.NavItem("leader", pgettext_lazy("menu", "项目"), "tracking:projects", order=30, act="dashboard.view")
        )
