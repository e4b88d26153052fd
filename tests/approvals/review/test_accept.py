"""Acceptance opens every case that can open, with its clock, its task and what its department may read."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.deadlines.models import TimerEvent
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.states import CaseState, StageState, Step, TaskState
from portal.accounts.models import User
from portal.core.actor import Actor
from portal.core.errors import NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry.models import Project, ProjectAccess
from tests.cast import as_actor
from tests.factories import review as factory


def test_opens_a_case_and_a_task_for_every_item(waiting: Application, clerk_actor: Actor, at: datetime) -> None:
    review.accept(application_id=waiting.pk, actor=clerk_actor, at=at)

    cases = {case.service_item.code: case for case in Case.objects.filter(application=waiting)}
    assert set(cases) == {"S1-04", "S1-07"}
    assert all(case.state == CaseState.OPEN for case in cases.values())
    tasks = {task.case.service_item.code: task for task in ReviewTask.objects.all()}
    assert (tasks["S1-04"].step, tasks["S1-04"].is_deciding) == (Step.HANDLER, True)
    assert (tasks["S1-07"].step, tasks["S1-07"].is_deciding) == (Step.HANDLER, False)
    assert {task.state for task in tasks.values()} == {TaskState.WAITING}
    assert tasks["S1-07"].department_id == cases["S1-07"].department_id


def test_cases_copy_the_clock_of_the_application(waiting: Application, clerk_actor: Actor, at: datetime) -> None:
    later = at + timedelta(days=2)

    review.accept(application_id=waiting.pk, actor=clerk_actor, at=later)

    timer = factory.case_of(waiting, "S1-07").timer
    assert timer.received_on == at.date()
    assert timer.accepted_on == later.date()
    assert list(TimerEvent.objects.filter(timer=timer).order_by("seq").values_list("type", flat=True)) == [
        "submitted",
        "accepted",
    ]
    assert timer.promised_days == 2  # the flow promises less than the item


def test_starts_the_stage(waiting: Application, project: Project, clerk_actor: Actor, at: datetime) -> None:
    review.accept(application_id=waiting.pk, actor=clerk_actor, at=at)

    run = factory.run_of(project, "S1")
    assert run.state == StageState.IN_REVIEW
    assert run.review_started_at == at
    assert run.timer is not None
    assert run.timer.promised_due_on == Application.objects.get(pk=waiting.pk).timer.promised_due_on


def test_lets_the_departments_and_the_lead_see_the_project(
    waiting: Application, project: Project, clerk_actor: Actor, at: datetime
) -> None:
    review.accept(application_id=waiting.pk, actor=clerk_actor, at=at)

    seeing = set(ProjectAccess.objects.filter(project=project).values_list("department_id", flat=True))
    assert seeing == {"fgw", "zrzy"}


def test_writes_audit_and_news(waiting: Application, clerk_actor: Actor, at: datetime) -> None:
    review.accept(application_id=waiting.pk, actor=clerk_actor, at=at)

    actions = list(AuditEvent.objects.filter(at=at).values_list("action", flat=True))
    assert actions.count("review.case.opened") == 2
    assert actions.count("review.task.opened") == 2
    topics = list(OutboxMessage.objects.values_list("topic", flat=True))
    for topic in ("applications.application.accepted", "review.case.opened", "review.stage.review_started"):
        assert topic in topics


def test_a_second_acceptance_is_refused_and_opens_nothing(
    application: Application, clerk_actor: Actor, at: datetime
) -> None:
    with pytest.raises(TransitionRefused):
        review.accept(application_id=application.pk, actor=clerk_actor, at=at)

    assert Case.objects.filter(application=application).count() == 2


@pytest.mark.parametrize("who", ["applicant", "other_applicant", "planning_handler", "leader"])
def test_nobody_but_the_window_accepts(
    waiting: Application, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    outsider: User = request.getfixturevalue(who)

    with pytest.raises(NotAllowed):
        review.accept(application_id=waiting.pk, actor=as_actor(outsider), at=at)

    waiting.refresh_from_db()
    assert waiting.state == ApplicationState.SUBMITTED


def test_items_without_their_prerequisite_wait(
    enterprise: object, owner_actor: Actor, clerk_actor: Actor, at: datetime, person: Callable[..., User]
) -> None:
    project = factory.a_running_project(owner=enterprise, actor=owner_actor, at=at)  # type: ignore[arg-type]
    application = factory.accepted(
        project=project, stage="P", applicant=owner_actor, clerk=clerk_actor, at=at, items=["S1-28", "S2-12"]
    )

    assert set(Case.objects.filter(application=application).values_list("service_item__code", flat=True)) == {"S2-12"}
    assert application.state == ApplicationState.ACCEPTED
    assert not StageRun.objects.filter(project=project, stage="P").exists()
