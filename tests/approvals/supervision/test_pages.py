"""The dashboard and its lists for who may see them, and for who may not; no more statements with more rows."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.deadlines import rules
from approvals.supervision import policies, queries
from approvals.supervision.queries import CaseFilters, ProjectFilters, Scope, words_in_force
from approvals.supervision.states import Period
from portal.accounts.models import User
from portal.core import calendars, clock, counting
from portal.core.errors import NotAllowed
from tests.approvals.supervision.conftest import API, City, machine, signed_in
from tests.cast import as_actor

PAGES = ("dashboard", "cases", "late", "projects", "stalled")


@pytest.mark.parametrize("who", ["outsider", "applicant", "planning_handler", "clerk", "city_admin"])
def test_refuses_who_has_no_dashboard(who: str, request: pytest.FixtureRequest):
    user = request.getfixturevalue(who)
    client = signed_in(user)

    for page in PAGES:
        assert client.get(reverse(f"supervision:{page}")).status_code == 403
    refused = machine(user).get(API)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert policies.late(as_actor(user)) == ()


def test_asks_a_visitor_to_sign_in(pack: object):
    for page in PAGES:
        answer = Client().get(reverse(f"supervision:{page}"))
        assert answer.status_code == 302
        assert reverse("accounts:login") in answer["Location"]
    assert Client().get(API).status_code == 401


def test_leaders_see_the_city_and_a_lead_his_department(leader: User, supervisor: User, planning_lead: User):
    assert policies.scope_of(as_actor(leader)) == policies.scope_of(as_actor(supervisor)) == Scope()
    assert policies.scope_of(as_actor(planning_lead), region="449902") == Scope(frozenset({"zrzy"}), "449902")


def test_scope_is_refused_without_the_act(planning_handler: User):
    with pytest.raises(NotAllowed):
        policies.scope_of(as_actor(planning_handler))


def test_a_lead_cannot_reach_another_department(city: City, planning_lead: User, frozen: datetime):
    city.case(at=city.days_ago(1), general=True)
    board = queries.board(Scope(), Period.MONTH, at=frozen)
    other = next(department for _stage, department in board.cells if department != "zrzy")
    client = signed_in(planning_lead)

    page = client.get(reverse("supervision:cases"), {"department": other})
    assert {row.case.department_id for row in page.context["page"].rows} <= {"zrzy"}
    shown = client.get(reverse("supervision:dashboard"))
    assert {key[1] for key in shown.context["board"].cells} <= {"zrzy"}
    assert "layouts/department.html" in {template.name for template in shown.templates}


def test_names_what_is_counted_and_when(city: City, leader: User, planning_lead: User, frozen: datetime):
    page = signed_in(leader).get(reverse("supervision:dashboard"), {"region": "449902"})

    html = page.content.decode()
    assert "海湾区审批效能" in html
    assert "12:00" in html
    assert "资规审批效能" in signed_in(planning_lead).get(reverse("supervision:dashboard")).content.decode()


def test_an_empty_city_says_what_will_come(leader: User, frozen: datetime):
    client = signed_in(leader)

    html = client.get(reverse("supervision:dashboard")).content.decode()
    assert "没有超期件" in html
    assert "还没有在办项目" in html
    for page in PAGES[1:]:
        assert "没有" in client.get(reverse(f"supervision:{page}")).content.decode()


def test_takes_unknown_choices_for_all(city: City, leader: User, frozen: datetime):
    city.case(at=city.days_ago(1))
    client = signed_in(leader)

    page = client.get(reverse("supervision:dashboard"), {"period": "century", "region": "000000"})
    assert page.context["board"].period is Period.MONTH
    wrong = {"state": "x", "stage": "x", "light": "x", "due_on": "x", "week": "x", "cursor": "x", "department": "x"}
    assert client.get(reverse("supervision:cases"), wrong).context["page"].total > 0


def test_a_list_of_late_cases_says_so(city: City, leader: User, frozen: datetime):
    city.case(at=city.days_ago(40), general=True)
    city.case(at=city.days_ago(0), general=True)

    page = signed_in(leader).get(reverse("supervision:late"))
    assert "超期件" in page.content.decode()
    assert {row.light for row in page.context["page"].rows} <= {"late", "late2"}
    assert page.context["page"].total == counting.count(policies.late(as_actor(leader))) > 0


def test_pages_by_cursor_meet_every_case_once(city: City, frozen: datetime):
    for number in range(3):
        city.case(at=city.days_ago(number), general=True)
    words, today = words_in_force(), clock.day_of(frozen)
    everything = set(queries.narrow(Scope(), CaseFilters(), today=today).values_list("pk", flat=True))

    seen, cursor = [], ""
    while True:
        page = queries.list_cases(Scope(), CaseFilters(), words=words, today=today, cursor=cursor, size=4)
        seen += [row.case.pk for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert len(seen) == len(everything)
    assert set(seen) == everything


def test_needs_no_more_statements_for_more_rows(city: City, frozen: datetime, max_queries, held: None):
    calendars.current()
    rules.severity()
    today = clock.day_of(frozen)

    def measure() -> None:
        words = words_in_force()
        with max_queries("supervision.board"):
            queries.board(Scope(), Period.MONTH, at=frozen)
        with max_queries("supervision.cases"):
            queries.list_cases(Scope(), CaseFilters(), words=words, today=today)
        with max_queries("supervision.projects"):
            queries.list_projects(Scope(), ProjectFilters(), words=words, today=today)

    for _number in range(3):
        city.project(at=city.days_ago(3))
    case = city.case(at=city.days_ago(3), general=True)
    city.grant(case, at=city.days_ago(1))
    measure()
    while len(city.projects) < 30:
        at = city.days_ago(len(city.projects))
        if len(city.projects) % 5:
            city.project(at=at)
        else:
            city.case(at=at, general=True)
    measure()


def test_machines_are_told_what_is_wrong(leader: User, planning_lead: User, frozen: datetime):
    answer = machine(leader).get(API, {"period": "century"})
    assert answer.status_code in (400, 422)
    assert answer["Content-Type"].startswith("application/problem+json")
    assert "period" in answer.json()["fields"]
    assert machine(planning_lead).get(API).json()["departments"] == ["zrzy"]
