"""The accounts slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Register the accounts slice."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("账号")
