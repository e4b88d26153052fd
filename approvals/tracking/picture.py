"""Draw one project's board as a line map: serial items on the line, the others as branches."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.deadlines import drawings
from approvals.review.states import StageState
from approvals.tracking.queries.board import Board, ItemLine, StageLine
from portal.ui import words
from portal.ui.clockbar import ClockBar
from portal.ui.lights import Light
from portal.ui.linemap import Branch, Item, LineMap, Station, StationState

#: the picture holds this many boxes between two stations
MAX_BOXES = 3


def line_map(board: Board) -> LineMap:
    """Return the picture of a project as of the board's day; of a divided one every line is a branch."""
    if board.shows_several:
        return _several(board)
    main = board.main_stages
    current = board.current
    stations = [_start(board)]
    stations += [_station(stage, board, is_current=stage is current) for stage in main]
    return LineMap(
        stations=tuple(stations),
        items=_serial(current, board) if current else (),
        branches=_branches(current, board) if current else (),
        sentence=_sentence(board),
    )


def _several(board: Board) -> LineMap:
    """Draw the stages as stations for all units, and each line on its way between two of them."""
    stations = [_start(board)]
    currents = board.currents
    for stage in {stage.id: stage for stage in board.main_stages}.values():
        own = [line for line in board.main_stages if line.id == stage.id]
        done = sum(line.is_done for line in own)
        state = StationState.CURRENT if any(line.id == stage.id for line in currents) else StationState.AHEAD
        stations.append(
            Station(
                no=stage.no,
                name=stage.name,
                state=StationState.DONE if done == len(own) else state,
                caption=_("%(done)s / %(all)s 办结") % {"done": done, "all": len(own)},
            )
        )
    return LineMap(
        stations=tuple(stations),
        branches=tuple(_line(stage, board) for stage in currents),
        sentence=_sentence(board),
    )


def _line(stage: StageLine, board: Board) -> Branch:
    """Draw one unit on its way to the station of the stage it is in."""
    light, told = (stage.light, stage.words) if stage.light and stage.state == StageState.IN_REVIEW else (None, "")
    days = max((line.used or 0 for line in stage.included if line.is_running), default=0)
    return Branch(
        name=stage.unit_name,
        department=stage.unit.path if stage.unit else "",
        light=light or Light.WAIT,
        words=told or stage.state_words,
        start=stage.no - 1,
        end=stage.no,
        share=min(days / stage.limit_days, 1.0) if stage.limit_days and light else 0.0,
        url=f"{reverse('tracking:project', args=[board.project.code])}?unit={stage.unit_code}"
        if not board.is_public
        else "",
    )


def stage_clock(board: Board) -> ClockBar | None:
    """Draw the clock of the stage under review; None while none runs, or several do."""
    stage = None if board.shows_several else board.current
    if stage is None or stage.run is None or stage.run.timer is None:
        return None
    return drawings.clock_bar(stage.run.timer, board.today, subject=f"{board.project.name} {stage.name}")


def _start(board: Board) -> Station:
    return Station(
        no=0, name=_("登记赋码"), state=StationState.DONE, caption=words.short_day(board.project.registered_at)
    )


def _station(stage: StageLine, board: Board, *, is_current: bool) -> Station:
    run = stage.run
    if stage.state == StageState.CONCLUDED and run is not None and run.concluded_at is not None:
        return Station(
            no=stage.no,
            name=stage.name,
            state=StationState.DONE,
            caption=_("%(day)s 办结") % {"day": words.short_day(run.concluded_at)},
        )
    if stage.state == StageState.NOT_NEEDED:
        return Station(no=stage.no, name=stage.name, state=StationState.DONE, caption=_("不涉及"))
    caption = (
        _("预计 %(day)s") % {"day": words.short_day(stage.forecast_finish)}
        if stage.forecast_finish and board.project.is_running
        else stage.state_words
    )
    return Station(
        no=stage.no,
        name=stage.name,
        state=StationState.CURRENT if is_current else StationState.AHEAD,
        caption=caption,
        detail=stage.state_words,
    )


def _serial(stage: StageLine, board: Board) -> tuple[Item, ...]:
    """Return the chain that decides the stage's end: its milestone and what that waits for inside the stage."""
    lines = {line.id: line for line in stage.included}
    chain: list[ItemLine] = []
    step = next((line for line in lines.values() if line.planned.item.milestone), None)
    while step is not None and step not in chain:
        chain.append(step)
        waits = [lines[item] for item in step.planned.waits_for if item in lines]
        step = max(waits, key=_finish, default=None)
    return tuple(
        Item(
            name=line.name,
            department=line.department_short,
            light=line.light,
            words=line.words,
            leads_to=stage.no,
            url=_url(line, board),
        )
        for line in reversed(chain[:MAX_BOXES])
    )


def _branches(stage: StageLine, board: Board) -> tuple[Branch, ...]:
    """Return the stage's other items, and the parallel ones that are under way or due by this stage."""
    serial = {item.name for item in _serial(stage, board)}
    beside = [line for line in stage.included if line.name not in serial]
    parallel = board.parallel.included if board.parallel else ()
    numbers = {line.id: line.no for line in board.main_stages}
    branches = [_branch(line, board, start=stage.no - 1, end=stage.no) for line in beside]
    for line in parallel:
        end = max(numbers.get(line.planned.latest_stage, stage.no), stage.no)
        if line.application is not None or line.case is not None or (line.applies and end == stage.no):
            branches.append(_branch(line, board, start=stage.no - 1, end=end))
    return tuple(branches)


def _branch(line: ItemLine, board: Board, *, start: int, end: int) -> Branch:
    return Branch(
        name=line.name,
        department=line.department_short,
        light=line.light,
        words=_closing_words(line),
        start=start,
        end=end,
        share=min(line.used / line.limit, 1.0) if line.used is not None and line.limit else 0.0,
        url=_url(line, board),
    )


def _closing_words(line: ItemLine) -> str:
    if line.light is Light.DONE and line.decision is not None:
        return _("%(day)s 办结") % {"day": words.short_day(line.decision.decided_at)}
    return line.words


def _finish(line: ItemLine) -> date:
    return line.forecast_finish or date.min


def _url(line: ItemLine, board: Board) -> str:
    return reverse("catalogue:guide", args=[line.id]) if not board.is_public else ""


def _sentence(board: Board) -> str:
    total = _("全程承诺 %(days)s 个工作日") % {"days": board.total_days}
    if not board.project.is_running:
        return _("%(state)s，%(total)s") % {"state": board.project.get_state_display(), "total": total}
    if board.current is None:
        return total
    if board.shows_several:
        return _("%(count)s 个工程在办，%(total)s，预计 %(day)s 全部办完") % {
            "count": len(board.currents),
            "total": total,
            "day": words.day(board.finish_on),
        }
    return _("在%(stage)s，%(total)s，预计 %(day)s 全部办完") % {
        "stage": board.current.name,
        "total": total,
        "day": words.day(board.finish_on),
    }
