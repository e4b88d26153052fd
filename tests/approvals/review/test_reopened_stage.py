"""A concluded stage whose milestone ends: opened again, told, and concluded anew."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from approvals.applications.models import Application
from approvals.applications.operations.drafting import AlreadyOpen
from approvals.applications.states import ApplicationState
from approvals.deadlines.states import TimerState
from approvals.review import operations as review
from approvals.review import queries
from approvals.review.models import Case, StageRun
from approvals.review.queries import times
from approvals.review.states import CaseState, Conclusion, StageState
from portal.accounts.models import User
from portal.core import audit, clock
from portal.core.actor import Actor
from portal.core.models import AuditEvent, OutboxMessage
from portal.core.transitions import TransitionRefused
from portal.notices.models import Notice
from projects.registry.models import Project
from projects.registry.states import ProjectState
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory

DAY = timedelta(days=1)
LAW = "《中华人民共和国行政许可法》第六十九条"
Drain = Callable[[datetime], int]
Concluded = Callable[..., Application]


@pytest.fixture
def concluded(project: Project, owner_actor: Actor, clerk_actor: Actor) -> Concluded:
    """Return an act that takes the next stage from its application to its conclusion."""

    def conclude(stage: str, at: datetime) -> Application:
        filed = factory.accepted(project=project, stage=stage, applicant=owner_actor, clerk=clerk_actor, at=at)
        while running := filed.cases.running().order_by("pk").first():
            factory.finish(running, at=at)
        filed.refresh_from_db()
        assert filed.state == ApplicationState.COMPLETED
        assert factory.run_of(project, stage).state == StageState.CONCLUDED
        return filed

    return conclude


def state_of(project: Project, stage: str) -> str:
    return factory.run_of(project, stage).state


def revoke(case: Case, at: datetime) -> None:
    review.revoke(case_id=case.pk, reason="申请材料不实", basis=LAW, actor=acts.approver_of(case), at=at)


def test_a_revoked_milestone_opens_its_stage_again(
    project: Project, concluded: Concluded, at: datetime, drained: Drain
) -> None:
    filed = concluded("S1", at)
    drained(at)
    kept = factory.run_of(project, "S1").timer
    assert kept is not None
    assert kept.stage_days is not None
    later = at + 3 * DAY

    revoke(factory.case_of(filed, "S1-07"), later)

    run = factory.run_of(project, "S1")
    assert (run.state, run.concluded_at, run.reopened_at, run.is_reopened) == (StageState.OPEN, None, later, True)
    # nothing had been applied for in the next one
    assert state_of(project, "S2") == StageState.WAITING
    kept.refresh_from_db()
    assert kept.stage_days is None, "it has not ended after all"
    event = AuditEvent.objects.get(action="review.stage.reopened")
    assert (event.data["from"], event.data["to"]) == ("concluded", "open")
    assert OutboxMessage.objects.filter(topic="review.stage.reopened", payload__id=run.pk).count() == 1
    drained(later)
    told = Notice.objects.filter(kind="review.stage.reopened")
    assert set(told.values_list("enterprise_id", "department_id")) == {(project.owner_id, None), (None, run.lead_id)}
    assert audit.verify(project.audit_stream) is None


def test_another_item_of_the_stage_leaves_it_concluded(project: Project, concluded: Concluded, at: datetime) -> None:
    revoke(factory.case_of(concluded("S1", at), "S1-04"), at)

    assert state_of(project, "S1") == StageState.CONCLUDED
    assert state_of(project, "S2") == StageState.OPEN


def test_applied_for_anew_and_granted_it_is_concluded_again(
    project: Project, concluded: Concluded, at: datetime, drained: Drain
) -> None:
    revoke(factory.case_of(concluded("S1", at), "S1-07"), at)

    again = concluded("S1", at + 2 * DAY)
    drained(at + 2 * DAY)

    assert [case.service_item.code for case in again.cases.select_related("service_item")] == ["S1-07"]
    assert state_of(project, "S2") == StageState.OPEN
    assert not factory.run_of(project, "S1").is_reopened
    timer = factory.run_of(project, "S1").timer
    assert timer is not None
    assert timer.stage_days == 0, "granted on the days of acceptance"
    assert OutboxMessage.objects.filter(topic="review.stage.concluded").count() == 2


def test_what_is_under_way_in_the_next_stage_goes_on(
    project: Project, concluded: Concluded, owner_actor: Actor, at: datetime
) -> None:
    filed = concluded("S1", at)
    draft = review.open_application(project_id=project.pk, stage="S2", actor=owner_actor, at=at)

    revoke(factory.case_of(filed, "S1-07"), at)

    assert (state_of(project, "S1"), state_of(project, "S2")) == (StageState.OPEN, StageState.OPEN)
    draft.refresh_from_db()
    assert draft.state == ApplicationState.DRAFT


def test_later_results_are_flagged_to_those_who_gave_them(
    project: Project, concluded: Concluded, at: datetime, drained: Drain
) -> None:
    first = concluded("S1", at)
    second = concluded("S2", at)
    third = concluded("S3", at)

    revoke(factory.case_of(first, "S1-07"), at + DAY)
    drained(at + DAY)

    # they stand until their departments have looked at them
    assert [state_of(project, stage) for stage in ("S1", "S2", "S3")] == ["open", "concluded", "concluded"]
    run = StageRun.objects.select_related("project", "unit").get(pk=factory.run_of(project, "S1").pk)
    later = {*second.cases.values_list("pk", flat=True), *third.cases.values_list("pk", flat=True)}
    assert {case.pk for case in queries.later_results(run)} == later
    told = Notice.objects.filter(kind="review.stage.reopened", department__isnull=False)
    departments = {run.lead_id, *Case.objects.filter(pk__in=later).values_list("department_id", flat=True)}
    assert set(told.values_list("department_id", flat=True)) == departments


def test_a_changed_fact_never_opens_it(project: Project, concluded: Concluded, at: datetime) -> None:
    filed = concluded("S1", at)
    Case.objects.filter(pk=factory.case_of(filed, "S1-07").pk).update(decision=None)

    review.recheck(project_id=project.pk, at=at)

    assert state_of(project, "S1") == StageState.CONCLUDED


def test_a_closed_project_is_taken_up_again(project: Project, concluded: Concluded, at: datetime) -> None:
    filed = [concluded(stage, at) for stage in ("S1", "S2", "S3", "S4")]
    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED

    revoke(factory.case_of(filed[-1], "S4-10"), at)

    project.refresh_from_db()
    assert (project.state, project.closed_at) == (ProjectState.REGISTERED, None)
    assert state_of(project, "S4") == StageState.OPEN
    concluded("S4", at + DAY)
    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED


# --- taken up again by the authority ----------------------------------------------------------------------------------


@pytest.fixture
def reopened(project: Project, concluded: Concluded, at: datetime, drained: Drain) -> Case:
    case = factory.case_of(concluded("S1", at), "S1-07")
    drained(at)
    review.reopen(case_id=case.pk, reason="遗漏了一项意见", actor=acts.approver_of(case), at=at + 2 * DAY)
    case.refresh_from_db()
    return case


def test_application_and_stage_are_under_review_again(reopened: Case, project: Project, at: datetime) -> None:
    application = reopened.application
    application.refresh_from_db()
    assert (application.state, application.closed_at) == (ApplicationState.ACCEPTED, None)
    assert application.timer is not None
    assert application.timer.state == TimerState.RUNNING
    run = factory.run_of(project, "S1")
    assert (run.state, run.timer and run.timer.state) == (StageState.IN_REVIEW, TimerState.RUNNING)
    assert run.reopened_at == at + 2 * DAY


def test_decided_again_everything_ends_again(reopened: Case, project: Project, at: datetime, drained: Drain) -> None:
    factory.finish(reopened, at=at + 3 * DAY)
    drained(at + 3 * DAY)

    reopened.application.refresh_from_db()
    assert reopened.application.state == ApplicationState.COMPLETED
    run = StageRun.objects.select_related("project", "unit", "timer").get(pk=factory.run_of(project, "S1").pk)
    assert run.state == StageState.CONCLUDED
    # Tuesday to Tuesday, and Thursday to Friday: both rounds count, what lies between them does not
    assert times.stage_time(run, as_of=clock.day_of(at + 9 * DAY)).told.used == 1
    assert run.timer is not None
    assert run.timer.stage_days == 1


def test_it_can_be_withdrawn(reopened: Case, project: Project, owner_actor: Actor, at: datetime) -> None:
    review.withdraw(application_id=reopened.application_id, reason="不办了", actor=owner_actor, at=at + 3 * DAY)

    reopened.refresh_from_db()
    reopened.application.refresh_from_db()
    assert (reopened.state, reopened.application.state) == (CaseState.CLOSED, ApplicationState.WITHDRAWN)
    assert state_of(project, "S1") == StageState.OPEN
    other = factory.case_of(reopened.application, "S1-04")
    assert (other.state, other.decision and other.decision.outcome) == (CaseState.DECIDED, "granted")


def test_it_keeps_nobody_from_applying_for_the_rest(
    reopened: Case, project: Project, owner_actor: Actor, at: datetime
) -> None:
    revoke(factory.case_of(reopened.application, "S1-04"), at + 3 * DAY)

    again = review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at + 3 * DAY)

    assert list(again.items.values_list("service_item__code", flat=True)) == ["S1-04"]
    with pytest.raises(AlreadyOpen):
        review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at + 3 * DAY)


def test_the_window_cannot_accept_a_completed_application_again(
    concluded: Concluded, clerk: User, at: datetime
) -> None:
    filed = concluded("S1", at)

    with pytest.raises(TransitionRefused):
        review.accept(application_id=filed.pk, actor=as_actor(clerk), at=at)


def test_a_refused_one_taken_up_again_opens_what_waited_for_it(
    project: Project, concluded: Concluded, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    concluded("S1", at)
    concluded("S2", at)
    concluded("S3", at)
    filed = factory.accepted(project=project, stage="S4", applicant=owner_actor, clerk=clerk_actor, at=at)
    factory.finish(factory.case_of(filed, "S4-01"), at=at)
    refused = factory.finish(
        factory.case_of(filed, "S4-08"), at=at, conclusion=Conclusion.REJECT, opinion="检测报告不全"
    )
    filed.refresh_from_db()
    assert filed.state == ApplicationState.COMPLETED, "the rest of it cannot open any more"

    review.reopen(case_id=refused.pk, reason="补到了报告", actor=acts.approver_of(refused), at=at + DAY)
    factory.finish(refused, at=at + DAY)

    assert filed.cases.filter(service_item__code="S4-10").exists()
    filed.refresh_from_db()
    assert filed.state == ApplicationState.ACCEPTED


# --- on the screen ----------------------------------------------------------------------------------------------------


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_applicant_lead_and_leader_see_it(
    project: Project, concluded: Concluded, applicant: User, planning_lead: User, leader: User, at: datetime
) -> None:
    first = concluded("S1", at)
    concluded("S2", at)
    listed = reverse("supervision:projects") + "?stage_state=reopened"
    assert project.name not in signed_in(leader).get(listed).content.decode()

    revoke(factory.case_of(first, "S1-07"), at)

    page = signed_in(applicant).get(reverse("tracking:project", args=[project.code])).content.decode()
    assert "重新打开：据以办结的决定已经失效" in page
    assert "后续阶段已有 1 项结果" in page
    stage = signed_in(planning_lead).get(reverse("review:stage", args=[factory.run_of(project, "S1").pk]))
    assert "建设工程规划许可证核发" in stage.content.decode()
    assert "立项用地规划许可重新打开" in signed_in(leader).get(listed).content.decode()
    assert listed in signed_in(leader).get(reverse("supervision:dashboard")).content.decode()


def test_the_applicant_takes_it_back_on_a_page(reopened: Case, applicant: User, at: datetime) -> None:
    client = signed_in(applicant)
    url = reverse("review:withdraw", args=[reopened.application_id])
    assert url in client.get(reverse("applications:application", args=[reopened.application_id])).content.decode()
    shown = client.get(url).content.decode()
    assert "这些事项终止，计时停止：建设用地规划许可证核发" in shown
    assert "已经作出的决定仍然有效：企业投资项目备案" in shown
    assert client.post(url, {"reason": " "}).status_code == 422

    assert client.post(url, {"reason": "不办了"}).status_code == 302

    reopened.refresh_from_db()
    assert reopened.state == CaseState.CLOSED
    assert url not in client.get(reverse("applications:application", args=[reopened.application_id])).content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("other_applicant", 404), ("agent", 404), ("planning_handler", 403), ("clerk", 403)]
)
def test_nobody_else_takes_it_back(
    reopened: Case, at: datetime, who: str, status: int, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    url = reverse("review:withdraw", args=[reopened.application_id])

    assert client.get(url).status_code == status
    assert client.post(url, {"reason": "x"}).status_code == status
    reopened.refresh_from_db()
    assert reopened.state == CaseState.OPEN


def test_a_draft_is_given_up_without_a_reason(
    project: Project, applicant: User, owner_actor: Actor, at: datetime
) -> None:
    draft = review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at)

    assert signed_in(applicant).post(reverse("review:withdraw", args=[draft.pk])).status_code == 302

    draft.refresh_from_db()
    assert draft.state == ApplicationState.WITHDRAWN
