"""The supervision slice as a Django app."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Register the supervision slice."""

    name = "approvals.supervision"
    label = "supervision"
