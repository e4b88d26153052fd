"""The clock as pictures for pages: the clock bar, and the whole ledger page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.deadlines import ledger, links, queries
from approvals.deadlines.arithmetic import Explanation, Span
from approvals.deadlines.models import Timer
from approvals.deadlines.states import Calibre, EventType, Holder, Light, Outcome, SpecialKind, Unit
from portal.core.workdays import ONE_DAY
from portal.ui import words
from portal.ui.clockbar import Cell, ClockBar, Kind, Mark

#: a bar that has the whole page
PAGE_PX = 1150

LAW = {
    Calibre.C1: gettext_lazy("行政许可法第42、45、82条：受理至决定，扣除特别程序"),
    Calibre.C2: gettext_lazy("对外承诺：法定口径，再扣除受理后补正；灯色按此计算"),
    Calibre.C3: gettext_lazy("收件至决定，在部门手里的工作日"),
    Calibre.C4: gettext_lazy("收件至决定，等申请人补正的工作日"),
    Calibre.C5: gettext_lazy("收件至决定，特别程序占用的工作日"),
    Calibre.C6: gettext_lazy("首次提交至决定，日历日，不作任何扣除"),
    Calibre.C9: gettext_lazy("上报口径：受理至决定，扣除特别程序和受理后补正"),
}


@dataclass(frozen=True, slots=True)
class CalibreRow:
    """One way to count, as the ledger page lists it."""

    calibre: Calibre
    name: str
    used: int
    unit: str
    limit: int | None
    due_on: date | None
    law: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event, with both its times; `backdated` when it was recorded on a later day."""

    name: str
    detail: str
    happened_at: datetime
    recorded_at: datetime
    backdated: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day with the running totals of C1 and C2."""

    day: ledger.Row
    holder: str
    totals: tuple[tuple[str, bool, int], ...]
    """Calibre, whether the day counts in it, and its days so far."""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Everything the ledger page says."""

    told: Explanation
    light: queries.LightWords
    bar: ClockBar
    calibres: tuple[CalibreRow, ...]
    days: tuple[DayRow, ...]
    events: tuple[EventRow, ...]
    unit: str


def clock_bar(
    timer: Timer, as_of: date, *, explained: bool = True, width_px: int = PAGE_PX, subject: str = ""
) -> ClockBar | None:
    """Draw a timer at the end of a day; None before anything has happened. One query, for the events.

    :param explained: whether the bar carries the link to the ledger; only where the reader may see the timer
    :param width_px: how wide the bar is on the page; it decides which words fit beside each other
    :param subject: whose clock it is; the ledger says so
    """
    told = queries.explain(timer, as_of)
    if told is None:
        return None
    return _bar(timer, told, as_of, explained=explained, width_px=width_px, subject=subject)


def bar_of(timer: Timer, told: Explanation, as_of: date) -> ClockBar:
    """Draw what an explanation tells, without the link to the ledger."""
    return _bar(timer, told, as_of, explained=False)


def ledger_page(timer: Timer, as_of: date) -> LedgerPage | None:
    """Return what the ledger page shows; None before anything has happened."""
    told = queries.explain(timer, as_of)
    if told is None:
        return None
    return LedgerPage(
        told=told,
        light=queries.light_words(timer, as_of),
        bar=_bar(timer, told, as_of, explained=False),
        calibres=tuple(_calibres(told)),
        days=tuple(_days(told)),
        events=tuple(_events(timer, as_of)),
        unit=str(told.terms.unit.label),
    )


def _bar(
    timer: Timer, told: Explanation, as_of: date, *, explained: bool, width_px: int = PAGE_PX, subject: str = ""
) -> ClockBar:
    return ClockBar(
        cells=tuple(_cells(told)),
        marks=tuple(sorted(_marks(told, as_of), key=lambda mark: mark.on)),
        sentence=_sentence(timer, told, as_of),
        explain_url=links.ledger_url(timer.pk, subject) if explained else "",
        provisional=told.provisional,
        width_px=width_px,
    )


def _cells(told: Explanation) -> Iterator[Cell]:
    due = told.due_on[Calibre.C2]
    resting = told.terms.unit is Unit.WORKING
    works = told.terms.calendar.is_workday
    yield Cell(told.received_on, Kind.BEFORE)
    for row in ledger.rows(told):
        if resting and not row.working:
            kind = Kind.REST
        elif row.holder is Holder.THIRD:
            kind = Kind.PAUSED
        elif row.holder is Holder.APPLICANT:
            kind = Kind.CORRECTION
        elif told.accepted_on is None or row.date <= told.accepted_on:
            kind = Kind.BEFORE
        else:
            kind = Kind.LATE if due is not None and row.date > due else Kind.RUNNING
        yield Cell(row.date, kind)
    day = max(told.last, told.received_on) + ONE_DAY
    while told.ended_on is None and due is not None and day <= due:
        yield Cell(day, Kind.REST if resting and not works(day) else Kind.LEFT)
        day += ONE_DAY


