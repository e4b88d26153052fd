"""What decisions do to stages, applications and the project."""

from datetime import datetime, timedelta

import pytest

from approvals.applications.models import Application
from approvals.applications.operations.drafting import AlreadyOpen
from approvals.applications.states import ApplicationState
from approvals.review import operations as review
from approvals.review.models import Case, StageRun
from approvals.review.states import CaseState, Conclusion, StageState
from portal.accounts.models import Enterprise
from portal.core.actor import Actor
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.models import AuditEvent, OutboxMessage
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.states import ProjectState
from tests.cast import as_actor
from tests.factories import review as factory


def states(project: Project) -> dict[str, str]:
    return dict(StageRun.objects.filter(project=project).values_list("stage", "state"))


def test_registration_lays_out_the_stages_and_opens_the_first(project: Project) -> None:
    assert states(project) == {
        "S0": StageState.OPEN,
        "S1": StageState.OPEN,
        "S2": StageState.WAITING,
        "S3": StageState.WAITING,
        "S4": StageState.WAITING,
    }


def test_laying_out_again_changes_nothing(project: Project, at: datetime) -> None:
    before = AuditEvent.objects.count()

    review.open_stages(project_id=project.pk, at=at)

    assert AuditEvent.objects.count() == before
    assert StageRun.objects.filter(project=project).count() == 5


def test_a_code_that_comes_later_lays_out_the_stages(
    enterprise: Enterprise, owner_actor: Actor, at: datetime, drained: object
) -> None:
    project = registry.register(
        name="代码后到", region=factory.REGION, facts=factory.SMALL, owner_id=enterprise.pk, actor=owner_actor, at=at
    )
    assert not StageRun.objects.filter(project=project).exists()

    drained(at)  # type: ignore[operator]

    assert states(project)["S1"] == StageState.OPEN


def test_the_unit_comes_with_the_first_application_of_its_level(waiting: Application, project: Project) -> None:
    run = factory.run_of(project, "S1")

    assert run.unit is not None
    assert run.unit.code == f"{project.code}-01"
    assert waiting.unit_id == run.unit_id


def test_a_stage_that_waits_cannot_be_applied_for(project: Project, owner_actor: Actor, at: datetime) -> None:
    with pytest.raises(review.StageNotOpen):
        review.open_application(project_id=project.pk, stage="S2", actor=owner_actor, at=at)


def test_a_stage_without_a_unit_is_a_matter_of_each_project(
    project: Project, enterprise: Enterprise, owner_actor: Actor, at: datetime
) -> None:
    other = factory.a_running_project(owner=enterprise, actor=owner_actor, at=at, name="海边小型厂房")
    for each in (project, other):
        review.open_application(project_id=each.pk, stage="S0", actor=owner_actor, at=at)
    with pytest.raises(AlreadyOpen):
        review.open_application(project_id=other.pk, stage="S0", actor=owner_actor, at=at)


def test_outsiders_cannot_apply(project: Project, other_applicant: object, at: datetime) -> None:
    with pytest.raises(NotAllowed):
        review.open_application(project_id=project.pk, stage="S1", actor=as_actor(other_applicant), at=at)  # type: ignore[arg-type]


def test_only_items_of_the_stage_that_are_open_can_be_applied_for(
    project: Project, owner_actor: Actor, at: datetime
) -> None:
    with pytest.raises(InvalidInput):
        review.open_application(project_id=project.pk, stage="S1", item_ids=["S3-03"], actor=owner_actor, at=at)


def test_the_milestone_concludes_the_stage_while_other_cases_live_on(
    application: Application, project: Project, at: datetime
) -> None:
    factory.finish(factory.case_of(application, "S1-07"), at=at)

    assert states(project)["S1"] == StageState.CONCLUDED
    assert states(project)["S2"] == StageState.OPEN
    run = factory.run_of(project, "S1")
    assert run.concluded_at == at
    assert run.timer is not None
    assert run.timer.is_stopped
    application.refresh_from_db()
    assert application.state == ApplicationState.ACCEPTED
    for topic in ("review.stage.concluded", "review.stage.opened"):
        assert OutboxMessage.objects.filter(topic=topic).exists()


