"""Offer a timer's ledger to templates: `{% load clocks %}`."""

from django import template

from approvals.deadlines import links
from approvals.deadlines.models import Timer

register = template.Library()


@register.simple_tag
def ledger_url(timer: Timer) -> str:
    """Return the address of a timer's ledger; only on pages whose reader may see the timer."""
    return links.ledger_url(timer.pk)
