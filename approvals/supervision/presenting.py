"""From numbers to the parts of the dashboard: tiles, heat table, charts, each with the list behind it."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from approvals.deadlines.standing import CORRECTION
from approvals.deadlines.states import Light, SpecialKind
from approvals.review.states import StageState
from approvals.supervision import links
from approvals.supervision.queries import Board, Week
from approvals.supervision.queries.board import Cell
from approvals.supervision.states import INSIDE, Due, Period, Shown, Stuck, monday_of
from portal.ui import words as ui
from portal.ui.charts import Band, Bar, BarChart, LineChart, Series
from portal.ui.lights import Light as Shape
from portal.ui.tiles import Heat, HeatCell, HeatRow, Kpi
from projects.catalogue.definitions import ADVISORY_STAGE

#: departments with a row of their own in the heat table
ROWS = 8
#: rest days among Monday to Friday from which a week is marked as a holiday
FEW_DAYS_LEFT = 3
NOTHING = Cell(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its words and the list behind it."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage with its number of projects by state."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of the table behind the curves."""

    words: str
    decided: Figure
    figures: tuple[Figure, ...]


def title(board: Board) -> str:
    """Name what the dashboard counts."""
    place = board.words.regions.get(board.scope.region, "") or _("全市")
    if board.scope.departments is None:
        return _("%(place)s审批效能") % {"place": place}
    names = _("、").join(board.words.department(code) for code in sorted(board.scope.departments))
    if board.scope.region:
        return _("%(departments)s审批效能（%(place)s）") % {"departments": names, "place": place}
    return _("%(departments)s审批效能") % {"departments": names}


def tiles(board: Board) -> list[Kpi]:
    """Return the band of six tiles."""
    scope, pace = board.scope, board.ended.pace
    late, due, paused = (board.by_light[light] for light in (Light.RED, Light.YELLOW, Light.GREY))
    return [
        Kpi(
            _("在办件"),
            ui.number(board.running),
            _cases(board.running),
            note=ngettext("项目 %(n)s 个", "项目 %(n)s 个", board.running_projects)
            % {"n": ui.number(board.running_projects)},
            url=links.cases(scope),
        ),
        Kpi(
            _("超期"),
            ui.number(late),
            _cases(late),
            share=f"{100 * late / board.running:.2f}%" if late else "",
            note=ngettext("在部门手里 %(n)s 件", "在部门手里 %(n)s 件", board.late_inside) % {"n": board.late_inside},
            light=Shape.LATE,
            url=links.late(scope),
        ),
        Kpi(
            _("临期"),
            ui.number(due),
            _cases(due),
            note=ngettext("今天到期 %(n)s 件", "今天到期 %(n)s 件", board.due_today) % {"n": board.due_today},
            light=Shape.DUE,
            url=links.cases(scope, light=Light.YELLOW.value),
        ),
        Kpi(
            _("停计"),
            ui.number(paused),
            _cases(paused),
            note=_("，").join(f"{pause_name(kind)} {number}" for kind, number in list(board.by_pause.items())[:2])
            or _("没有停计的办件"),
            light=Shape.HOLD,
            url=links.cases(scope, light=Light.GREY.value),
        ),
        Kpi(
            _("审批用时中位"),
            ui.number(pace.median, 1),
            pgettext("unit", "工作日"),
            note=_("平均 %(mean)s，九成位 %(p90)s；跨度 %(span)s 天")
            % {
                "mean": ui.number(pace.mean),
                "p90": ui.number(pace.p90),
                "span": ui.number(pace.span_median, 0),
            }
            if board.ended.decided
            else _("%(period)s还没有办结") % {"period": board.period.label},
            url=links.cases(scope, ended=board.period.value),
        ),
        Kpi(
            _("停滞项目"),
            ui.number(board.stalled_projects),
            npgettext("unit", "个", "个", board.stalled_projects),
            note=_("超过 %(days)s 天没有新动作") % {"days": board.words.stalled_days},
            url=links.stalled(scope),
        ),
    ]


def _cases(number: int) -> str:
    """Return the word behind a number of cases."""
    return npgettext("unit", "件", "件", number)


def pause_name(kind: str) -> str:
    """Name what stops a clock."""
    return _("补正") if kind == CORRECTION else str(SpecialKind(kind).label)


