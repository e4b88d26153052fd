"""Occasions in words: the line of a digest, and its title."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.reminders.models import Occasion
from portal.ui import words


def line(occasion: Occasion, names: Mapping[str, str], *, today: date) -> str:
    """Say what and when in one line.

    :param names: event -> what its date is called
    """
    return _("%(what)s：%(when)s") % {"what": occasion.title, "when": when(occasion, names, today=today)}


def when(occasion: Occasion, names: Mapping[str, str], *, today: date) -> str:
    """Say which date it is, and whether it lies ahead."""
    told = {"event": names.get(occasion.event, occasion.event), "day": words.day(occasion.on)}
    if occasion.on == today:
        return _("%(event)s %(day)s，就是今天") % told
    if occasion.on < today:
        return _("%(event)s %(day)s，已过") % told
    return _("%(event)s %(day)s") % told


def title(number: int, *, late: int) -> str:
    """Say how many things there are, and how many of them are late."""
    if not late:
        return ngettext("提醒：%(n)s 件事", "提醒：%(n)s 件事", number) % {"n": number}
    told = ngettext(
        "提醒：%(n)s 件事，其中 %(late)s 件日期已过",
        "提醒：%(n)s 件事，其中 %(late)s 件日期已过",
        number,
    )
    return told % {"n": number, "late": late}
