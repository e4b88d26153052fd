"""The push slice as a Django app."""

from django.apps import AppConfig


class PushConfig(AppConfig):
    """Register the push slice."""

    name = "approvals.push"
    label = "push"
