"""Each number of a lively city against a slow count by hand, and against the list it leads to.

The city is made once for all of them: they only read.
"""

import re
import statistics
from collections import Counter
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from approvals.deadlines import queries as deadlines
from approvals.deadlines.states import Light
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.states import TASK_OPEN
from approvals.supervision import queries
from approvals.supervision.queries import CaseFilters, Ended, ProjectFilters, Scope, words_in_force
from approvals.supervision.states import Period
from portal.accounts.models import User
from portal.core import audit, clock
from projects.registry.models import Project
from tests.approvals.supervision.conftest import API, City, machine, signed_in

# all of them in one row, so that the city is made once
pytestmark = pytest.mark.django_db

CITY = Scope()
TODAY = date(2026, 4, 14)
SUNDAY = date(2026, 4, 19)


def all_cases() -> list[Case]:
    return list(Case.objects.select_related("timer", "application", "project", "service_item"))


def running() -> list[Case]:
    return [case for case in all_cases() if case.is_running]


def listed(filters: CaseFilters, scope: Scope = CITY) -> int:
    return queries.narrow(scope, filters, today=TODAY).count()


def percentile(values: list[int], share: float) -> float:
    """Return what lies between two neighbours in proportion."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def test_counts_cases_under_way_by_light(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    by_hand = Counter(case.timer.light_on(TODAY) for case in running())
    assert board.running == len(running()) > 10
    assert {light: n for light, n in board.by_light.items() if n} == {light.value: n for light, n in by_hand.items()}
    assert all(board.by_light[light] for light in ("green", "yellow", "red", "grey"))
    for light in Light:
        assert board.by_light[light.value] == listed(CaseFilters(light=light.value))


def test_counts_by_stage_and_department_and_agrees_with_the_lists(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    by_hand = Counter((case.application.stage, case.department_id) for case in running())
    assert {key: cell.count for key, cell in board.cells.items()} == dict(by_hand)
    assert sum(cell.count for cell in board.cells.values()) == board.running
    assert sum(cell.late for cell in board.cells.values()) == board.by_light["red"]
    assert sum(cell.due for cell in board.cells.values()) == board.by_light["yellow"]
    for (stage, department), cell in board.cells.items():
        of_cell = CaseFilters(stage=stage, departments=(department,))
        assert cell.count == listed(of_cell)
        late = CaseFilters(stage=stage, departments=(department,), light="red")
        assert cell.late == listed(late)


def test_tells_at_which_step_late_cases_stand(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    by_hand = Counter()
    for case in running():
        if case.timer.light_on(TODAY) is not Light.RED:
            continue
        if case.timer.paused_by:
            by_hand["correction" if case.timer.paused_by == "correction" else "special"] += 1
        else:
            by_hand[ReviewTask.objects.get(case=case, state__in=TASK_OPEN).step] += 1
    assert {step: n for step, n in board.late_by_step.items() if n} == dict(by_hand)
    assert set(by_hand) == {"handler", "checker", "approver", "correction", "special"}
    assert board.late_inside == board.by_light["red"] - by_hand["correction"] - by_hand["special"]
    for step, number in board.late_by_step.items():
        assert number == listed(CaseFilters(light="red", step=step))


def test_counts_what_stopped_clocks_wait_for(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    assert board.by_pause == {"expert": 1}
    assert board.by_light["grey"] == listed(CaseFilters(light="grey", pause="expert")) == 1
    assert board.held == listed(CaseFilters(shown="held"))


def test_counts_what_falls_due_today_and_until_sunday(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    due = [
        case.timer.promised_due_on
        for case in running()
        if not case.timer.is_paused and TODAY <= case.timer.promised_due_on <= SUNDAY
    ]
    assert board.due_this_week == len(due) == listed(CaseFilters(due="week")) > 0
    assert board.due_today == due.count(TODAY) == listed(CaseFilters(due="today"))
    assert board.by_due_day == dict(Counter(due))
    for day, number in board.by_due_day.items():
        assert number == listed(CaseFilters(due_on=day))


def test_tells_how_long_the_decisions_of_each_period_took(lively: City, at: datetime):
    for period in Period:
        check_ended(queries.board(CITY, period, at=at).ended, period)


def check_ended(ended: Ended, period: Period) -> None:
    first = period.first_day(TODAY)
    decided = [
        case for case in all_cases() if case.state == "decided" and first <= clock.day_of(case.closed_at) <= TODAY
    ]
    used, span = [], []
    for case in decided:
        told = deadlines.explain(case.timer, TODAY)
        span.append(told.used["C6"])
        if case.timer.unit == "working":
            used.append(told.used["C2"])
    assert ended.decided == len(decided) == listed(CaseFilters(ended=period.value))
    assert ended.granted == listed(CaseFilters(ended=period.value, shown="granted"))
    assert ended.rejected == listed(CaseFilters(ended=period.value, shown="rejected"))
    assert ended.late == listed(CaseFilters(ended=period.value, light="red"))
    assert ended.opened == listed(CaseFilters(opened=period.value))
    if not decided:
        assert (ended.pace.mean, ended.pace.median, ended.in_time_percent) == (None, None, None)
        return
    assert ended.pace.mean == round(statistics.mean(used), 1)
    assert ended.pace.median == round(percentile(used, 0.5), 1)
    assert ended.pace.p90 == round(percentile(used, 0.9), 1)
    assert ended.pace.span_mean == round(statistics.mean(span), 1)
    assert ended.pace.span_median == round(percentile(span, 0.5), 1)
    assert ended.pace.span_p90 == round(percentile(span, 0.9), 1)


def test_a_month_has_late_and_refused_decisions(lively: City, at: datetime):
    ended = queries.board(CITY, Period.MONTH, at=at).ended

    assert ended.rejected == 1
    assert ended.late >= 1
    assert ended.in_time_percent == round(100 * (1 - ended.late / ended.decided), 1)


def test_counts_decisions_by_week(lively: City, at: datetime):
    weeks = queries.board(CITY, Period.MONTH, at=at).weeks

    assert len(weeks) == 12
    assert weeks[-1].monday == date(2026, 4, 13)
    by_hand = Counter(
        clock.day_of(case.closed_at) - timedelta(days=clock.day_of(case.closed_at).weekday())
        for case in all_cases()
        if case.state == "decided"
    )
    assert {week.monday: week.decided for week in weeks if week.decided} == dict(by_hand)
    for week in weeks:
        assert week.decided == listed(CaseFilters(week=week.monday))
        assert (week.pace.median is None) == (week.decided == 0)


def test_a_project_stands_still_after_more_than_60_days(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    quiet = [
        project
        for project in Project.objects.filter(state="registered")
        if (TODAY - max(clock.day_of(event.at) for event in audit.history(project.code))).days > 60
    ]
    assert board.stalled_projects == len(quiet) == 1
    words = words_in_force()
    found = queries.list_projects(CITY, ProjectFilters(stalled=True), words=words, today=TODAY)
    assert [(row.project, row.quiet_days) for row in found.rows] == [(quiet[0], 61)]
    tomorrow = queries.board(CITY, Period.MONTH, at=at + timedelta(days=1))
    assert tomorrow.stalled_projects == 2


def test_counts_projects_by_stage_and_state(lively: City, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    runs = StageRun.objects.filter(project__state="registered")
    assert board.stages == dict(Counter(runs.values_list("stage", "state")))
    assert board.running_projects == len(lively.projects)
    words = words_in_force()
    for (stage, state), number in board.stages.items():
        filters = ProjectFilters(stage=stage, stage_state=state)
        assert number == queries.narrow_projects(CITY, filters, words=words, today=TODAY).count()


def test_a_region_and_a_department_count_their_own(lively: City, at: datetime):
    everything = queries.board(CITY, Period.MONTH, at=at)
    regions = ["449902", "449903", "449904"]
    parts = [queries.board(Scope(region=region), Period.MONTH, at=at) for region in regions]
    assert sum(part.running for part in parts) == everything.running
    assert sum(part.running_projects for part in parts) == everything.running_projects
    assert all(part.running < everything.running for part in parts)

    departments = {department for _stage, department in everything.cells}
    counted = [queries.board(Scope(departments=frozenset({one})), Period.MONTH, at=at) for one in departments]
    assert sum(part.running for part in counted) == everything.running
    for department, part in zip(departments, counted, strict=True):
        assert {key[1] for key in part.cells} == {department}


def test_the_longest_overdue_come_first_and_far_overdue_are_double_red(lively: City, at: datetime):
    worst = queries.board(CITY, Period.MONTH, at=at).worst

    over = [(row.case.timer.paused_on or TODAY) - row.case.timer.promised_due_on for row in worst]
    assert over == sorted(over, reverse=True)
    assert len(worst) == 8
    assert worst[0].light == "late2"


def test_every_number_on_the_page_leads_to_a_list_of_as_many(lively: City, leader: User, frozen: datetime):
    client = signed_in(leader)
    page = client.get(reverse("supervision:dashboard"))
    html = page.content.decode()

    cells = re.findall(r'<a class="hc[^"]*" href="([^"]+)">\s*<span class="n">([\d,]+)</span>', html)
    figures = re.findall(r'<li><span>[^<]+</span><a href="([^"]+)">([\d,]+)</a></li>', html)
    tiles = [(tile.url, tile.value) for tile in page.context["tiles"] if tile.unit in ("件", "个")]
    rows = re.findall(r'<td class="r" data-l="办结（件）"><a href="([^"]+)">([\d,]+)</a></td>', html)
    bars = re.findall(r'<th scope="row"><a href="([^"]+)">[^<]+</a></th><td class="r">([\d,]+)</td>', html)
    assert (len(tiles), len(figures)) == (5, 10)
    assert all((cells, rows, bars))
    for url, number in [*cells, *figures, *tiles, *rows, *bars]:
        answer = client.get(unescape(url))
        assert answer.status_code == 200
        assert answer.context["page"].total == int(number.replace(",", "")), url


def test_machines_read_the_same_numbers(lively: City, leader: User, frozen: datetime):
    told = machine(leader).get(API, {"period": "year"}).json()
    board = queries.board(Scope(), Period.YEAR, at=frozen)
    assert (told["period"], told["region"], told["departments"]) == ("year", None, None)
    assert told["cases"]["total"] == board.running
    assert told["cases"]["lights"] == board.by_light
    assert told["cases"]["late_by_step"] == board.late_by_step
    assert sum(cell["cases"] for cell in told["cells"]) == board.running
    assert told["ended"]["decided"] == board.ended.decided
    assert told["ended"]["pace"]["p90"] == board.ended.pace.p90
    assert told["projects"]["stalled"] == board.stalled_projects
    assert len(told["weeks"]) == 12
