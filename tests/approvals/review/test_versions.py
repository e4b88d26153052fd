"""No edit is lost: every form names the version of the case it was begun from."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.states import Conclusion, HoldClock
from approvals.review.templatetags.review import act_words
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


Verb = Callable[[Case, int | None, datetime], object]


def _complete(case: Case, version: int | None, at: datetime) -> object:
    task = factory.open_task(case)
    actor = factory.member(case.department_id, task.step)
    return review.complete_task(
        task_id=task.pk, conclusion=Conclusion.PASS, opinion="好", actor=actor, at=at, version=version
    )


def _decide_extension(case: Case, version: int | None, at: datetime) -> object:
    extension = case.extensions.get()
    return review.decide_extension(
        extension_id=extension.pk, granted=True, remark="", actor=acts.approver_of(case), at=at, version=version
    )


VERBS: dict[str, Verb] = {
    "claim": lambda case, version, at: review.claim(
        task_id=factory.open_task(case).pk, actor=acts.handler_of(case), at=at, version=version
    ),
    "complete": _complete,
    "hold": lambda case, version, at: review.place_hold(
        case_id=case.pk, reason="等", actor=acts.handler_of(case), at=at, version=version
    ),
    "ask extension": lambda case, version, at: review.ask_extension(
        case_id=case.pk, days=2, reason="复杂", actor=acts.handler_of(case), at=at, version=version
    ),
    "ask correction": lambda case, version, at: review.ask_correction(
        case_id=case.pk,
        points=[review.Point(problem="缺", label="说明")],
        actor=acts.handler_of(case),
        at=at,
        version=version,
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_a_stale_form_is_refused_and_a_fresh_one_counts_up(case: Case, at: datetime, name: str) -> None:
    with pytest.raises(review.StaleCase) as refused:
        VERBS[name](case, case.version + 1, at)
    assert refused.value.fields["yours"] == case.version + 1
    assert refused.value.http_status == 409

    VERBS[name](case, case.version, at)

    before = case.version
    case.refresh_from_db()
    assert case.version > before
    assert case.changed_at == at


def test_later_verbs_take_the_version_too(case: Case, owner_actor: Actor, at: datetime) -> None:
    acts.an_extension(case, at=at)
    case.refresh_from_db()
    with pytest.raises(review.StaleCase):
        _decide_extension(case, case.version - 1, at)
    _decide_extension(case, case.version, at)
    correction = acts.a_correction(case, at=at)
    acts.supplied(correction, applicant=owner_actor, at=at)
    case.refresh_from_db()
    handler = acts.handler_of(case)
    with pytest.raises(review.StaleCase):
        review.confirm_correction(
            correction_id=correction.pk, complete=True, remark="", actor=handler, at=at, version=case.version - 1
        )
    review.confirm_correction(
        correction_id=correction.pk, complete=True, remark="", actor=handler, at=at, version=case.version
    )
    factory.finish(case, at=at)
    case.refresh_from_db()
    approver = acts.approver_of(case)
    for verb, more in ((review.revoke, {"basis": "法"}), (review.reopen, {})):
        with pytest.raises(review.StaleCase):
            verb(case_id=case.pk, reason="x", actor=approver, at=at, version=case.version - 1, **more)


def signed_in(case: Case, step: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=factory.member(case.department_id, step).user_id))
    return client


def test_the_page_shows_both_versions_and_keeps_what_was_typed(case: Case, at: datetime) -> None:
    task = factory.open_task(case)
    client = signed_in(case, "handler")
    shown = client.get(reverse("review:case", args=[case.pk])).content.decode()
    assert f'name="version" value="{case.version}"' in shown
    review.place_hold(case_id=case.pk, reason="等专家意见", clock=HoldClock.NONE, actor=acts.approver_of(case), at=at)

    answer = client.post(
        reverse("review:complete", args=[task.pk]),
        {"conclusion": "pass", "opinion": "我写了很久的意见", "version": case.version},
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.count("我写了很久的意见") >= 2  # beside the other version, and in the box
    assert "等专家意见" in page
    assert f"第 {case.version} 版" in page
    assert f"第 {case.version + 1} 版" in page
    # sent again from what the page shows now, it goes through
    again = client.post(
        reverse("review:complete", args=[task.pk]),
        {"conclusion": "pass", "opinion": "我写了很久的意见", "version": case.version + 1},
    )
    assert again.status_code == 302


def test_the_page_says_who_took_the_task_meanwhile(case: Case, at: datetime) -> None:
    task, handler = factory.open_task(case), acts.handler_of(case)
    begun = case.version
    review.claim(task_id=task.pk, actor=handler, at=at)
    review.hand_back(task_id=task.pk, actor=handler, at=at)
    review.assign(task_id=task.pk, user_id=handler.user_id or 0, actor=acts.approver_of(case), at=at)

    answer = signed_in(case, "handler").post(
        reverse("review:hold", args=[case.pk]), {"reason": "等意见", "clock": "none", "version": begun}
    )

    assert answer.status_code == 409
    assert [act_words(event) for event in answer.context["stale"]["since"]] == ["分派", "交回待领", "领取"]


FORMS: dict[str, tuple[str, dict[str, Any], str]] = {
    "hold": ("handler", {"reason": "我的停办理由", "clock": "none"}, "我的停办理由"),
    "ask_extension": ("handler", {"days": 3, "reason": "我的延期理由"}, "我的延期理由"),
    "ask_correction": ("handler", {"other_label": "说明", "other_problem": "我的问题"}, "我的问题"),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_on_the_page_answers_409_and_keeps_the_words(case: Case, at: datetime, name: str) -> None:
    step, typed, words = FORMS[name]
    acts_url = reverse(f"review:{name}", args=[case.pk])
    review.place_hold(case_id=case.pk, reason="别人先停办", actor=acts.approver_of(case), at=at)

    answer = signed_in(case, step).post(acts_url, {**typed, "version": case.version})

    assert answer.status_code == 409
    assert words in answer.content.decode()


def test_every_form_of_the_case_page_carries_the_version(case: Case, application: Application, at: datetime) -> None:
    acts.an_extension(case, at=at)
    for step in ("handler", "approver"):
        page = signed_in(case, step).get(reverse("review:case", args=[case.pk])).content.decode()
        own = [part for part in page.split("<form")[1:] if f"/review/cases/{case.pk}/" in part.split(">")[0]]
        assert own
        assert all('name="version"' in part.split("</form>")[0] for part in own)


def test_two_who_decide_from_one_version_are_not_both_heard(case: Case, at: datetime) -> None:
    task = factory.up_to_decision(case, at=at)
    case.refresh_from_db()
    seen = case.version
    approver = acts.approver_of(case)
    review.place_hold(case_id=case.pk, reason="等", actor=approver, at=at + timedelta(seconds=1))

    with pytest.raises(review.StaleCase):
        review.complete_task(
            task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=approver, at=at, version=seen
        )
