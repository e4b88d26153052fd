"""What people type is shown as they typed it, never run: on every page of joint work, of filters and of a case."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.deadlines import links
from approvals.joint import operations as joint
from approvals.review import operations as review
from approvals.review.models import Case
from approvals.review.queries import Filters
from portal.accounts import operations as accounts
from portal.accounts.models import Enterprise, User
from portal.core import clock
from tests.cast import Person, as_actor
from tests.factories import joint as joining
from tests.factories import review as reviewing

ODD = '"><img src=x onerror=alert(1)><script>alert(1)</script>{{ 7|add:7 }}'


@pytest.fixture(autouse=True)
def stopped_clock(at: datetime) -> Iterator[None]:
    with clock.frozen(at):
        yield


@pytest.fixture
def application(enterprise: Enterprise, applicant: User, clerk: User, at: datetime) -> Application:
    owner = as_actor(applicant)
    project = reviewing.a_running_project(owner=enterprise, actor=owner, at=at, name=f"仓库{ODD}"[:80])
    return reviewing.accepted(project=project, stage="S1", applicant=owner, clerk=as_actor(clerk), at=at)


def signed_in(user_id: int | None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


def test_typed_words_never_become_markup(
    application: Application, applicant: User, person: Person, at: datetime
) -> None:
    case = reviewing.case_of(application, "S1-07")
    handler = reviewing.member(case.department_id, "handler")
    consultation = joining.asked(case, "sthj", at=at, question=ODD)
    request = joining.request_to(consultation, "sthj")
    joining.replied(request, at=at, position="conditions", text=ODD)
    session = joining.held(joining.called(case.stage_run_id or 0, at=at), at=at)
    joint.raise_point(
        session_id=session.pk,
        department_id=joining.FIRST,
        text=ODD,
        remedy=ODD,
        is_mandatory=True,
        actor=reviewing.member(joining.FIRST, "handler"),
        at=at,
    )
    review.save_filter(name="<img src=x onerror>", filters=Filters(), actor=handler)
    review.place_hold(case_id=case.pk, reason=ODD, actor=handler, at=at)
    review.ask_extension(case_id=case.pk, days=2, reason=ODD, actor=handler, at=at)
    review.ask_correction(case_id=case.pk, points=[review.Point(problem=ODD, label=ODD)], actor=handler, at=at)
    colleague = person("odd-colleague", "handler", department=case.department_id, name="规<img src=x onerror=alert(1)>")
    accounts.arrange_substitute(
        person_id=handler.user_id or 0,
        substitute_id=colleague.pk,
        department_id=case.department_id,
        from_on=clock.day_of(at),
        until_on=clock.day_of(at),
        reason="<img src=x onerror=alert(1)>",
        actor=handler,
        at=at,
    )
    head = reviewing.member(case.department_id, "approver")
    task = reviewing.open_task(case)
    review.assign(task_id=task.pk, user_id=colleague.pk, actor=head, at=at)
    timer = case.timer_id or 0
    run = reviewing.run_of(application.project, "S1")
    lead = reviewing.member(session.lead_id, "handler")
    asked = reviewing.member("sthj", "handler")
    pages = [
        (handler.user_id, reverse("review:case", args=[case.pk])),
        (handler.user_id, reverse("review:inbox")),
        (handler.user_id, reverse("review:filters")),
        (handler.user_id, reverse("review:stage", args=[run.pk])),
        (handler.user_id, reverse("joint:case_panel", args=[case.pk])),
        (handler.user_id, reverse("joint:stage_panel", args=[run.pk])),
        (handler.user_id, reverse("joint:consultation", args=[consultation.pk])),
        (asked.user_id, reverse("joint:request", args=[request.pk])),
        (handler.user_id, reverse("accounts:absence")),
        (head.user_id, reverse("review:assignment")),
        (head.user_id, reverse("accounts:absence")),
        (handler.user_id, links.ledger_url(timer)),
        (handler.user_id, reverse("review:project_time", args=[application.project_id])),
        (lead.user_id, reverse("review:stages")),
        (lead.user_id, reverse("joint:session", args=[session.pk])),
        (lead.user_id, reverse("joint:sessions")),
        (applicant.pk, reverse("joint:session", args=[session.pk])),
        (applicant.pk, reverse("review:mine", args=[case.pk])),
        (applicant.pk, reverse("tracking:project", args=[application.project.code])),
        (applicant.pk, reverse("tracking:mandates", args=[application.project.code])),
        (applicant.pk, reverse("applications:application", args=[application.pk])),
    ]

    for user_id, url in pages:
        answer = signed_in(user_id).get(url)
        page = answer.content.decode()
        assert answer.status_code == 200, url
        assert "<img src=x" not in page, url
        assert "<script>alert" not in page, url
        assert "&lt;img src=x onerror" in page or "onerror" not in page, url
        assert "script-src 'self'" in answer["Content-Security-Policy"], url


def test_anonymous_posts_change_nothing(application: Application, at: datetime) -> None:
    case: Case = reviewing.case_of(application, "S1-07")
    consultation = joining.asked(case, "sthj", at=at)
    request = joining.request_to(consultation, "sthj")
    before = case.version

    for url in (
        reverse("joint:reply", args=[request.pk]),
        reverse("joint:close", args=[consultation.pk]),
        reverse("review:withdraw", args=[application.pk]),
        reverse("review:sign", args=[case.pk]),
        reverse("review:hold", args=[case.pk]),
        reverse("review:batch_preview"),
        reverse("review:filters"),
    ):
        answer = Client().post(url, {"reason": "x", "position": "agree", "text": "x", "name": "x"})
        assert answer.status_code == 302, url
        assert "login" in answer["Location"], url

    case.refresh_from_db()
    request.refresh_from_db()
    application.refresh_from_db()
    assert (case.version, request.state, application.state) == (before, "asked", "accepted")
