"""What may go wrong in joint work, each with the way out."""

from django.utils.translation import gettext_lazy as _

from portal.core.errors import Conflict


class Ended(Conflict):
    """The consultation or session is over."""

    code = "joint_ended"
    message = _("这件事已经结束，不能再办。请刷新页面看结果。")


class AlreadyRunning(Conflict):
    """A session of this kind is running for the stage."""

    code = "session_running"
    message = _("这个阶段已有一场同类的联合办理没有结束。请在那一场里继续，或先取消它。")


class OpenPoints(Conflict):
    """Mandatory points are not mended."""

    code = "open_points"
    message = _("还有强制整改的问题没有消除，不能出具通过的结论。")


class RoundsLeft(Conflict):
    """A re-check is still due to the applicant."""

    code = "rounds_left"
    message = _("申请人还有复验的机会。请先发出问题清单，复验后仍不合格的，再出具不通过的结论。")


class NoRoundsLeft(Conflict):
    """All re-checks were used."""

    code = "no_rounds_left"
    message = _("复验次数已用完，不能再要求整改。请出具结论。")


class OpinionsMissing(Conflict):
    """A participant owes its opinion."""

    code = "opinions_missing"
    message = _("还有部门没有出具意见。请催办，或等期限届满按规则处理。")


class NotMendedYet(Conflict):
    """The applicant still has time to mend."""

    code = "not_mended_yet"
    message = _("还有强制问题没有报告整改，整改期限也没有到。到期后或全部报告后再复验。")


class NotJudgedYet(Conflict):
    """A reported point waits for its department."""

    code = "not_judged_yet"
    message = _("还有已报整改的问题没有复验。请提出问题的部门先逐条复验。")


class ListClosed(Conflict):
    """The one list was told; nothing is added to it."""

    code = "list_closed"
    message = _("问题清单已一次性告知，不能再增加。只能复验清单上的问题。")


class NothingToMend(Conflict):
    """There is no open point."""

    code = "nothing_to_mend"
    message = _("清单上没有待整改的问题，不用发整改通知。可以直接出具结论。")


class TooEarly(Conflict):
    """The meeting lies ahead."""

    code = "too_early"
    message = _("还没到约定的日期。到当天再签到或记录。")
