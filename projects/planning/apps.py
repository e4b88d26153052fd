"""The planning slice as a Django app."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Register the planning slice."""

    name = "projects.planning"
    label = "planning"
