"""The demo slice as a Django app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Register the demo slice."""

    name = "approvals.demo"
    label = "demo"