def test_the_application_is_completed_with_its_last_case(application: Application, at: datetime) -> None:
    factory.finish(factory.case_of(application, "S1-07"), at=at)
    factory.finish(factory.case_of(application, "S1-04"), at=at)

    application.refresh_from_db()
    assert application.state == ApplicationState.COMPLETED


def test_a_refused_milestone_leaves_the_stage_open_for_a_new_application(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    factory.finish(factory.case_of(application, "S1-04"), at=at)
    factory.finish(factory.case_of(application, "S1-07"), at=at, conclusion=Conclusion.REJECT, opinion="不符合规划")

    application.refresh_from_db()
    assert application.state == ApplicationState.COMPLETED
    assert states(project)["S1"] == StageState.OPEN
    again = review.open_application(project_id=project.pk, stage="S1", actor=owner_actor, at=at)
    assert list(again.items.values_list("service_item__code", flat=True)) == ["S1-07"]


def test_a_grant_opens_what_waited_for_it_with_a_clock_of_that_day(
    application: Application, project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    parallel = factory.accepted(
        project=project, stage="P", applicant=owner_actor, clerk=clerk_actor, at=at, items=["S1-28"]
    )
    assert not parallel.cases.exists()
    later = at + timedelta(days=2)

    factory.finish(factory.case_of(application, "S1-07"), at=later)

    case = Case.objects.get(application=parallel)
    assert case.state == CaseState.OPEN
    assert case.stage_run is None
    assert (case.timer.received_on, case.timer.accepted_on) == (later.date(), later.date())


def test_an_item_that_stops_applying_no_longer_holds_others_up(
    application: Application,
    project: Project,
    owner_actor: Actor,
    clerk_actor: Actor,
    at: datetime,
    drained: object,
) -> None:
    drained(at)  # type: ignore[operator]
    parallel = factory.accepted(
        project=project, stage="P", applicant=owner_actor, clerk=clerk_actor, at=at, items=["S1-28", "S2-12"]
    )
    factory.finish(factory.case_of(parallel, "S2-12"), at=at)
    parallel.refresh_from_db()
    assert parallel.state == ApplicationState.ACCEPTED

    registry.record_facts(
        project_id=project.pk,
        values={"land_mode": "own"},
        source="registry",
        actor=Actor.system("test"),
        at=at,
    )
    drained(at)  # type: ignore[operator]

    parallel.refresh_from_db()
    assert parallel.state == ApplicationState.COMPLETED


def test_the_whole_way_closes_the_project(
    project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    for stage in ("S1", "S2", "S3", "S4"):
        filed = factory.accepted(project=project, stage=stage, applicant=owner_actor, clerk=clerk_actor, at=at)
        while filed.cases.running().exists():
            for case in filed.cases.running().order_by("pk"):
                factory.finish(case, at=at)
        filed.refresh_from_db()
        assert filed.state == ApplicationState.COMPLETED, stage

    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED
    found = states(project)
    assert {found[stage] for stage in ("S1", "S2", "S3", "S4")} == {StageState.CONCLUDED}
    codes = set(StageRun.objects.filter(project=project, unit__isnull=False).values_list("unit__code", flat=True))
    assert codes == {f"{project.code}-01", f"{project.code}-0101", f"{project.code}-010101"}


def test_what_is_parallel_can_be_applied_for_after_the_project_was_closed(
    project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    test_the_whole_way_closes_the_project(project, owner_actor, clerk_actor, at)

    filed = factory.accepted(
        project=project, stage="P", applicant=owner_actor, clerk=clerk_actor, at=at, items=["S4-19"]
    )
    factory.finish(filed.cases.get(), at=at)

    filed.refresh_from_db()
    assert filed.state == ApplicationState.COMPLETED
