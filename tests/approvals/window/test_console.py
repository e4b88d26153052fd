"""The clerk's console, through HTTP."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications import operations as applications
from approvals.applications.models import Application
from approvals.applications.states import ApplicationState, Verdict
from portal.accounts.models import Enterprise, User
from portal.core import clock
from tests.cast import as_actor
from tests.factories import applications as make
from tests.factories.projects import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(at: datetime) -> object:
    with clock.frozen(at):
        yield


@pytest.fixture
def waiting(enterprise: Enterprise, applicant: User, at: datetime) -> Application:
    return make.handed_in(owner=enterprise, actor=as_actor(applicant), at=at)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(name: str, *args: int) -> str:
    return reverse(f"window:{name}", args=args)


def test_the_queue_opens_with_the_most_urgent(waiting: Application, clerk: User) -> None:
    answer = signed_in(clerk).get(page("queue"))

    text = answer.content.decode()
    assert answer.status_code == 200
    assert waiting.project.name in text
    assert "今天收件" in text
    assert "下班前告知" in text
    assert 'style="' not in text


def test_an_empty_queue_says_what_will_fill_it(clerk: User) -> None:
    assert "没有待受理的申报" in signed_in(clerk).get(page("queue")).content.decode()


def test_checks_a_material_and_asks_for_words_when_it_is_wrong(waiting: Application, clerk: User) -> None:
    client = signed_in(clerk)
    slot = make.first_slot(waiting)
    address = page("check_slot", waiting.pk, slot.pk)

    asked = client.post(address, {"verdict": "wrong"})

    assert asked.status_code == 422
    assert f'id="remark-{slot.pk}"' in asked.content.decode()
    assert client.post(address, {"verdict": "wrong", "remark": "高度不一致"}).status_code == 302
    slot.refresh_from_db()
    assert (slot.verdict, slot.remark) == (Verdict.WRONG, "高度不一致")


def test_htmx_gets_the_check_list_alone(waiting: Application, clerk: User) -> None:
    slot = make.first_slot(waiting)

    answer = signed_in(clerk).post(
        page("check_slot", waiting.pk, slot.pk), {"verdict": "complete"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "齐 1" in answer.content.decode()


def test_accepts_and_goes_on(waiting: Application, clerk: User) -> None:
    answer = signed_in(clerk).post(page("accept", waiting.pk))

    assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.ACCEPTED
    assert waiting.cases.exists()


def test_a_second_accept_is_told_politely(waiting: Application, clerk: User, other_clerk: User) -> None:
    signed_in(clerk).post(page("accept", waiting.pk))

    for person, act in ((clerk, "accept"), (other_clerk, "accept"), (other_clerk, "reject")):
        answer = signed_in(person).post(page(act, waiting.pk), {"reason": "晚了"}, follow=True)

        assert "已经答复过，现在是“已受理”" in answer.content.decode()
        waiting.refresh_from_db()
        assert waiting.state == ApplicationState.ACCEPTED


def test_previews_and_sends_the_one_notice(waiting: Application, clerk: User, at: datetime) -> None:
    client = signed_in(clerk)
    slot = make.first_slot(waiting)
    applications.check_slot(slot_id=slot.pk, verdict="wrong", remark="缺签章", actor=as_actor(clerk), at=at)

    preview = client.get(page("correct", waiting.pk)).content.decode()
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.SUBMITTED
    assert preview.count("缺签章") >= 2  # in the list and on the sheet
    assert "2026年5月14日" in preview

    answer = client.post(
        page("correct", waiting.pk), {"send": "1", f"remedy-slot:{slot.pk}": "由注册建筑师签章", "reason": ""}
    )

    assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.CORRECTING
    point = waiting.notices.get(kind="correction").points.get()
    assert (point.problem, point.remedy) == ("缺签章", "由注册建筑师签章")


def test_tracks_what_is_being_mended(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> None:
    application = make.correcting(owner=enterprise, actor=as_actor(applicant), clerk=as_actor(clerk), at=at)
    applications.attach(
        application_id=application.pk,
        material=make.first_slot(application).material,
        upload=pdf(note="新"),
        actor=as_actor(applicant),
        at=at + timedelta(hours=1),
    )

    text = signed_in(clerk).get(page("correcting")).content.decode()

    assert application.number in text
    assert "1 / 1" in text
    assert "还剩 20 天" in text


def test_rejects_with_a_reason(waiting: Application, clerk: User) -> None:
    client = signed_in(clerk)

    assert client.post(page("reject", waiting.pk), {"reason": ""}).status_code == 422
    assert client.post(page("reject", waiting.pk), {"reason": "不属于本机关职权"}).status_code == 302

    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.REJECTED


@pytest.mark.parametrize("who", ["applicant", "planning_handler", "leader", "outsider"])
@pytest.mark.parametrize("name", ["queue", "correcting", "paper", "handover"])
def test_there_is_no_window_for_others(name: str, who: str, request: pytest.FixtureRequest) -> None:
    assert signed_in(request.getfixturevalue(who)).get(page(name)).status_code == 404


@pytest.mark.parametrize("who", ["applicant", "planning_handler", "leader", "outsider"])
@pytest.mark.parametrize("name", ["accept", "reject", "not_required", "check_all", "check_field", "correct"])
def test_nobody_else_can_answer(name: str, who: str, waiting: Application, request: pytest.FixtureRequest) -> None:
    answer = signed_in(request.getfixturevalue(who)).post(page(name, waiting.pk), {"reason": "x"})

    assert answer.status_code == 404
    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.SUBMITTED
