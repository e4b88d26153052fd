"""The archive slice as a Django app."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """Register the archive slice."""

    name = "projects.archive"
    label = "archive"
