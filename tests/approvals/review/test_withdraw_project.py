"""Giving up a whole project: everything that runs ends, what was granted stays, in every state it can be in."""

from datetime import datetime

import pytest

from approvals.applications.models import Application
from approvals.applications.states import OPEN_STATES, ApplicationState
from approvals.review import operations as review
from approvals.review.models import Case, Hold, ReviewTask, StageRun
from approvals.review.states import CaseState, StageState, TaskState
from portal.accounts.models import Enterprise
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed, NotFound
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.operations import Part
from projects.registry.states import ProjectState
from tests.cast import as_actor
from tests.factories import applications as applying
from tests.factories import review as factory

REASON = "土地收回，项目不再建设"


def give_up(project: Project, actor: Actor, at: datetime, reason: str = REASON) -> Project:
    return review.withdraw_project(project_id=project.pk, reason=reason, actor=actor, at=at)


def test_ends_everything_that_runs_and_keeps_what_was_granted(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    granted = factory.finish(factory.case_of(application, "S1-04"), at=at)
    running = factory.case_of(application, "S1-07")
    handler = factory.member(running.department_id, "handler")
    review.place_hold(case_id=running.pk, reason="等专家意见", actor=handler, at=at)
    draft = review.open_application(project_id=project.pk, stage="P", item_ids=["S2-12"], actor=owner_actor, at=at)

    withdrawn = give_up(project, owner_actor, at)

    assert withdrawn.state == ProjectState.WITHDRAWN
    assert set(Application.objects.filter(project=project).values_list("state", flat=True)) == {
        ApplicationState.WITHDRAWN
    }
    draft.refresh_from_db()
    assert draft.closed_at == at
    granted.refresh_from_db()
    running.refresh_from_db()
    assert (granted.state, running.state) == (CaseState.DECIDED, CaseState.CLOSED)
    assert set(ReviewTask.objects.filter(case=running).values_list("state", flat=True)) == {TaskState.CANCELLED}
    assert not Hold.objects.filter(released_at=None).exists()
    assert set(StageRun.objects.filter(project=project).values_list("state", flat=True)) == {StageState.CLOSED}
    for row in (running, factory.run_of(project, "S1")):
        timer = type(row).objects.select_related("timer").get(pk=row.pk).timer
        assert timer is not None
        assert timer.is_stopped
    assert AuditEvent.objects.get(action="registry.project.withdrawn").data["reason"] == REASON
    for topic in ("registry.project.withdrawn", "review.case.closed", "review.stage.closed"):
        assert OutboxMessage.objects.filter(topic=topic).exists()
    assert audit.verify(project.audit_stream) is None


@pytest.mark.parametrize("state", OPEN_STATES)
def test_an_application_in_any_open_state_is_taken_back(
    enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime, state: ApplicationState
) -> None:
    make = {
        ApplicationState.DRAFT: lambda: applying.a_draft(owner=enterprise, actor=owner_actor, at=at),
        ApplicationState.SUBMITTED: lambda: applying.handed_in(owner=enterprise, actor=owner_actor, at=at),
        ApplicationState.CORRECTING: lambda: applying.correcting(
            owner=enterprise, actor=owner_actor, clerk=clerk_actor, at=at
        ),
        ApplicationState.ACCEPTED: lambda: review.accept(
            application_id=applying.handed_in(owner=enterprise, actor=owner_actor, at=at).pk, actor=clerk_actor, at=at
        ),
    }
    filed = make[state]()
    assert filed.state == state

    give_up(filed.project, owner_actor, at)

    filed.refresh_from_db()
    assert filed.state == ApplicationState.WITHDRAWN
    assert filed.timer is None or type(filed.timer).objects.get(pk=filed.timer_id).is_stopped
    assert not Case.objects.filter(application=filed).running().exists()


@pytest.mark.parametrize("state", [state for state in ApplicationState if state not in OPEN_STATES])
def test_an_application_that_has_ended_stays_as_it_is(
    waiting: Application, project: Project, owner_actor: Actor, at: datetime, state: ApplicationState
) -> None:
    Application.objects.filter(pk=waiting.pk).update(state=state)

    give_up(project, owner_actor, at)

    waiting.refresh_from_db()
    assert waiting.state == state


@pytest.mark.parametrize("state", StageState)
def test_a_stage_in_any_state_ends_unless_it_is_done(
    project: Project, owner_actor: Actor, at: datetime, state: StageState
) -> None:
    StageRun.objects.filter(project=project, stage="S2").update(
        state=state, concluded_at=at if state == StageState.CONCLUDED else None
    )

    give_up(project, owner_actor, at)

    kept = (StageState.CONCLUDED, StageState.DIVIDED)
    assert factory.run_of(project, "S2").state == (state if state in kept else StageState.CLOSED)


@pytest.mark.parametrize("state", ProjectState)
def test_only_a_project_that_is_not_over_can_be_given_up(
    application: Application, project: Project, owner_actor: Actor, at: datetime, state: ProjectState
) -> None:
    Project.objects.filter(pk=project.pk).update(
        state=state, **({"code": None} if state == ProjectState.PROPOSED else {})
    )

    if state in (ProjectState.PROPOSED, ProjectState.REGISTERED):
        assert give_up(project, owner_actor, at).state == ProjectState.WITHDRAWN
        return
    with pytest.raises(TransitionRefused):
        give_up(project, owner_actor, at)
    application.refresh_from_db()
    assert application.state == ApplicationState.ACCEPTED, "what was refused changed nothing"
    assert application.cases.running().exists()


def test_a_project_that_waits_for_its_code_is_given_up_and_not_laid_out_afterwards(
    enterprise: Enterprise, owner_actor: Actor, at: datetime, drained: object
) -> None:
    project = registry.register(
        name="代码后到", region=factory.REGION, facts=factory.SMALL, owner_id=enterprise.pk, actor=owner_actor, at=at
    )

    give_up(project, owner_actor, at)
    drained(at)  # type: ignore[operator]

    assert not StageRun.objects.filter(project=project).exists()


def test_needs_a_reason_and_changes_nothing_without(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidInput):
        give_up(project, owner_actor, at, reason="  ")

    application.refresh_from_db()
    assert application.state == ApplicationState.ACCEPTED


def test_the_owner_and_the_window_may_and_nobody_else(
    project: Project, clerk_actor: Actor, owner_actor: Actor, at: datetime, request: pytest.FixtureRequest
) -> None:
    agent = request.getfixturevalue("agent")
    registry.give_mandate(project_id=project.pk, user_id=agent.pk, actor=owner_actor, at=at)
    for who in ("other_applicant", "agent", "planning_approver", "planning_lead", "leader", "supervisor"):
        with pytest.raises(NotAllowed):
            give_up(project, as_actor(request.getfixturevalue(who)), at)

    assert give_up(project, clerk_actor, at).is_over


def test_there_must_be_a_project(pack: object, owner_actor: Actor, at: datetime) -> None:
    with pytest.raises(NotFound):
        review.withdraw_project(project_id=10**9, reason=REASON, actor=owner_actor, at=at)


def test_nothing_can_be_applied_for_or_opened_by_late_news(
    application: Application, project: Project, owner_actor: Actor, at: datetime, drained: object
) -> None:
    registry.record_facts(
        project_id=project.pk, values={"land_mode": "own"}, source="registry", actor=Actor.system("test"), at=at
    )
    give_up(project, owner_actor, at)

    drained(at)  # type: ignore[operator]

    assert set(StageRun.objects.filter(project=project).values_list("state", flat=True)) == {StageState.CLOSED}
    for stage in ("S1", "P"):
        with pytest.raises(registry.ProjectIsOver):
            review.open_application(project_id=project.pk, stage=stage, actor=owner_actor, at=at)


def test_a_divided_project_ends_with_all_its_units(project: Project, owner_actor: Actor, at: datetime) -> None:
    review.divide(project_id=project.pk, unit_id=None, parts=[Part("东"), Part("西")], actor=owner_actor, at=at)

    give_up(project, owner_actor, at)

    assert set(StageRun.objects.present().filter(project=project).values_list("state", flat=True)) == {
        StageState.CLOSED
    }
