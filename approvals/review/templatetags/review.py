"""Words for what happened in a review: `{% load review %}`."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext_lazy as _

from portal.core.models import AuditEvent

register = template.Library()

WORDS = {
    "review.case.opened": _("办件开始"),
    "review.case.held": _("停办"),
    "review.case.resumed": _("恢复办理"),
    "review.case.decided": _("作出决定"),
    "review.case.closed": _("随申报撤回而终止"),
    "review.task.opened": _("送到环节"),
    "review.task.claimed": _("领取"),
    "review.task.handed_back": _("交回待领"),
    "review.task.assigned": _("分派"),
    "review.task.reassigned": _("改派"),
    "review.task.done": _("办结环节"),
    "review.task.cancelled": _("取消环节"),
}


@register.filter
def act_words(event: AuditEvent) -> str:
    """Say an audit event in words; one without words of its own keeps its name."""
    return str(WORDS.get(event.action, event.action))


@register.filter
def figure(value: Decimal) -> str:
    """Write a measured figure with thousands and without idle zeros."""
    return f"{value.normalize():,f}"