def heat(board: Board) -> Heat:
    """Return the heat table: departments with the most cases first, the others in one row, so that sums agree."""
    cells, scope = board.cells, board.scope
    possible = board.words.cells | cells.keys()
    # Advice gates nothing: its column is worth the room only where somebody asked for it.
    used = {stage for stage, _department in cells}
    stages = [
        stage
        for stage in board.words.stages
        if stage in used or (stage != ADVISORY_STAGE and any(key[0] == stage for key in possible))
    ]
    stages += sorted(used - set(stages))
    known = [code for code in board.words.departments if any(key[1] == code for key in possible)]
    known += sorted({department for _stage, department in cells} - set(known))
    if scope.departments is not None:
        known = [code for code in known if code in scope.departments]
    totals = {code: sum(cell.count for key, cell in cells.items() if key[1] == code) for code in known}
    ranked = sorted(known, key=lambda code: (-totals[code], known.index(code)))
    shown, others = (ranked, []) if len(ranked) <= ROWS + 1 else (ranked[:ROWS], ranked[ROWS:])

    def cell(stage: str, departments: list[str]) -> HeatCell:
        found = [cells.get((stage, code), NOTHING) for code in departments]
        return HeatCell(
            count=sum(one.count for one in found),
            late=sum(one.late for one in found),
            due=sum(one.due for one in found),
            url=links.cases(scope, stage=stage, department=departments),
            possible=any((stage, code) in possible for code in departments),
        )

    def row(name: str, departments: list[str]) -> HeatRow:
        return HeatRow(
            name, tuple(cell(stage, departments) for stage in stages), url=links.cases(scope, department=departments)
        )

    rest = ngettext("其余 %(n)s 家", "其余 %(n)s 家", len(others)) % {"n": len(others)}
    return Heat(
        columns=tuple(board.words.stages.get(stage, stage) for stage in stages),
        rows=tuple(row(board.words.department(code), [code]) for code in shown),
        rest=row(rest, others) if others else None,
        total_urls=tuple(links.cases(scope, stage=stage) for stage in stages),
    )


def late_steps(board: Board) -> BarChart:
    """Return where late cases stand: red with the department, grey outside of it."""
    found = [(step, board.late_by_step[step.value]) for step in Stuck]
    most = max(found, key=lambda pair: pair[1])
    late = board.by_light[Light.RED]
    return BarChart(
        finding=_("%(late)s 件超期，最多的 %(n)s 件停在%(step)s") % {"late": late, "n": most[1], "step": most[0].label},
        unit=_("件"),
        label_heading=_("环节"),
        bars=tuple(
            Bar(
                str(step.label),
                number,
                tone="late" if step in INSIDE else "grey",
                url=links.cases(board.scope, light=Light.RED.value, step=step.value),
            )
            for step, number in found
        ),
    )


def due_days(board: Board) -> BarChart:
    """Return how many cases fall due on each day of this week that is left."""
    found = board.by_due_day
    return BarChart(
        finding=ngettext("本周还有 %(n)s 件到期", "本周还有 %(n)s 件到期", board.due_this_week)
        % {"n": board.due_this_week},
        unit=_("件"),
        label_heading=_("到期日"),
        bars=tuple(
            Bar(
                _("今天") if day == board.today else ui.weekday(day),
                number,
                tone="blue",
                url=links.cases(board.scope, due_on=day),
            )
            for day, number in found.items()
        ),
    )


def pauses(board: Board) -> BarChart:
    """Return what stopped clocks wait for."""
    found, paused = board.by_pause, board.by_light[Light.GREY]
    return BarChart(
        finding=ngettext("%(n)s 件停计", "%(n)s 件停计", paused) % {"n": paused},
        unit=_("件"),
        label_heading=_("停计原因"),
        bars=tuple(
            Bar(
                pause_name(kind),
                number,
                tone="grey",
                url=links.cases(board.scope, light=Light.GREY.value, pause=kind),
            )
            for kind, number in found.items()
        ),
    )


def promised_course(board: Board) -> LineChart:
    """Return how the days by the promised limit moved over the weeks."""
    medians = [week.pace.median for week in board.weeks if week.pace.median is not None]
    finding = _("还没有可比的办结")
    if medians:
        finding = _("近 %(weeks)s 周承诺口径用时：中位数由 %(first)s 到 %(last)s 个工作日") % {
            "weeks": len(board.weeks),
            "first": ui.number(medians[0], 1),
            "last": ui.number(medians[-1], 1),
        }
    return LineChart(
        finding=finding,
        unit=pgettext("unit", "工作日"),
        label_heading=_("周"),
        labels=_labels(board.weeks),
        series=(
            Series(_("九成位"), tuple(week.pace.p90 for week in board.weeks), tone="sky", dashed=True),
            Series(_("中位"), tuple(week.pace.median for week in board.weeks), tone="blue"),
        ),
        bands=_holidays(board),
    )


def span_course(board: Board) -> LineChart:
    """Return how the span from the first hand-in to the decision moved over the weeks."""
    medians = [week.pace.span_median for week in board.weeks if week.pace.span_median is not None]
    finding = _("还没有可比的办结")
    if medians:
        finding = _("近 %(weeks)s 周跨度用时：中位数由 %(first)s 到 %(last)s 天") % {
            "weeks": len(board.weeks),
            "first": ui.number(medians[0], 0),
            "last": ui.number(medians[-1], 0),
        }
    return LineChart(
        finding=finding,
        unit=_("天"),
        label_heading=_("周"),
        labels=_labels(board.weeks),
        series=(Series(_("中位"), tuple(week.pace.span_median for week in board.weeks), tone="ink"),),
        bands=_holidays(board),
        width=300,
    )


