"""The ideas slice as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.core import nav


class IdeasConfig(AppConfig):
    """Register the section of the pack, the entry of the department's menu and the reactions to news."""

    name = "blueprint.ideas"
    label = "ideas"
    verbose_name = _("策划生成")

    def ready(self) -> None:
        from blueprint.ideas import pack, queries

        pack.register()
        import_module("blueprint.ideas.handlers")
        nav.register(
            nav.NavItem("department", _("策划生成"), "ideas:list", 55, act="idea.reply", count=queries.waiting)
        )
