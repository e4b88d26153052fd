"""The accounts slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Register the accounts slice: its part of the pack, its pages, its checks."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        from portal.accounts import checks, pack
        from portal.citypack import registry
        from portal.core import nav

        registry.register("accounts", reads=("departments", "roles"), apply=pack.apply)
        checks.register()
        nav.register(nav.NavItem("applicant", _("本单位人员"), "accounts:members", 80, "members.manage"))
        nav.register(nav.NavItem("department", _("不在岗"), "accounts:absence", 70, "absence.own"))
        nav.register(nav.NavItem("admin", _("用户和角色"), "accounts:people", 10, "people.manage"))
        nav.register(nav.NavItem("admin", _("角色和权限"), "accounts:roles", 20, "security.manage"))
        nav.register(nav.NavItem("admin", _("审计记录"), "accounts:audit", 30, "audit.view"))