def week_rows(board: Board) -> list[WeekRow]:
    """Return the table behind the curves, the newest week first."""
    return [
        WeekRow(
            words=ui.span(week.monday, monday_end(week.monday)),
            decided=Figure(
                _("办结（件）"),
                ui.number(week.decided),
                links.cases(board.scope, week=week.monday) if week.decided else "",
            ),
            figures=(
                Figure(_("中位（工作日）"), ui.number(week.pace.median, 1)),
                Figure(_("九成位（工作日）"), ui.number(week.pace.p90, 1)),
                Figure(_("平均（工作日）"), ui.number(week.pace.mean, 1)),
                Figure(_("跨度中位（日历日）"), ui.number(week.pace.span_median, 1)),
            ),
        )
        for week in reversed(board.weeks)
    ]


def monday_end(monday: date) -> date:
    """Return the Sunday of a week."""
    return monday.fromordinal(monday.toordinal() + 6)


def moved(board: Board) -> list[Figure]:
    """Return what began and ended in the period."""
    ended, scope, period = board.ended, board.scope, board.period.value
    share = ended.in_time_percent
    return [
        Figure(_("新开"), ui.number(ended.opened), links.cases(scope, opened=period)),
        Figure(_("办结"), ui.number(ended.decided), links.cases(scope, ended=period)),
        Figure(_("其中准予"), ui.number(ended.granted), links.cases(scope, ended=period, state=Shown.GRANTED.value)),
        Figure(_("其中不予"), ui.number(ended.rejected), links.cases(scope, ended=period, state=Shown.REJECTED.value)),
        Figure(_("其中超期办结"), ui.number(ended.late), links.cases(scope, ended=period, light=Light.RED.value)),
        Figure(_("其中有补录"), ui.number(ended.backdated), links.cases(scope, ended=period, backdated="1")),
        Figure(_("终止"), ui.number(ended.closed), links.cases(scope, ended=period, state=Shown.CLOSED.value)),
        Figure(_("按期办结率"), "—" if share is None else f"{ui.number(share, 1)}%"),
    ]


def times(board: Board) -> list[tuple[str, str, str]]:
    """Return median, ninth tenth and mean, by the promised count and as a span."""
    pace = board.ended.pace
    return [
        (_("中位"), ui.number(pace.median, 1), ui.number(pace.span_median, 1)),
        (_("九成位"), ui.number(pace.p90, 1), ui.number(pace.span_p90, 1)),
        (_("平均"), ui.number(pace.mean, 1), ui.number(pace.span_mean, 1)),
    ]


def stage_rows(board: Board) -> list[StageRow]:
    """Return projects under way by stage and the state of that stage."""
    present = [stage for stage in board.words.stages if any(key[0] == stage for key in board.stages)]
    return [
        StageRow(
            board.words.stages[stage],
            tuple(
                Figure(
                    str(state.label),
                    ui.number(board.stages.get((stage, state.value), 0)),
                    links.projects(board.scope, stage=stage, stage_state=state.value)
                    if board.stages.get((stage, state.value))
                    else "",
                )
                for state in StageState
            ),
        )
        for stage in present
    ]


def state_figures(board: Board) -> list[Figure]:
    """Return the cases under way by state, and those that fall due this week."""
    scope = board.scope
    return [
        Figure(_("正在办理"), ui.number(board.running - board.held), links.cases(scope, state=Shown.OPEN.value)),
        Figure(_("停办"), ui.number(board.held), links.cases(scope, state=Shown.HELD.value)),
        Figure(_("本周到期"), ui.number(board.due_this_week), links.cases(scope, due=Due.WEEK.value)),
    ]


def periods(chosen: Period) -> list[tuple[Period, bool]]:
    """Return the periods to choose from and which one is chosen."""
    return [(period, period is chosen) for period in Period]


def _labels(weeks: tuple[Week, ...]) -> tuple[str, ...]:
    return tuple(ui.chart_day(week.monday) for week in weeks)


def _holidays(board: Board) -> tuple[Band, ...]:
    """Mark the weeks in which a holiday took most working days."""
    index = {week.monday: number for number, week in enumerate(board.weeks)}
    bands = []
    off = [(monday_of(day), name) for day, name in board.rest_days if day.weekday() < 5]
    for (monday, name), days in groupby(off):
        if len(list(days)) >= FEW_DAYS_LEFT and monday in index:
            bands.append(Band(index[monday], index[monday], name))
    return tuple(bands)
