"""Show clocks: bars of every kind, a ledger, the lanes of a stage."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.core import clock
from portal.ui import lanes
from portal.ui.clockbar import Cell, ClockBar, Kind, Mark
from portal.ui.ledger import Ledger, LedgerRow, OtherCalibre
from portal.ui.lights import Light

TODAY = date(2026, 4, 14)


def at(day: date, hour: int, minute: int) -> datetime:
    """Return a moment of the story."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.SHANGHAI)


def cells(first: date, runs: str) -> tuple[Cell, ...]:
    """Write a bar as letters, one per day: b before, c counted, p paused, a correction, x late, f left, . rest."""
    kinds = {
        "b": Kind.BEFORE,
        "c": Kind.RUNNING,
        "p": Kind.PAUSED,
        "a": Kind.CORRECTION,
        "x": Kind.LATE,
        "f": Kind.LEFT,
        ".": Kind.REST,
    }
    return tuple(Cell(on=first + timedelta(days=number), kind=kinds[letter]) for number, letter in enumerate(runs))


def stage_bar() -> ClockBar:
    """Return the bar of a whole stage, with a correction and a public notice in it."""
    return ClockBar(
        cells=cells(date(2026, 3, 16), "bbbaa..aabcc..cpppp...pppc..ccfff..fffff..f"),
        marks=(
            Mark(date(2026, 3, 16), "收件"),
            Mark(date(2026, 3, 19), "告知补正", dated=False),
            Mark(date(2026, 3, 25), "受理，开始计时"),
            Mark(date(2026, 3, 31), "公示，停 7 天", dated=False, until=date(2026, 4, 9)),
            Mark(date(2026, 4, 10), "恢复"),
            Mark(TODAY, _("今天"), now=True, dated=False),
            Mark(date(2026, 4, 27), "预计办结"),
        ),
        sentence=format_html(
            "审批已用 <b>{}</b> 个工作日，共 {} 个。方案公示停了 {} 个。预计 <b>{}</b> 办结。", 6, 15, 7, "4月27日 周一"
        ),
        explain_url="#ledger",
        note="从您第一次提交算起共 29 天（日历日）",
    )


def case_bar() -> ClockBar:
    """Return the slim bar of a case head."""
    return ClockBar(
        cells=cells(date(2026, 3, 25), "bcc..cpppp...pppc..ccff"),
        marks=(
            Mark(date(2026, 3, 25), "受理"),
            Mark(date(2026, 3, 31), "公示停 7 天", dated=False),
            Mark(date(2026, 4, 10), "恢复"),
            Mark(TODAY, _("今天"), now=True, dated=False),
            Mark(date(2026, 4, 16), "到期"),
        ),
        sentence=format_html("承诺时限 <b>{}</b> 个工作日，已用 <b>{}</b>，停 <b>{}</b>", 8, 6, 7),
        explain_url="#ledger",
        width_px=500,
    )


def hard_bars() -> tuple[ClockBar, ...]:
    """Return the three hard cases: before acceptance, late, paused with a provisional date."""
    now = Mark(TODAY, _("今天"), now=True, dated=False)
    return (
        ClockBar(
            cells=cells(date(2026, 4, 8), "bbb..bbfff"),
            marks=(Mark(date(2026, 4, 8), "收件", dated=False), now, Mark(date(2026, 4, 15), "前告知")),
            sentence="受理前：还有 1 个工作日要告知",
            width_px=560,
        ),
        ClockBar(
            cells=cells(date(2026, 3, 31), "bccc...cccc..xxfff"),
            marks=(Mark(date(2026, 3, 31), "受理", dated=False), Mark(date(2026, 4, 10), "到期"), now),
            sentence="已超期：超 2 个工作日",
            width_px=560,
        ),
        ClockBar(
            cells=cells(date(2026, 3, 25), "bcc..ccccp...pppp..ppppp..ppppp"),
            marks=(
                Mark(date(2026, 3, 25), "受理", dated=False),
                Mark(date(2026, 4, 3), "专家评审，最长 30 天", dated=False),
                now,
            ),
            sentence="停计中：到期日暂定，恢复后还有 2 个工作日",
            provisional=True,
            width_px=560,
        ),
    )


def long_bar() -> ClockBar:
    """Return a bar longer than sixty days, drawn in weeks."""
    return ClockBar(
        cells=cells(date(2026, 1, 19), "ccccc.." * 5 + "ppppp.." * 4 + "ccccc.." * 3 + "ccfff.." + "fffff.." * 3),
        marks=(
            Mark(date(2026, 1, 19), "受理"),
            Mark(date(2026, 2, 23), "专家评审", until=date(2026, 3, 22)),
            Mark(TODAY, _("今天"), now=True, dated=False),
            Mark(date(2026, 5, 8), "到期"),
        ),
        sentence="已用 42 个工作日，共 60 个",
        width_px=560,
    )


def ledger() -> Ledger:
    """Return the ledger behind the date of the case."""
    return Ledger(
        due_on=date(2026, 4, 16),
        calibre="承诺时限口径 C2",
        intro="从受理次日起数 8 个工作日；公示期间不计。",
        rows=(
            LedgerRow(date(2026, 3, 25), date(2026, 3, 25), "受理当日"),
            LedgerRow(date(2026, 3, 26), date(2026, 3, 27), "在办", counted=2, total=2),
            LedgerRow(date(2026, 3, 28), date(2026, 3, 29), "周末"),
            LedgerRow(date(2026, 3, 30), date(2026, 3, 30), "在办，起公示", counted=1, total=3),
            LedgerRow(date(2026, 3, 31), date(2026, 4, 3), "公示公告（停计）", paused=4),
            LedgerRow(date(2026, 4, 4), date(2026, 4, 6), "清明节"),
            LedgerRow(date(2026, 4, 7), date(2026, 4, 9), "公示公告（停计）", paused=3),
            LedgerRow(date(2026, 4, 10), date(2026, 4, 10), "恢复", counted=1, total=4),
            LedgerRow(date(2026, 4, 13), date(2026, 4, 14), "在办", counted=2, total=6),
        ),
        remaining_first=date(2026, 4, 15),
        remaining_days=2,
        limit_days=8,
        basis=("公示公告通知书 3月30日 已送达",),
        others=(OtherCalibre("法定 6 / 20"), OtherCalibre("部门净用时 9"), OtherCalibre("跨度 29 天")),
    )


def case_lanes() -> tuple[lanes.Lane, ...]:
    """Return the departments of the stage."""
    return lanes.in_order(
        (
            lanes.Lane("资规", "设计方案联合审查", Light.DUE, "还剩 2 天", 6, 8, lead=True),
            lanes.Lane("人防", "防空地下室报建", Light.DONE, "办结", 3, 5),
            lanes.Lane("住建", "绿色建筑专项", Light.LATE, "超 1 天", 6, 5),
            lanes.Lane("城管", "绿地树木", Light.HOLD, "停：勘验", 6, 8),
            lanes.Lane("民政", "标准地名", Light.OK, "还剩 3 天", 2, 5),
            lanes.Lane("供水", "接入征询", Light.DONE, "办结", 2, 2),
        )
    )
