"""The review slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class ReviewConfig(AppConfig):
    """Register the review slice: its reactions to news and its places in the menu."""

    name = "approvals.review"
    label = "review"
    verbose_name = _("并联审批")

    def ready(self) -> None:
        import_module("approvals.review.handlers")
        queries = import_module("approvals.review.queries")
        nav.register(nav.NavItem("department", _("待办"), "review:inbox", 10, act="case.view", count=queries.waiting))
        nav.register(nav.NavItem("department", _("经办"), "review:done", 20, act="case.view"))
        nav.register(nav.NavItem("department", _("分派"), "review:assignment", 25, act="task.assign"))
        nav.register(nav.NavItem("department", _("牵头阶段"), "review:stages", 30, act="stage.lead"))
