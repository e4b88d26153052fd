"""The words of the clock: events, kinds, lights, holders, calibres."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventType(TextChoices):
    """What may happen to a timer."""

    SUBMITTED = "submitted", _("网上提交")
    RECEIVED = "received", _("窗口收件")
    CORRECTION_REQUESTED = "correction_requested", _("通知补正")
    CORRECTION_SUPPLIED = "correction_supplied", _("补正完成")
    ACCEPTED = "accepted", _("受理")
    SPECIAL_STARTED = "special_started", _("特别程序开始")
    SPECIAL_ENDED = "special_ended", _("特别程序结束")
    EXTENDED = "extended", _("延期")
    DECIDED = "decided", _("办结")
    WITHDRAWN = "withdrawn", _("撤回")
    DELIVERED = "delivered", _("送达")


class SpecialKind(TextChoices):
    """Special procedures whose time does not count (行政许可法第45条)."""

    EXPERT = "expert", _("专家评审")
    PUBLICITY = "publicity", _("公示公告")
    HEARING = "hearing", _("听证")
    SITE = "site", _("现场勘验")
    SUPERIOR = "superior", _("报上级审查")
    TEST = "test", _("检验检测")
    BID = "bid", _("招标拍卖")
    OTHER = "other", _("其他特别程序")


class Outcome(TextChoices):
    """How a decision went; `refused` is 不受理 or 不予受理, before acceptance."""

    APPROVED = "approved", _("通过")
    APPROVED_TOLERANT = "approved_tolerant", _("容缺通过")
    DENIED = "denied", _("不予许可")
    REFUSED = "refused", _("不予受理")


class Unit(TextChoices):
    """The day in which C1, C2, C9 and their limits are counted."""

    WORKING = "working", _("工作日")
    CALENDAR = "calendar", _("日历日")


class Calibre(TextChoices):
    """The ways to count that one timer answers; C7 and C8 belong to stages and projects."""

    C1 = "C1", _("法定时限口径")
    C2 = "C2", _("承诺时限口径")
    C3 = "C3", _("部门用时")
    C4 = "C4", _("申请人用时")
    C5 = "C5", _("第三方用时")
    C6 = "C6", _("跨度用时")
    C9 = "C9", _("国标口径")


class Holder(TextChoices):
    """Whose day it is."""

    DEPT = "dept", _("部门")
    APPLICANT = "applicant", _("申请人")
    THIRD = "third", _("第三方")


class Light(TextChoices):
    """Where a timer stands by the promised limit (C2)."""

    BLUE = "blue", _("待受理")
    GREEN = "green", _("正常")
    YELLOW = "yellow", _("临期")
    RED = "red", _("超期")
    GREY = "grey", _("停计")


class TimerState(TextChoices):
    """What can still happen to a timer; derived from its events."""

    WAITING = "waiting", _("待受理")
    RUNNING = "running", _("计时中")
    PAUSED = "paused", _("停计")
    STOPPED = "stopped", _("已停表")


#: the calibres that have a limit of their own or a rule of their own about corrections
LIMITED = (Calibre.C1, Calibre.C2)
COUNTED = (Calibre.C1, Calibre.C2, Calibre.C9)
