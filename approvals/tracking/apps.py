"""The tracking slice as a Django app."""

from django.apps import AppConfig


class TrackingConfig(AppConfig):
    """Register the tracking slice."""

    name = "approvals.tracking"
    label = "tracking"
