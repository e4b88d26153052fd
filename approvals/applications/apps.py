"""The applications slice as a Django app."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    """Register the applications slice."""

    name = "approvals.applications"
    label = "applications"
