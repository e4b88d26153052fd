"""What the dashboard counts, and as what: cases at the edge of a day, closed ones, none at all."""

from datetime import date, datetime, timedelta

from approvals.review import operations as review
from approvals.supervision import queries
from approvals.supervision.queries import CaseFilters, Scope
from approvals.supervision.states import Period, Shown
from tests.approvals.supervision.conftest import City

CITY = Scope()
TODAY = date(2026, 4, 14)
SUNDAY = date(2026, 4, 19)


def listed(filters: CaseFilters, scope: Scope = CITY) -> int:
    return queries.narrow(scope, filters, today=TODAY).count()


def test_a_case_due_today_is_yellow_and_tomorrow_late(city: City):
    case = city.case(at=city.days_ago(0))
    due = case.timer.promised_due_on
    on_the_day = datetime.combine(due, city.now.timetz())

    def is_listed(day: date, filters: CaseFilters) -> bool:
        return queries.narrow(CITY, filters, today=day).filter(pk=case.pk).exists()

    assert is_listed(due, CaseFilters(light="yellow", due="today"))
    assert not is_listed(due + timedelta(days=1), CaseFilters(due="today"))
    assert is_listed(case.timer.red_on, CaseFilters(light="red"))
    assert queries.board(CITY, Period.TODAY, at=on_the_day).due_today > 0


def test_a_withdrawn_application_counts_as_closed_not_as_decided(city: City, at: datetime):
    case = city.case(at=city.days_ago(3))
    review.withdraw(application_id=case.application_id, reason="改方案", actor=city.applicant, at=city.days_ago(1))

    ended = queries.board(CITY, Period.MONTH, at=at).ended
    assert (ended.decided, ended.closed) == (0, listed(CaseFilters(ended="month", shown="closed")))
    assert ended.closed > 0


def test_a_case_one_day_over_is_not_double_red(city: City):
    case = city.case(at=city.days_ago(0), general=True)
    at = datetime.combine(case.timer.red_on, city.now.timetz())

    rows = queries.board(CITY, Period.MONTH, at=at).worst
    limits = {row.case.timer.promised_days: row.light for row in rows if row.case.pk == case.pk}
    assert limits == {case.timer.promised_days: "late"}
    assert case.timer.promised_days > 1


def test_an_empty_city_has_zeros_and_no_days(pack: object, at: datetime):
    board = queries.board(CITY, Period.MONTH, at=at)

    assert (board.running, board.running_projects, board.stalled_projects) == (0, 0, 0)
    assert (board.ended.decided, board.ended.pace.median, board.worst, board.groups) == (0, None, (), ())
    assert sum(board.late_by_step.values()) == 0


def test_lists_show_what_is_shown_by_default():
    assert CaseFilters().states is Shown.RUNNING
    assert CaseFilters(ended="month").states is Shown.DECIDED
    assert CaseFilters(opened="month").states is Shown.ALL
    assert CaseFilters(ended="month", shown="closed").states is Shown.CLOSED
