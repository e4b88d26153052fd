"""States of a delivery."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeliveryState(TextChoices):
    PLANNED = "planned", _("待发")
    SENT = "sent", _("已发")
    ACKNOWLEDGED = "acknowledged", _("已签收")
    FAILED = "failed", _("发送失败")
    ABANDONED = "abandoned", _("已停止重发")


DELIVERY_TRANSITIONS: dict[str, frozenset[str]] = {
    DeliveryState.PLANNED: frozenset({DeliveryState.SENT, DeliveryState.FAILED}),
    DeliveryState.SENT: frozenset({DeliveryState.ACKNOWLEDGED}),
    DeliveryState.FAILED: frozenset(
        {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.ABANDONED, DeliveryState.PLANNED}
    ),
    DeliveryState.ACKNOWLEDGED: frozenset(),
    DeliveryState.ABANDONED: frozenset({DeliveryState.PLANNED}),
}

DELIVERY_TONES = {
    DeliveryState.PLANNED: "wait",
    DeliveryState.SENT: "ok",
    DeliveryState.ACKNOWLEDGED: "done",
    DeliveryState.FAILED: "due",
    DeliveryState.ABANDONED: "late",
}


class Receiver(TextChoices):
    DEPARTMENT = "department", _("后续部门")
    APPLICANT = "applicant", _("申请人")
    ARCHIVE = "archive", _("项目档案")
