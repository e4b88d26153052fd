"""Words for what happened in a review: `{% load review %}`."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.core.models import AuditEvent

register = template.Library()

WORDS = {
    "review.case.opened": _("办件开始"),
    "review.case.held": pgettext_lazy("history", "停办"),
    "review.case.resumed": _("恢复办理"),
    "review.case.decided": _("作出决定"),
    "review.case.closed": _("终止"),
    "review.case.reopened": _("重新办理"),
    "review.case.urged": _("催办"),
    "review.extension.asked": _("申请延期"),
    "review.extension.granted": _("同意延期"),
    "review.extension.refused": _("不同意延期"),
    "review.extension.lapsed": _("延期申请失效"),
    "review.hold.placed": _("停办"),
    "review.hold.released": _("结束停办"),
    "review.correction.supplied": _("申请人补正"),
    "review.correction.confirmed": _("补正核对齐全"),
    "review.correction.sent_back": _("补正退回申请人"),
    "review.commitment.signed": _("申请人签署承诺"),
    "review.decision.corrected": _("更正文字"),
    "review.decision.revoked": _("撤销决定"),
    "review.decision.reopened": _("原决定失效"),
    "review.decision.given_back": _("申请人交回决定"),
    "review.decision.lapsed": _("容缺逾期失效"),
    "review.task.opened": _("送到环节"),
    "review.task.claimed": pgettext_lazy("history", "领取"),
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
