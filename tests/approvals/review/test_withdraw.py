"""Taking an application back ends what runs and keeps what was granted."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.review import operations as review
from approvals.review.models import Hold, ReviewTask
from approvals.review.states import CaseState, StageState, TaskState
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry.models import Project
from tests.cast import as_actor
from tests.factories import review as factory


def test_ends_running_cases_tasks_holds_and_clocks(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    case = factory.case_of(application, "S1-07")
    review.place_hold(case_id=case.pk, reason="等意见", actor=factory.member(case.department_id, "handler"), at=at)

    review.withdraw(application_id=application.pk, reason="方案重做", actor=owner_actor, at=at)

    application.refresh_from_db()
    case.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert case.state == CaseState.CLOSED
    assert case.closed_at == at
    assert set(ReviewTask.objects.values_list("state", flat=True)) == {TaskState.CANCELLED}
    assert not Hold.objects.filter(released_at=None).exists()
    assert case.timer.__class__.objects.get(pk=case.timer_id).is_stopped
    assert factory.run_of(project, "S1").state == StageState.OPEN
    assert AuditEvent.objects.filter(action="review.case.closed").count() == 2
    assert OutboxMessage.objects.filter(topic="applications.application.withdrawn").exists()


def test_keeps_what_was_granted(application: Application, owner_actor: Actor, at: datetime) -> None:
    granted = factory.finish(factory.case_of(application, "S1-04"), at=at)

    review.withdraw(application_id=application.pk, reason="方案重做", actor=owner_actor, at=at)

    granted.refresh_from_db()
    assert granted.state == CaseState.DECIDED


def test_a_new_application_can_follow(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    review.withdraw(application_id=application.pk, reason="方案重做", actor=owner_actor, at=at)

    again = review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at)

    assert again.items.count() == 2


def test_needs_a_reason(application: Application, owner_actor: Actor, at: datetime) -> None:
    with pytest.raises(InvalidInput):
        review.withdraw(application_id=application.pk, reason=" ", actor=owner_actor, at=at)


@pytest.mark.parametrize("who", ["other_applicant", "agent", "clerk", "planning_approver", "leader"])
def test_only_the_applicant_may(
    application: Application, at: datetime, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        review.withdraw(application_id=application.pk, reason="x", actor=as_actor(request.getfixturevalue(who)), at=at)


def test_twice_is_refused(application: Application, owner_actor: Actor, at: datetime) -> None:
    review.withdraw(application_id=application.pk, reason="方案重做", actor=owner_actor, at=at)

    with pytest.raises(TransitionRefused):
        review.withdraw(application_id=application.pk, reason="方案重做", actor=owner_actor, at=at)