def _marks(told: Explanation, as_of: date) -> Iterator[Mark]:
    if told.accepted_on == told.received_on:
        yield Mark(told.received_on, _("视为受理") if told.deemed_accepted else _("收件即受理"))
    else:
        yield Mark(told.received_on, _("收件"))
        if told.accepted_on is not None:
            yield Mark(told.accepted_on, _("受理"))
    for label, start, end in _pauses(told.spans):
        yield Mark(start, label, until=end)
    due = told.due_on[Calibre.C2]
    if told.ended_on is not None:
        yield Mark(told.ended_on, _("办结"))
    else:
        yield Mark(as_of, _("今天"), now=True, dated=False)
        if due is not None:
            # a day that has passed is certain, whatever stands still now
            yield Mark(due, _("暂定到期") if told.provisional and due >= as_of else _("到期"))


def _pauses(spans: Sequence[Span]) -> Iterator[tuple[str, date, date]]:
    """Join the spans of one pause: what stood open, from when, until when."""
    for (specials, correction), group in groupby(spans, key=lambda span: (span.specials, span.correction)):
        joined = list(group)
        if specials:
            label = _("、").join(str(SpecialKind(kind).label) for kind in dict.fromkeys(specials))
        elif correction:
            label = _("补正")
        else:
            continue
        yield label, joined[0].start, joined[-1].end


def _sentence(timer: Timer, told: Explanation, as_of: date) -> str:
    if told.accepted_on is None:
        if told.ended_on is not None:
            return format_html(_("受理前已于 <b>{day}</b> 结束。"), day=words.day(told.ended_on))
        if timer.clock_from is None:
            return format_html(_("<b>{day}</b> 收件，尚未受理。"), day=words.day(told.received_on))
        return format_html(
            _("<b>{day}</b> 收件，尚未受理；<b>{until}</b> 前不答复，自收件之日起即为受理。"),
            day=words.day(told.received_on),
            until=words.day(told.notice_ends_on),
        )
    limit = format_html(
        _("承诺时限 <b>{limit}</b> 个工作日，已用 <b>{used}</b>")
        if told.terms.unit is Unit.WORKING
        else _("承诺时限 <b>{limit}</b> 天（日历日），已用 <b>{used}</b>"),
        limit=told.limits[Calibre.C2],
        used=told.used[Calibre.C2],
    )
    due = told.due_on[Calibre.C2]
    if told.ended_on is not None:
        return format_html(_("{limit}，<b>{day}</b> 办结。"), limit=limit, day=words.day(told.ended_on))
    if told.suspended and told.light is Light.RED:
        return format_html(
            _("{limit}，<b>{day}</b> 已到期，{light}；现在停计：{reason}。"),
            limit=limit,
            day=words.day(due),
            light=queries.light_words(timer, as_of).words,
            reason=queries.pause_reason(timer),
        )
    if told.suspended:
        return format_html(
            _("{limit}，停计：{reason}；如今天恢复，<b>{day}</b> 到期。"),
            limit=limit,
            reason=queries.pause_reason(timer),
            day=words.day(due),
        )
    if due is not None and due < as_of:
        return format_html(
            _("{limit}，<b>{day}</b> 已到期，{light}。"),
            limit=limit,
            day=words.day(due),
            light=queries.light_words(timer, as_of).words,
        )
    if told.provisional:
        return format_html(_("{limit}，暂定 <b>{day}</b> 到期。"), limit=limit, day=words.day(due))
    return format_html(_("{limit}，<b>{day}</b> 到期。"), limit=limit, day=words.day(due))


def _calibres(told: Explanation) -> Iterator[CalibreRow]:
    unit = str(told.terms.unit.label)
    for calibre in Calibre:
        own = calibre in (Calibre.C1, Calibre.C2, Calibre.C9)
        yield CalibreRow(
            calibre=calibre,
            name=str(calibre.label),
            used=told.used[calibre],
            unit=unit if own else str((Unit.CALENDAR if calibre is Calibre.C6 else Unit.WORKING).label),
            limit=told.limits.get(calibre),
            due_on=told.due_on.get(calibre),
            law=str(LAW[calibre]),
        )


def _days(told: Explanation) -> Iterator[DayRow]:
    totals = dict.fromkeys((Calibre.C1, Calibre.C2, Calibre.C9), 0)
    for row in ledger.rows(told):
        for calibre in row.counts:
            totals[calibre] += 1
        yield DayRow(
            row,
            str(row.holder.label),
            tuple((str(calibre.label), calibre in row.counts, totals[calibre]) for calibre in totals),
        )


def _events(timer: Timer, as_of: date) -> Iterator[EventRow]:
    for row in timer.events.order_by("happened_at", "seq"):
        event = queries.event_of(row)
        if event.day > as_of:
            return
        detail = _("已视为受理，不移动起算日") if timer.is_deemed and event.type is EventType.ACCEPTED else ""
        if event.type is EventType.DECIDED:
            detail = str(Outcome(event.kind).label)
        elif event.kind:
            detail = str(SpecialKind(event.kind).label)
        elif event.days:
            detail = _("%(days)s 天") % {"days": event.days}
        yield EventRow(
            name=str(event.type.label),
            detail=detail,
            happened_at=row.happened_at,
            recorded_at=row.recorded_at,
            backdated=event.is_backdated,
        )
