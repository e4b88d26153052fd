"""The window slice as a Django app."""

from django.apps import AppConfig


class WindowConfig(AppConfig):
    """Register the window slice."""

    name = "approvals.window"
    label = "window"
