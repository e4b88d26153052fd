"""A special procedure: shown before it is sent, told in writing at its beginning and its end."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application, ApplicationNotice
from approvals.applications.states import NoticeKind
from approvals.deadlines import previews
from approvals.review import operations as review
from approvals.review.models import Case, Hold
from approvals.review.states import HoldClock
from portal.accounts.models import User
from portal.core import clock
from tests.factories import acts
from tests.factories import review as factory
from tests.factories.projects import pdf

FORM = {
    "reason": "组织专家评审",
    "clock": "special",
    "kind": "expert",
    "expected_days": "10",
    "basis": "评审办法第五条",
}


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def case(application: Application) -> Case:
    return factory.case_of(application, "S1-07")


@pytest.fixture
def client(case: Case) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=factory.member(case.department_id, "handler").user_id))
    return client


def test_it_is_shown_before_it_is_done(case: Case, client: Client) -> None:
    answer = client.post(reverse("review:hold", args=[case.pk]), {**FORM, "version": case.version})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="bar') >= 2  # the clock as it is, and as it will be
    assert "特别程序告知书" in page
    assert "第四十五条" in page
    assert f'name="version" value="{case.version}"' in page
    assert not Hold.objects.exists()
    assert not ApplicationNotice.objects.filter(kind=NoticeKind.SPECIAL).exists()


def test_sent_it_holds_the_case_and_writes_the_notice(case: Case, client: Client) -> None:
    answer = client.post(
        reverse("review:hold", args=[case.pk]),
        {**FORM, "version": case.version, "send": "1", "document": pdf("评审委托书.pdf")},
    )

    assert answer.status_code == 302
    hold = Hold.objects.get(case=case)
    notice = ApplicationNotice.objects.get(kind=NoticeKind.SPECIAL)
    assert hold.notice == notice
    assert hold.document is not None
    rows = dict(notice.content["rows"])
    assert rows["适用依据"] == "评审办法第五条"
    assert "10 个工作日" in rows["所需时间"]
    assert rows["所附文件"]
    assert notice.content["basis"] == "《中华人民共和国行政许可法》第四十五条"


def test_its_end_is_told_too(case: Case, at: datetime) -> None:
    handler = acts.handler_of(case)
    hold = review.place_hold(
        case_id=case.pk,
        reason="公示",
        clock=HoldClock.SPECIAL,
        kind="publicity",
        expected_days=5,
        actor=handler,
        at=at,
    )
    later = at + timedelta(days=6)

    hold = review.release_hold(hold_id=hold.pk, actor=handler, at=later)

    notice = ApplicationNotice.objects.get(kind=NoticeKind.SPECIAL_END)
    assert hold.end_notice == notice
    assert "公示公告" in notice.content["paragraphs"][0]


def test_a_hold_without_a_clock_writes_nothing(case: Case, at: datetime) -> None:
    hold = review.place_hold(case_id=case.pk, reason="等会商", actor=acts.handler_of(case), at=at)
    review.release_hold(hold_id=hold.pk, actor=acts.handler_of(case), at=at)

    assert not ApplicationNotice.objects.filter(kind__in=[NoticeKind.SPECIAL, NoticeKind.SPECIAL_END]).exists()


def test_the_preview_and_the_clock_agree(case: Case, at: datetime) -> None:
    more = previews.special(kind="expert", start=at + timedelta(microseconds=1), ends_on=at.date() + timedelta(days=9))
    foretold = previews.due_on(case.timer, more)
    handler = acts.handler_of(case)
    hold = review.place_hold(
        case_id=case.pk,
        reason="评审",
        clock=HoldClock.SPECIAL,
        kind="expert",
        expected_days=7,
        actor=handler,
        at=at + timedelta(microseconds=1),
    )
    review.release_hold(hold_id=hold.pk, actor=handler, at=at + timedelta(days=9))

    timer = type(case.timer).objects.get(pk=case.timer_id)
    assert timer.promised_due_on == foretold


def test_an_extension_can_be_previewed(case: Case, at: datetime) -> None:
    before = case.timer.promised_due_on
    foretold = previews.due_on(case.timer, previews.extension(days=3, at=at + timedelta(seconds=1)))
    bar = previews.bar(case.timer, previews.extension(days=3, at=at + timedelta(seconds=1)), today=at.date())

    assert before is not None
    assert foretold is not None
    assert foretold > before
    assert bar is not None
    assert sum(mark.now for mark in bar.marks) == 1
