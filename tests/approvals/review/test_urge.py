"""The lead department urges who holds a lane, once a day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case, Urge
from portal.accounts.models import User
from portal.core import clock
from portal.core.errors import NotAllowed
from portal.core.models import AuditEvent
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from tests.cast import as_actor
from tests.factories import review as factory


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def case(application: Application) -> Case:
    return factory.case_of(application, "S1-04")


def test_nobody_has_it_yet_so_the_department_is_told(case: Case, planning_lead: User, at: datetime) -> None:
    urge = review.urge(case_id=case.pk, words="请今天办完", actor=as_actor(planning_lead), at=at)

    assert urge.told == case.department.name
    notice = Notice.objects.get(kind="review.case.urged")
    assert (notice.department_id, notice.body) == (case.department_id, "请今天办完")
    assert AuditEvent.objects.filter(action="review.case.urged").exists()


def test_who_has_it_is_told_himself(case: Case, planning_lead: User, at: datetime) -> None:
    handler = factory.member(case.department_id, "handler")
    review.claim(task_id=factory.open_task(case).pk, actor=handler, at=at)

    review.urge(case_id=case.pk, words="", actor=as_actor(planning_lead), at=at)

    assert Notice.objects.get(kind="review.case.urged").user_id == handler.user_id


def test_once_a_day_for_each_lane(application: Application, case: Case, planning_lead: User, at: datetime) -> None:
    actor = as_actor(planning_lead)
    review.urge(case_id=case.pk, words="", actor=actor, at=at)

    with pytest.raises(review.UrgedToday):
        review.urge(case_id=case.pk, words="", actor=actor, at=at + timedelta(hours=3))
    review.urge(case_id=factory.case_of(application, "S1-07").pk, words="", actor=actor, at=at)
    review.urge(case_id=case.pk, words="", actor=actor, at=at + timedelta(days=1))

    assert Urge.objects.count() == 3


def test_an_ended_case_is_not_urged(case: Case, planning_lead: User, at: datetime) -> None:
    factory.finish(case, at=at)

    with pytest.raises(TransitionRefused):
        review.urge(case_id=case.pk, words="", actor=as_actor(planning_lead), at=at)


@pytest.mark.parametrize("who", ["applicant", "clerk", "planning_handler", "fire_reviewer", "leader"])
def test_only_the_lead_urges(case: Case, at: datetime, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        review.urge(case_id=case.pk, words="", actor=as_actor(request.getfixturevalue(who)), at=at)


def test_the_stage_page_says_who_until_when_and_what(case: Case, planning_lead: User, at: datetime) -> None:
    other = factory.case_of(case.application, "S1-07")
    handler = factory.member(other.department_id, "handler")
    review.complete_task(
        task_id=factory.open_task(other).pk, conclusion="pass", opinion="红线核对无误", actor=handler, at=at
    )
    client = Client()
    client.force_login(planning_lead)
    address = reverse("review:stage", args=[case.stage_run_id])

    page = client.get(address).content.decode()
    assert "红线核对无误" in page
    assert handler.name in page
    assert reverse("review:urge", args=[case.pk]) in page

    client.post(reverse("review:urge", args=[case.pk]), {"words": ""})
    again = client.get(address).content.decode()
    assert reverse("review:urge", args=[case.pk]) not in again
    assert "已催办" in again
