"""The acts on a case for machines."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from approvals.review.models import Case
from portal.accounts.models import Enterprise, User
from portal.core import clock
from portal.core.actor import Actor
from tests.factories import acts
from tests.factories import review as factory


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def case(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Case:
    return acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)


def post(case: Case, user: User | str, path: str, body: dict[str, Any]) -> Any:
    client = APIClient()
    member = factory.member(case.department_id, user).user_id if isinstance(user, str) else user.pk
    client.force_authenticate(User.objects.get(pk=member))
    return client.post(f"/api/v1/cases/{case.pk}/{path}", body, format="json")


def test_hold_and_release(case: Case) -> None:
    body = {"reason": "专家评审", "clock": "special", "kind": "expert", "expected_days": 5, "version": case.version}
    held = post(case, "handler", "holds", body)
    assert (held.status_code, held.data["state"]) == (200, "held")
    assert held.data["version"] > case.version

    stale = post(case, "handler", "holds", body)
    assert (stale.status_code, stale.data["code"]) == (409, "stale")

    hold = held.data["holds"][0]["id"]
    released = post(case, "handler", f"holds/{hold}/release", {})
    assert (released.status_code, released.data["state"]) == (200, "open")
    assert post(case, "handler", "holds/0/release", {}).status_code == 404


def test_extension(case: Case) -> None:
    assert post(case, "approver", "extension/decide", {"granted": True}).status_code == 404
    asked = post(case, "handler", "extension", {"days": 3, "reason": "复杂"})
    assert [row["state"] for row in asked.data["extensions"]] == ["asked"]
    assert post(case, "handler", "extension/decide", {"granted": True}).status_code == 403

    granted = post(case, "approver", "extension/decide", {"granted": True})

    assert [row["state"] for row in granted.data["extensions"]] == ["granted"]


def test_reopen_and_revoke(case: Case, at: datetime) -> None:
    factory.finish(case, at=at)
    again = post(case, "approver", "reopen", {"reason": "遗漏意见"})
    assert (again.status_code, again.data["round"], again.data["decision"]) == (200, 2, None)
    case.refresh_from_db()
    factory.finish(case, at=at)

    assert post(case, "approver", "revoke", {"reason": "不实"}).status_code in (400, 422)
    gone = post(case, "approver", "revoke", {"reason": "不实", "basis": "行政许可法第六十九条"})
    assert (gone.status_code, gone.data["state"]) == (200, "closed")


@pytest.mark.parametrize("path", ["holds", "extension", "extension/decide", "revoke", "reopen"])
def test_strangers_find_nothing(case: Case, other_applicant: User, fire_reviewer: User, path: str) -> None:
    body = {"reason": "x", "basis": "x", "days": 2, "granted": True}
    for user in (other_applicant, fire_reviewer):
        assert post(case, user, path, body).status_code == 404
