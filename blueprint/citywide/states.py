"""States of the settling of a patch."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SettlingState(TextChoices):
    """A patch is given to a department, answered by it, and resolved by who gave it."""

    OPEN = "open", _("待处置")
    ANSWERED = "answered", _("已答复")
    RESOLVED = "resolved", _("已解决")


SETTLING_TRANSITIONS: Mapping[str, frozenset[str]] = {
    SettlingState.OPEN: frozenset({SettlingState.ANSWERED, SettlingState.RESOLVED}),
    SettlingState.ANSWERED: frozenset({SettlingState.OPEN, SettlingState.RESOLVED}),
    SettlingState.RESOLVED: frozenset(),
}
SETTLING_TONES = {SettlingState.OPEN: "due", SettlingState.ANSWERED: "info", SettlingState.RESOLVED: "ok"}
