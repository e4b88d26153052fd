"""The notices slice as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Register the notices slice."""

    name = "portal.notices"
    label = "notices"
