"""Questions for a department's own system."""

from datetime import datetime

import pytest
from rest_framework.test import APIClient

from approvals.joint.models import Request
from approvals.review.models import Case
from portal.accounts.models import User
from portal.core.actor import Actor
from tests.factories import joint as factory
from tests.factories import review as reviewing


def machine(user: User | Actor) -> APIClient:
    client = APIClient()
    client.force_authenticate(user if isinstance(user, User) else User.objects.get(pk=user.user_id))
    return client


@pytest.fixture
def row(case: Case, at: datetime) -> Request:
    return factory.request_to(factory.asked(case, "sthj", "rf", at=at), "sthj")


def test_a_department_pulls_what_it_is_asked_and_answers(row: Request) -> None:
    api = machine(reviewing.member("sthj", "handler"))

    (asked,) = api.get("/api/v1/consultations?state=asked").data["results"]
    assert (asked["id"], asked["asked_by"], asked["due_on"].isoformat()) == (row.pk, "zrzy", "2026-04-17")
    address = f"/api/v1/consultations/{row.pk}/reply"
    assert api.post(address, {"position": "disagree"}, format="json").status_code == 422
    assert api.post(address, {"position": "perhaps"}, format="json").status_code == 422
    answered = api.post(address, {"position": "conditions", "text": "退让十米"}, format="json")
    assert (answered.status_code, answered.data["state"], answered.data["position"]) == (200, "answered", "conditions")
    assert api.get("/api/v1/consultations?state=asked").data["results"] == []
    assert api.get("/api/v1/consultations?state=nonsense").status_code == 422


@pytest.mark.parametrize("who", ["applicant", "fire_reviewer", "outsider"])
def test_others_find_nothing(row: Request, who: str, request: pytest.FixtureRequest) -> None:
    api = machine(request.getfixturevalue(who))

    assert api.get("/api/v1/consultations").data["results"] == []
    answer = api.post(f"/api/v1/consultations/{row.pk}/reply", {"position": "agree"}, format="json")
    assert answer.status_code == 404


def test_who_asked_does_not_answer_himself(row: Request, asker: Actor) -> None:
    answer = machine(asker).post(f"/api/v1/consultations/{row.pk}/reply", {"position": "agree"}, format="json")

    assert answer.status_code == 403
