"""The lanes of a stage: who has what to do in it and how far his clock is. One statement for many stages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models.expressions import RawSQL

from approvals.deadlines import queries as deadlines
from approvals.deadlines.columns import Clock, TimerColumns, paths
from approvals.deadlines.queries import LightWords
from approvals.review.models import Case
from approvals.review.states import CaseState
from portal.core.prepared import NUMBERS, Prepared
from portal.ui.lanes import Lane, in_order
from portal.ui.lights import Light as Shape

_OWN = ("stage_run_id", "department_id", "department__short", "service_item__name", "stage_run__lead_id", "state")
_CASES = Prepared(
    lambda runs: (
        Case.objects.filter(stage_run_id__in=RawSQL("SELECT unnest(%s::bigint[])", [runs]))
        .order_by("pk")
        .values_list(*_OWN, *paths("timer__"))
    ),
    marks=(NUMBERS,),
)
Told = tuple[LightWords, int, int]


def lanes_of(run_ids: Iterable[int], *, today: date) -> Mapping[int, tuple[Lane, ...]]:
    """Return stage run -> one lane per case of it, in the order of the screens; one statement.

    Beside a page of tasks stand hundreds of lanes: they are read by columns, and equal clocks are told once.
    """
    wanted = sorted(set(run_ids))
    if not wanted:
        return {}
    found: dict[int, list[Lane]] = defaultdict(list)
    told: dict[tuple[Any, ...], Told] = {}
    for row in _CASES(wanted):
        run, department, short, item, lead, state = row[: len(_OWN)]
        # the state and all that the clock says
        lit = row[len(_OWN) - 1 :]
        if lit not in told:
            told[lit] = _told(state, TimerColumns(*lit[1:]), today)
        light, used, limit = told[lit]
        found[run].append(Lane(short, item, light.shape, light.words, used, limit, lead == department))
    return {run: in_order(lanes) for run, lanes in found.items()}


def lane_of(case: Case, *, today: date, url: str = "") -> Lane:
    """Return a case as a lane; its department, timer, item and run must have been loaded."""
    light, used, limit = _told(case.state, case.timer, today)
    lead = case.stage_run is not None and case.stage_run.lead_id == case.department_id
    return Lane(case.department.short, case.service_item.name, light.shape, light.words, used, limit, lead, url)


def used_of(timer: Clock, today: date) -> tuple[int, int]:
    """Return days used and the limit of C2 from what was stored at the last event; no statement."""
    limit = timer.limit_days
    if timer.is_blue(today) or timer.promised_due_on is None:
        return 0, limit
    # what stands still cannot become later; what was late already stays as late as it was
    end = timer.ended_on or (timer.paused_on if timer.is_paused else None) or today
    if end > timer.promised_due_on:
        return limit + deadlines.count(timer, timer.promised_due_on, end), limit
    return max(0, limit - deadlines.days_left(timer, end)), limit


def light_of(state: str, timer: Clock, today: date) -> LightWords:
    """Return the light of a case: that of its clock, unless what the clock ended with holds no longer.

    A clock knows that a case was decided, not that the decision was revoked, given back or has lapsed since.
    """
    light = deadlines.light_words(timer, today)
    if state == CaseState.CLOSED and light.shape in (Shape.DONE, Shape.NO):
        return LightWords(light.light, Shape.OFF, str(CaseState.CLOSED.label))
    return light


def _told(state: str, timer: Clock, today: date) -> Told:
    return light_of(state, timer, today), *used_of(timer, today)
