"""The words by which the dashboard sorts cases: periods, where a case stands, what a list is narrowed to."""

from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.core.clock import SHANGHAI
from portal.core.workdays import ONE_DAY


class Period(TextChoices):
    """A stretch of days that ends today."""

    TODAY = "today", _("今天")
    WEEK = "week", _("本周")
    MONTH = "month", _("本月")
    YEAR = "year", _("今年")

    def first_day(self, today: date) -> date:
        """Return the day the period begins on."""
        match self:
            case Period.TODAY:
                return today
            case Period.WEEK:
                return monday_of(today)
            case Period.MONTH:
                return today.replace(day=1)
            case Period.YEAR:
                return today.replace(month=1, day=1)


class Stuck(TextChoices):
    """Where a case under way stands: a step inside its department, or outside of it."""

    HANDLER = "handler", _("承办")
    CHECKER = "checker", _("审核")
    APPROVER = "approver", _("批准")
    CORRECTION = "correction", _("补正")
    SPECIAL = "special", _("特别程序")


#: the steps at which it is the department's turn
INSIDE = (Stuck.HANDLER, Stuck.CHECKER, Stuck.APPROVER)


class Shown(TextChoices):
    """Which cases a list holds, by state."""

    RUNNING = "running", _("在办件")
    OPEN = "open", _("正在办理")
    HELD = "held", _("停办")
    DECIDED = "decided", _("已办结")
    GRANTED = "granted", _("准予")
    REJECTED = "rejected", _("不予")
    CLOSED = "closed", _("已终止")
    ALL = "all", _("全部")


class Due(TextChoices):
    """When a case falls due."""

    TODAY = "today", _("今天到期")
    WEEK = "week", _("本周到期")


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """Return the last day of a day's week."""
    return monday_of(day) + timedelta(days=6)


def midnight(day: date) -> datetime:
    """Return the moment a day begins in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def moments(first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moment the first day begins and the one the last day has ended: the second is outside."""
    return midnight(first), midnight(last + ONE_DAY)
