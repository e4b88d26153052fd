"""The reminders slice as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    """Register the reminders slice."""

    name = "approvals.reminders"
    label = "reminders"
    verbose_name = _("提醒")
