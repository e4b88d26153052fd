"""States of a report."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReportState(TextChoices):
    """A report is numbered at once and printed a moment later; then it stands for good."""

    PREPARING = "preparing", _("正在出具")
    ISSUED = "issued", _("已出具")


REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportState.PREPARING: frozenset({ReportState.ISSUED}),
    ReportState.ISSUED: frozenset(),
}
