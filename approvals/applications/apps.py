"""The applications slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """Register the applications slice."""

    name = "approvals.applications"
    label = "applications"
    verbose_name = _("申报")

    def ready(self) -> None:
        """Listen to the news of its own papers."""
        from approvals.applications import handlers  # noqa: F401
