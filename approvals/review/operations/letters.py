"""What the departments write to the applicant in the course of a case: one function per paper, composed when issued."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from approvals.applications import operations as applications
from approvals.applications.models import ApplicationNotice
from approvals.applications.operations import Letter
from approvals.applications.states import NoticeKind
from approvals.deadlines.states import SpecialKind
from approvals.review.models import Case, Decision, Hold
from approvals.review.states import DecisionState, Outcome
from portal.core import clock
from portal.core.actor import Actor
from projects.catalogue.definitions import ItemDef

#: what may be done against a decision (行政复议法第20条, 行政诉讼法第46条)
REMEDY_DAYS = "60"
P = ParamSpec("P")
T = TypeVar("T")


def official(compose: Callable[P, T]) -> Callable[P, T]:
    """Compose an official text in the language of the authority, whatever language its author reads."""

    @wraps(compose)
    def composed(*args: P.args, **kwargs: P.kwargs) -> T:
        with translation.override(settings.LANGUAGE_CODE):
            return compose(*args, **kwargs)

    return composed


def issue(kind: NoticeKind, case: Case, letter: Letter, *, actor: Actor, at: datetime) -> ApplicationNotice:
    """Issue a letter about one case in the name of its department."""
    return applications.issue_letter(
        case.application,
        kind=kind,
        letter=letter,
        department=case.department_id,
        case_id=case.pk,
        case=case.number,
        item=case.service_item.name,
        actor=actor,
        at=at,
    )


@official
def day(of: date | datetime) -> str:
    """Write a day as documents do, in full."""
    found = clock.day_of(of) if isinstance(of, datetime) else of
    return _("%(year)d年%(month)d月%(day)d日") % {"year": found.year, "month": found.month, "day": found.day}


@official
def remedy() -> str:
    """Tell what can be done against a decision."""
    return _(
        "如对本决定不服，可以自收到之日起%(days)s日内依法申请行政复议，或者自收到之日起六个月内依法提起行政诉讼。"
    ) % {"days": REMEDY_DAYS}


@official
def special(hold: Hold, *, ends_on: date, due_on: date | None, document: str) -> Letter:
    """Tell in writing what time a special procedure will take (行政许可法第45条)."""
    name = SpecialKind(hold.kind).label
    rows = [
        (_("特别程序"), str(name)),
        (_("事由"), hold.reason),
        (
            _("所需时间"),
            _("%(days)d 个工作日，预计 %(day)s 结束") % {"days": hold.expected_days or 0, "day": day(ends_on)},
        ),
    ]
    if hold.basis:
        rows.append((_("适用依据"), hold.basis))
    if document:
        rows.append((_("所附文件"), document))
    box = [_("自 %(day)s 起，特别程序所需时间不计入办理期限。") % {"day": day(hold.opened_at)}]
    if due_on is not None:
        box.append(_("如按期结束，办理期限顺延至 %(day)s（暂定）。结束时另行书面告知。") % {"day": day(due_on)})
    return Letter(
        summary=_("%(name)s：预计 %(days)d 个工作日，期间不计入办理期限。")
        % {"name": name, "days": hold.expected_days or 0},
        paragraphs=(
            _("在审查中，依法需要进行下列特别程序。根据《中华人民共和国行政许可法》第四十五条，现将所需时间书面告知："),
        ),
        rows=tuple(rows),
        box=tuple(box),
        basis=_("《中华人民共和国行政许可法》第四十五条"),
    )


@official
def special_ended(hold: Hold, *, due_on: date | None) -> Letter:
    """Tell that a special procedure is over and from when the limit runs again."""
    name = SpecialKind(hold.kind).label
    ended = hold.released_at or hold.opened_at
    box = [_("办理期限自 %(day)s 的次日起继续计算。") % {"day": day(ended)}]
    if due_on is not None:
        box.append(_("现办理期限至 %(day)s。") % {"day": day(due_on)})
    return Letter(
        summary=_("%(name)s已结束，办理期限继续计算。") % {"name": name},
        paragraphs=(
            _("%(start)s 开始的%(name)s（%(reason)s）已于 %(end)s 结束。")
            % {"start": day(hold.opened_at), "name": name, "reason": hold.reason, "end": day(ended)},
        ),
        box=tuple(box),
        basis=_("《中华人民共和国行政许可法》第四十五条"),
    )


@official
def correction(points: Iterable[tuple[str, str]], *, due_on: date, stops: bool) -> Letter:
    """List once and completely what is to be mended after acceptance."""
    rows = [[label, problem] for label, problem in points]
    pause = (
        _("补正期间不计入承诺办理期限；法定期限不因补正停止计算。")
        if stops
        else _("补正期间办理期限不停止计算，请尽早补正。")
    )
    return Letter(
        summary=_("有 %(count)d 处需要补正，请在 %(day)s 前一次补齐。") % {"count": len(rows), "day": day(due_on)},
        paragraphs=(_("受理后审查发现下列内容需要补正，现一次性书面告知，今后不再就已审查的内容提出新的补正要求："),),
        table={"head": [_("材料或内容"), _("问题")], "rows": rows},
        box=(_("请在 %(day)s 前补齐。") % {"day": day(due_on)}, pause),
        basis=_("《中华人民共和国行政许可法》第三十一条、第三十四条和本市并联审批办法"),
    )


@official
def extension(*, days: int, reason: str, due_on: date | None, unit: str) -> Letter:
    """Tell the reason of an extension (行政许可法第42条)."""
    box = [_("办理期限延长 %(days)d 个%(unit)s。") % {"days": days, "unit": unit}]
    if due_on is not None:
        box.append(_("延长后的办理期限至 %(day)s。") % {"day": day(due_on)})
    return Letter(
        summary=_("办理期限延长 %(days)d 个%(unit)s：%(reason)s") % {"days": days, "unit": unit, "reason": reason},
        paragraphs=(_("该办件在规定期限内不能作出决定，经本机关负责人批准，决定延长办理期限。"),),
        rows=((_("延长理由"), reason),),
        box=tuple(box),
        basis=_("《中华人民共和国行政许可法》第四十二条"),
    )


@official
def tolerance(decision: Decision, names: Sequence[str], *, due_on: date) -> Letter:
    """Tell what was let come later, until when, and what follows when it does not come."""
    return Letter(
        summary=_("已容缺准予，请在 %(day)s 前补齐 %(count)d 份材料。") % {"day": day(due_on), "count": len(names)},
        paragraphs=(
            _("本机关已对该办件作出容缺准予决定（文号 %(number)s）。下列材料允许在约定期限内补齐：")
            % {"number": decision.number},
        ),
        table={"head": [_("待补材料")], "rows": [[name] for name in names]},
        box=(
            _("补齐期限：%(day)s。") % {"day": day(due_on)},
            _("逾期未补齐的，本决定自期限届满次日起失效，证照予以注销；补齐条件后可以重新申请。"),
        ),
        basis=_("本市容缺受理办法"),
    )


@official
def commitment_notice(case: Case, item: ItemDef, *, check_days: int, signed: bool) -> Letter:
    """Tell what is promised by a commitment, by which rule, and what follows when it is not kept.

    :param signed: the promise has been made; without it, it is what the applicant reads before he makes it
    """
    return Letter(
        summary=_("已收到告知承诺书，可以当场作出决定。"),
        paragraphs=(
            _("该事项实行告知承诺制。你单位已书面承诺符合下列要求，本机关据此可以当场作出决定：")
            if signed
            else _("该事项实行告知承诺制。你单位书面承诺符合下列要求的，本机关可以当场作出决定："),
            _("一、符合“%(item)s”的全部办理条件和技术标准；二、所填信息和所交材料真实、有效；三、接受并配合事后核查。")
            % {"item": case.service_item.name},
        ),
        rows=((_("设定依据"), item.legal_basis),) if item.legal_basis else (),
        table={"head": [_("应当符合、事后核查的要求")], "rows": [[point.label] for point in item.check_points]}
        if item.check_points
        else None,
        box=(
            _("本机关在决定后 %(days)d 个工作日内核查承诺是否属实。") % {"days": check_days},
            _("承诺不实的，限期整改；逾期不整改或者整改后仍不符合条件的，撤销决定，并记入信用记录。"),
        ),
        basis=_("国务院关于全面推行证明事项和涉企经营许可事项告知承诺制的规定"),
        remedy=_("不愿承诺的，可以按一般程序办理。"),
    )


@official
def rectification(*, remark: str, by: date, number: str) -> Letter:
    """Order to put right what the check of a commitment found."""
    return Letter(
        summary=_("承诺核查发现问题，请在 %(day)s 前整改。") % {"day": day(by)},
        paragraphs=(
            _("本机关对你单位取得 %(number)s 时所作的承诺进行了核查，发现不符合承诺，现责令限期整改。")
            % {"number": number},
        ),
        rows=((_("存在问题"), remark),),
        box=(
            _("整改期限：%(day)s。") % {"day": day(by)},
            _("逾期不整改或者整改后仍不符合条件的，依法撤销决定。"),
        ),
        basis=_("国务院关于全面推行证明事项和涉企经营许可事项告知承诺制的规定"),
    )


@official
def revocation(decision: Decision, *, reason: str, basis: str) -> Letter:
    """Tell that the authority takes a decision back (行政许可法第69条)."""
    return Letter(
        summary=_("%(title)s（%(number)s）已撤销。") % {"title": decision.title, "number": decision.number},
        paragraphs=(
            _("经查，现决定撤销 %(day)s 作出的《%(title)s》（文号 %(number)s），其效力自本决定作出之日起终止。")
            % {"day": day(decision.decided_at), "title": decision.title, "number": decision.number},
        ),
        rows=((_("理由"), reason), (_("依据"), basis)),
        basis=basis,
        remedy=remedy(),
    )


@official
def lapse(decision: Decision, missing: Sequence[str], *, due_on: date) -> Letter:
    """Tell that a grant has lapsed because the deferred material did not come."""
    return Letter(
        summary=_("容缺材料逾期未补齐，%(title)s（%(number)s）已失效。")
        % {"title": decision.title, "number": decision.number},
        paragraphs=(
            _("《%(title)s》（文号 %(number)s）容缺准予时约定于 %(day)s 前补齐下列材料，逾期未补齐，该决定已经失效：")
            % {"title": decision.title, "number": decision.number, "day": day(due_on)},
        ),
        table={"head": [_("未补齐的材料")], "rows": [[name] for name in missing]},
        box=(_("备齐材料后可以重新申请该事项，已交的材料可以直接选用。"),),
        basis=_("本市容缺受理办法"),
        remedy=remedy(),
    )


@official
def reopening(decision: Decision, *, reason: str) -> Letter:
    """Tell that the authority takes a decided case up again."""
    return Letter(
        summary=_("%(title)s（%(number)s）已由本机关重新办理。") % {"title": decision.title, "number": decision.number},
        paragraphs=(
            _("本机关决定对该办件重新办理。%(day)s 作出的《%(title)s》（文号 %(number)s）不再有效，以新的决定为准。")
            % {"day": day(decision.decided_at), "title": decision.title, "number": decision.number},
        ),
        rows=((_("理由"), reason),),
        remedy=remedy(),
    )


@official
def comments(decisions: Sequence[Decision], *, stage: str) -> Letter:
    """Gather what every department of a stage has decided and said into one paper."""
    granted = sum(decision.outcome == Outcome.GRANTED for decision in decisions)
    rows = [
        [
            decision.case.department.name,
            decision.case.service_item.name,
            _("%(outcome)s（%(number)s）") % {"outcome": _outcome(decision), "number": decision.number},
            decision.reason or "—",
        ]
        for decision in decisions
    ]
    return Letter(
        summary=_("%(stage)s各部门意见已汇总：%(count)d 个事项，准予 %(granted)d 个。")
        % {"stage": stage, "count": len(rows), "granted": granted},
        paragraphs=(_("本阶段各部门的决定和意见已经作出，现一次性汇总告知："),),
        table={"head": [_("部门"), _("事项"), _("结果"), _("意见")], "rows": rows},
        remedy=remedy() if granted < len(rows) else "",
    )


def _outcome(decision: Decision) -> str:
    if decision.state not in (DecisionState.IN_FORCE, DecisionState.CORRECTED):
        return str(DecisionState(decision.state).label)
    return str(Outcome(decision.outcome).label)
