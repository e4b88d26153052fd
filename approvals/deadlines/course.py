"""Which event may follow which: the course of one timer, checked event by event. Pure.

Law: 行政许可法第32条 (an unanswered receipt counts as accepted), 第45条 (special procedures only within a
review), 第42条 (extension only within a review).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.deadlines.events import Event, Terms
from approvals.deadlines.states import EventType, Outcome

FIRST_TYPES = frozenset({EventType.SUBMITTED, EventType.RECEIVED})
#: what makes sense only within a review
REVIEW_TYPES = frozenset({EventType.SPECIAL_STARTED, EventType.EXTENDED, EventType.DECIDED})


class Reason(StrEnum):
    """Why an input or an event cannot be taken."""

    BAD_INPUT = "bad_input"
    BAD_FIELD = "bad_field"
    BAD_EVENT = "bad_event"
    UNKNOWN_TYPE = "unknown_type"
    NAIVE_DATETIME = "naive_datetime"
    BAD_DATETIME = "bad_datetime"
    OUT_OF_ORDER = "out_of_order"
    BAD_KIND = "bad_kind"
    BAD_DAYS = "bad_days"
    AFTER_END = "after_end"
    NOT_RECEIVED = "not_received"
    ALREADY_ACCEPTED = "already_accepted"
    NOT_ACCEPTED = "not_accepted"
    END_WITHOUT_START = "end_without_start"
    NOT_DECIDED = "not_decided"


MESSAGES: dict[Reason, Promise] = {
    Reason.BAD_INPUT: _("输入不是 JSON 对象。请按时钟约定给出一个对象，或对象的列表。"),
    Reason.BAD_FIELD: _("字段缺失、类型不对或超出范围。请对照时钟约定填写。"),
    Reason.BAD_EVENT: _("事件应为一个对象。请写明 type 和 at。"),
    Reason.UNKNOWN_TYPE: _("没有这种事件。请对照事件类型表填写 type。"),
    Reason.NAIVE_DATETIME: _("时间没有时区。请补上 Z 或 +08:00。"),
    Reason.BAD_DATETIME: _("时间写得不对，或不在 2000 至 2099 年内。请写成 2026-04-01T09:00:00+08:00 的样子。"),
    Reason.OUT_OF_ORDER: _("这件事早于前一件事。请按发生的先后排列。"),
    Reason.BAD_KIND: _("没有这种类别。请从类别表里选。"),
    Reason.BAD_DAYS: _("天数应为 1 至 3650 的整数。请改正。"),
    Reason.AFTER_END: _("已经办结或撤回，时钟已停。如需再办，请重新申请。"),
    Reason.NOT_RECEIVED: _("还没有收件。请先登记提交或收件。"),
    Reason.ALREADY_ACCEPTED: _("已经受理（包括逾期未答复视为受理），不能再受理或不予受理。请继续审查。"),
    Reason.NOT_ACCEPTED: _("还没有受理。请先受理，再办这一步。"),
    Reason.END_WITHOUT_START: _("没有正在进行的补正或同类特别程序。请核对类别和开始记录。"),
    Reason.NOT_DECIDED: _("还没有作出决定，不能送达。请先办结。"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong with an input.

    :param index: of the event, None for a field or the whole input
    :param field: of the input, empty for an event
    """

    reason: Reason
    index: int | None = None
    field: str = ""

    @property
    def message(self) -> Promise:
        """Return what to do about it."""
        return MESSAGES[self.reason]


class Course:
    """What has happened so far, as far as it decides what may happen next."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._latest: datetime | None = None
        self._notice_ends_on: date | None = None
        self._accepted = False
        self._correction_in_time = False
        self._corrections = 0
        self._specials: Counter[str] = Counter()
        self._decided = False
        self._withdrawn = False

    def is_out_of_order(self, at: datetime) -> bool:
        """Tell whether a moment lies before the latest event; equal moments keep their order."""
        return self._latest is not None and at < self._latest

    def refuse(self, event: Event) -> Reason | None:
        """Return why the event cannot follow, or None when it can."""
        if self._withdrawn or (self._decided and event.type is not EventType.DELIVERED):
            return Reason.AFTER_END
        if self._notice_ends_on is None:
            return None if event.type in FIRST_TYPES else Reason.NOT_RECEIVED
        return self._refuse_by_type(event)

    def take(self, event: Event) -> None:
        """Let the event have happened."""
        self._latest = event.at
        if self._notice_ends_on is None:
            self._notice_ends_on = self._terms.notice_ends_on(self._terms.received_on(event))
        match event.type:
            case EventType.ACCEPTED:
                self._accepted = True
            case EventType.CORRECTION_REQUESTED:
                self._corrections += 1
                self._correction_in_time |= event.day <= self._notice_ends_on
            case EventType.CORRECTION_SUPPLIED:
                self._corrections -= 1
            case EventType.SPECIAL_STARTED:
                self._specials[event.kind] += 1
            case EventType.SPECIAL_ENDED:
                self._specials[event.kind] -= 1
            case EventType.DECIDED:
                self._decided = True
            case EventType.WITHDRAWN:
                self._withdrawn = True

    def is_accepted_by(self, day: date) -> bool:
        """Tell whether a review runs on a day: accepted, or deemed so because nobody answered in time."""
        return self._accepted or (
            self._notice_ends_on is not None and day > self._notice_ends_on and not self._correction_in_time
        )

    def _refuse_by_type(self, event: Event) -> Reason | None:
        refused = event.type is EventType.DECIDED and event.kind == Outcome.REFUSED
        if event.type is EventType.ACCEPTED and self._accepted:
            return Reason.ALREADY_ACCEPTED
        if refused and self.is_accepted_by(event.day):
            return Reason.ALREADY_ACCEPTED
        if event.type in REVIEW_TYPES and not refused and not self.is_accepted_by(event.day):
            return Reason.NOT_ACCEPTED
        if event.type is EventType.CORRECTION_SUPPLIED and not self._corrections:
            return Reason.END_WITHOUT_START
        if event.type is EventType.SPECIAL_ENDED and not self._specials[event.kind]:
            return Reason.END_WITHOUT_START
        if event.type is EventType.DELIVERED and not self._decided:
            return Reason.NOT_DECIDED
        return None


def first_fault(terms: Terms, events: Iterable[Event]) -> Fault | None:
    """Return the first event of a list that cannot follow those before it."""
    course = Course(terms)
    for index, event in enumerate(events):
        reason = Reason.OUT_OF_ORDER if course.is_out_of_order(event.at) else course.refuse(event)
        if reason is not None:
            return Fault(reason, index)
        course.take(event)
    return None
