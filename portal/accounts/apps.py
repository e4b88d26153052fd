"""The accounts slice as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Register the accounts slice."""

    name = "portal.accounts"
    label = "accounts"
