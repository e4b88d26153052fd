"""The oneform slice as a Django app."""

from django.apps import AppConfig


class OneformConfig(AppConfig):
    """Register the oneform slice."""

    name = "approvals.oneform"
    label = "oneform"
