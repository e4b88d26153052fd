"""The ui slice as a Django app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Register the ui slice."""

    name = "portal.ui"
    label = "ui"
