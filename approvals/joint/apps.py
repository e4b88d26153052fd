"""The joint slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class JointConfig(AppConfig):
    """Register the joint slice: its reactions to news and its places in the menus."""

    name = "approvals.joint"
    label = "joint"
    verbose_name = _("联合办理")

    def ready(self) -> None:
        import_module("approvals.joint.handlers")
        queries = import_module("approvals.joint.queries")
        nav.register(
            nav.NavItem("department", _("征询与会商"), "joint:inbox", 25, act="consult.reply", count=queries.waiting)
        )
        nav.register(
            nav.NavItem(
                "applicant", _("验收与整改"), "joint:mine", 35, act="joint.follow", count=queries.waiting_for_applicant
            )
        )
