"""The deadlines slice as a Django app."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Register the deadlines slice."""

    name = "approvals.deadlines"
    label = "deadlines"

    def ready(self) -> None:
        """Listen to new calendars."""
        from approvals.deadlines import handlers  # noqa: F401
