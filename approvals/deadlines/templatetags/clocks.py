"""Offer a timer's ledger to templates: `{% load clocks %}`."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from approvals.deadlines import links
from approvals.deadlines.models import Timer
from portal.ui import words

register = template.Library()


@register.simple_tag
def ledger_url(timer: Timer, subject: str = "") -> str:
    """Return the address of a timer's ledger, which names its subject; only where the reader may see the timer."""
    return links.ledger_url(timer.pk, subject)


@register.simple_tag
def due(timer_id: int | None, day: date | datetime | None, provisional: bool) -> str:
    """Write a due day that opens its ledger; without a timer, the day alone. Only on pages whose reader may see it."""
    shown = f"{_('暂定')} {words.day(day)}" if provisional else words.day(day)
    if not timer_id:
        return shown
    return format_html(_link(get_language()), links.ledger_url(timer_id), shown)


@lru_cache(maxsize=len(settings.LANGUAGES) + 1)
def _link(_language: str | None) -> str:
    """Return the link without its address and its day; a list has one in every row."""
    return format_html(
        '<a class="due" href="{{}}" title="{}">{{}}<span class="vh">{}</span></a>',
        _("为什么是这天"),
        _("，为什么是这天"),
    )
