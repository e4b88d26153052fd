"""The review through the machine interface: shapes, refusals, outsiders."""

from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from approvals.applications.models import Application
from approvals.review.models import Case
from portal.accounts.models import User
from portal.core import clock
from projects.registry.models import Project
from tests.factories import review as factory


def client(user: User) -> APIClient:
    found = APIClient()
    found.force_authenticate(user)
    return found


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Any:
    with clock.frozen(at):
        yield


def test_post_applications_begins_a_stage(project: Project, applicant: User) -> None:
    answer = client(applicant).post("/api/v1/applications", {"project": project.code, "stage": "S1"}, format="json")

    assert answer.status_code == 201
    assert answer.data["state"] == "draft"
    assert answer.data["items"] == ["S1-04", "S1-07"]
    assert Application.objects.filter(pk=answer.data["id"]).exists()


def test_post_applications_takes_items(project: Project, applicant: User) -> None:
    answer = client(applicant).post(
        "/api/v1/applications", {"project": project.code, "stage": "P", "items": ["S2-12"]}, format="json"
    )

    assert answer.data["items"] == ["S2-12"]


def test_post_applications_tells_a_closed_stage(project: Project, applicant: User) -> None:
    answer = client(applicant).post("/api/v1/applications", {"project": project.code, "stage": "S3"}, format="json")

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.data["code"] == "stage_not_open"


def test_post_applications_twice_tells_that_one_is_under_way(project: Project, applicant: User) -> None:
    machine = client(applicant)
    first = machine.post("/api/v1/applications", {"project": project.code, "stage": "S1"}, format="json")
    assert first.status_code == 201

    for items in ({}, {"items": ["S1-07"]}):
        again = machine.post("/api/v1/applications", {"project": project.code, "stage": "S1", **items}, format="json")
        assert (again.status_code, again.data["code"]) == (409, "already_open")


def test_the_window_learns_that_a_draft_cannot_be_accepted(project: Project, applicant: User, clerk: User) -> None:
    draft = client(applicant).post("/api/v1/applications", {"project": project.code, "stage": "S1"}, format="json")

    answer = client(clerk).post(f"/api/v1/applications/{draft.data['id']}/accept")
    assert (answer.status_code, answer.data["code"]) == (409, "state")


def test_accept_opens_the_tasks(waiting: Application, clerk: User, planning_handler: User) -> None:
    answer = client(clerk).post(f"/api/v1/applications/{waiting.pk}/accept")
    assert (answer.status_code, answer.data["state"]) == (200, "accepted")

    again = client(clerk).post(f"/api/v1/applications/{waiting.pk}/accept")
    assert (again.status_code, again.data["code"]) == (409, "state")

    tasks = client(planning_handler).get("/api/v1/tasks").data
    assert set(tasks) == {"results", "next"}
    (task,) = tasks["results"]
    assert {"id", "case", "item", "department", "step", "light", "due_on"} <= set(task)
    assert (task["item"], task["department"], task["step"], task["light"]) == ("S1-07", "zrzy", "handler", "green")
    assert str(task["due_on"]) == "2026-04-16"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 1),
        ("?light=green", 1),
        ("?light=red", 0),
        ("?department=zrzy", 1),
        ("?department=zj", 0),
        ("?project=nope", 0),
    ],
)
def test_tasks_filters(application: Application, planning_handler: User, query: str, count: int) -> None:
    answer = client(planning_handler).get(f"/api/v1/tasks{query}")

    assert len(answer.data["results"]) == count


def test_tasks_refuses_an_unknown_light(application: Application, planning_handler: User) -> None:
    assert client(planning_handler).get("/api/v1/tasks?light=purple").status_code == 422


def test_complete_answers_the_case(application: Application) -> None:
    case = factory.case_of(application, "S1-04")
    task = factory.open_task(case)
    handler = User.objects.get(pk=factory.member(case.department_id, "handler").user_id)
    url = f"/api/v1/tasks/{task.pk}/complete"

    wrong = client(handler).post(url, {"conclusion": "pass"}, format="json")
    assert (wrong.status_code, wrong.data["code"]) == (422, "wrong_conclusion")

    answer = client(handler).post(url, {"conclusion": "grant", "opinion": "同意备案"}, format="json")
    assert answer.status_code == 200
    assert answer.data["state"] == "decided"
    assert answer.data["decision"]["number"] == "滨发改〔2026〕S1-04-0001号"
    assert answer.data["opinions"][0]["opinion"] == "同意备案"

    assert client(handler).post(url, {"conclusion": "grant"}, format="json").status_code == 409


def test_case_tells_its_clock(application: Application, planning_handler: User) -> None:
    case = factory.case_of(application, "S1-07")

    answer = client(planning_handler).get(f"/api/v1/cases/{case.pk}").data

    assert {"state", "timer", "opinions", "holds", "decision", "earlier_results"} <= set(answer)
    assert {"promised_due_on", "statutory_due_on", "light"} <= set(answer["timer"])
    assert answer["decision"] is None


def test_earlier_results_reach_the_later_case(application: Application, planning_handler: User, at: datetime) -> None:
    factory.finish(factory.case_of(application, "S1-04"), at=at)

    answer = client(planning_handler).get(f"/api/v1/cases/{factory.case_of(application, 'S1-07').pk}").data

    assert [result["item"] for result in answer["earlier_results"]] == ["S1-04"]
    assert answer["earlier_results"][0]["number"] == "滨发改〔2026〕S1-04-0001号"


def test_the_applicant_sees_the_decision_but_not_the_reviewers_words(
    application: Application, applicant: User, at: datetime
) -> None:
    case = factory.finish(factory.case_of(application, "S1-04"), at=at, opinion="内部意见")

    answer = client(applicant).get(f"/api/v1/cases/{case.pk}").data

    assert answer["decision"]["outcome"] == "granted"
    assert answer["opinions"] == []


def test_withdraw(application: Application, applicant: User) -> None:
    url = f"/api/v1/applications/{application.pk}/withdraw"

    assert client(applicant).post(url, {}, format="json").status_code == 422
    answer = client(applicant).post(url, {"reason": "方案重做"}, format="json")
    assert (answer.status_code, answer.data["state"]) == (200, "withdrawn")
    assert client(applicant).post(url, {"reason": "方案重做"}, format="json").status_code == 409


def test_outsiders_find_nothing(application: Application, project: Project, other_applicant: User) -> None:
    case = Case.objects.filter(application=application).first()
    assert case is not None
    task = factory.open_task(case)
    outsider = client(other_applicant)

    assert outsider.get(f"/api/v1/cases/{case.pk}").status_code == 404
    assert outsider.post(f"/api/v1/tasks/{task.pk}/complete", {"conclusion": "grant"}, format="json").status_code == 404
    assert outsider.post(f"/api/v1/applications/{application.pk}/accept").status_code == 404
    assert outsider.post(f"/api/v1/applications/{application.pk}/withdraw", {"reason": "x"}).status_code == 404
    assert outsider.post("/api/v1/applications", {"project": project.code, "stage": "S1"}).status_code == 404
    assert outsider.get("/api/v1/tasks").data["results"] == []


def test_strangers_are_asked_for_a_token(application: Application) -> None:
    for url in ("/api/v1/tasks", "/api/v1/cases/1", "/api/v1/deliveries", "/api/v1/certificates/x"):
        assert APIClient().get(url).status_code == 401
