"""Real threads against PostgreSQL: what happens in the same moment happens once."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.review import operations as review
from approvals.review.models import Case, Decision, Opinion, ReviewTask
from approvals.review.states import CaseState, Conclusion, StageState, TaskState
from portal.accounts.models import Enterprise
from portal.core import audit
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.models import OutboxMessage
from portal.core.transitions import TransitionRefused
from projects.registry import operations as registry
from projects.registry.models import Project
from projects.registry.states import FactSource
from tests.cast import as_actor
from tests.factories import acts
from tests.factories import review as factory
from tests.factories.projects import GOV_BUILDING

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start in the same moment; return each one's result or its refusal."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = acts[index]()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "threads wait for each other"
    return results


def refusals(results: list[object]) -> list[DomainError]:
    return [result for result in results if isinstance(result, DomainError)]


@pytest.fixture
def stage_two(project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Application:
    """The third stage under review: its milestone waits for nothing here and runs beside two others."""
    for stage in ("S1", "S2"):
        filed = factory.accepted(project=project, stage=stage, applicant=owner_actor, clerk=clerk_actor, at=at)
        for case in filed.cases.order_by("pk"):
            factory.finish(case, at=at)
    return factory.accepted(project=project, stage="S3", applicant=owner_actor, clerk=clerk_actor, at=at)


def grant(task: ReviewTask, at: datetime) -> Callable[[], object]:
    actor = factory.member(task.department_id, task.step)
    return lambda: review.complete_task(
        task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=actor, at=at
    )


def test_the_last_cases_ending_together_conclude_once(stage_two: Application, project: Project, at: datetime) -> None:
    tasks = [factory.up_to_decision(case, at=at) for case in stage_two.cases.order_by("pk")]
    assert len(tasks) >= 2

    results = together(*(grant(task, at) for task in tasks))

    assert refusals(results) == []
    assert factory.run_of(project, "S3").state == StageState.CONCLUDED
    assert factory.run_of(project, "S4").state == StageState.OPEN
    concluded = OutboxMessage.objects.filter(
        topic="review.stage.concluded", payload__id=factory.run_of(project, "S3").pk
    )
    assert concluded.count() == 1
    stage_two.refresh_from_db()
    assert stage_two.state == ApplicationState.COMPLETED
    assert audit.verify(project.audit_stream) is None


def wait_until_somebody_waits() -> None:
    """Return once another connection waits for a lock of this one's transaction."""
    for _try in range(600):
        with connection.cursor() as cursor:
            # of this one: beside it other test processes wait in databases of their own
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


@pytest.fixture
def advice(enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime) -> Application:
    """The advisory stage, which has no milestone, with three cases of which two have ceased to apply."""
    project = factory.a_running_project(owner=enterprise, actor=owner_actor, at=at, facts=GOV_BUILDING)
    filed = factory.accepted(project=project, stage="S0", applicant=owner_actor, clerk=clerk_actor, at=at)
    assert set(filed.cases.values_list("service_item__code", flat=True)) == {"S0-01", "S0-02", "S0-03"}
    registry.record_facts(
        project_id=project.pk, values={"fund_source": "social"}, source=FactSource.APPLICANT, actor=owner_actor, at=at
    )
    return filed


def test_the_last_case_that_applies_concludes_a_stage_without_a_milestone(advice: Application, at: datetime) -> None:
    factory.finish(factory.case_of(advice, "S0-03"), at=at)

    assert factory.run_of(advice.project, "S0").state == StageState.CONCLUDED
    advice.refresh_from_db()
    assert advice.state == ApplicationState.ACCEPTED, "two cases go on"


def test_a_stage_without_a_milestone_is_concluded_once(advice: Application, at: datetime) -> None:
    tasks = [factory.up_to_decision(case, at=at) for case in advice.cases.order_by("pk")]

    results = together(*(grant(task, at) for task in tasks for _twice in range(4)))

    assert len(refusals(results)) == len(tasks) * 3
    run = factory.run_of(advice.project, "S0")
    assert run.state == StageState.CONCLUDED
    assert OutboxMessage.objects.filter(topic="review.stage.concluded", payload__id=run.pk).count() == 1
    advice.refresh_from_db()
    assert advice.state == ApplicationState.COMPLETED


def test_signing_while_the_step_is_done_leaves_no_half_decision(
    enterprise: Enterprise, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    case = acts.a_proposal(owner=enterprise, applicant=owner_actor, clerk=clerk_actor, at=at)
    task, handler = factory.open_task(case), acts.handler_of(case)
    results: list[object] = []

    def complete() -> None:
        results.extend(
            together(
                lambda: review.complete_task(
                    task_id=task.pk, conclusion=Conclusion.GRANT, opinion="同意", actor=handler, at=at
                )
            )
        )

    thread = threading.Thread(target=complete)
    with transaction.atomic():
        acts.a_commitment(case, applicant=owner_actor, at=at)
        thread.start()
        wait_until_somebody_waits()
    thread.join(timeout=60)

    assert [type(result) for result in results] == [review.StaleCase]
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    # seen as it is now, it is decided with everything that follows
    factory.finish(case, at=at)
    case.application.refresh_from_db()
    assert case.application.state == ApplicationState.COMPLETED


def test_two_prerequisites_granted_together_open_the_item_once(
    project: Project, owner_actor: Actor, clerk_actor: Actor, at: datetime
) -> None:
    for stage in ("S1", "S2", "S3"):
        filed = factory.accepted(project=project, stage=stage, applicant=owner_actor, clerk=clerk_actor, at=at)
        for case in filed.cases.order_by("pk"):
            factory.finish(case, at=at)
    last = factory.accepted(project=project, stage="S4", applicant=owner_actor, clerk=clerk_actor, at=at)
    waiting = {"S4-10", "S4-09"}
    opened = set(last.cases.values_list("service_item__code", flat=True))
    assert not opened & waiting
    tasks = [factory.up_to_decision(case, at=at) for case in last.cases.order_by("pk")]

    results = together(*(grant(task, at) for task in tasks))

    assert refusals(results) == []
    assert Case.objects.filter(application=last, service_item__code="S4-10").count() == 1
    assert not Case.objects.filter(application=last, service_item__code="S4-09").exists()


def test_two_clerks_accepting_together_open_the_cases_once(
    waiting: Application, clerk_actor: Actor, other_clerk: object, at: datetime
) -> None:
    other = as_actor(other_clerk)  # type: ignore[arg-type]

    results = together(
        lambda: review.accept(application_id=waiting.pk, actor=clerk_actor, at=at),
        lambda: review.accept(application_id=waiting.pk, actor=other, at=at),
    )

    assert [type(error) for error in refusals(results)] == [TransitionRefused]
    assert Case.objects.filter(application=waiting).count() == 2


def test_a_double_click_completes_once(application: Application, at: datetime) -> None:
    task = factory.open_task(factory.case_of(application, "S1-04"))

    results = together(*[grant(task, at)] * 4)

    assert len(refusals(results)) == 3
    assert Opinion.objects.filter(task=task).count() == 1
    assert Decision.objects.count() == 1


def test_two_people_claiming_together_one_gets_it(
    application: Application, planning_handler: object, at: datetime
) -> None:
    task = factory.open_task(factory.case_of(application, "S1-07"))
    one, two = as_actor(planning_handler), factory.member("zrzy", "handler")  # type: ignore[arg-type]

    results = together(
        lambda: review.claim(task_id=task.pk, actor=one, at=at),
        lambda: review.claim(task_id=task.pk, actor=two, at=at),
    )

    assert [type(error) for error in refusals(results)] == [review.TakenByOther]
    task.refresh_from_db()
    assert task.state == TaskState.CLAIMED


def test_withdrawing_while_deciding_leaves_one_truth(
    application: Application, project: Project, owner_actor: Actor, at: datetime
) -> None:
    case = factory.case_of(application, "S1-04")
    task = factory.open_task(case)

    results = together(
        grant(task, at),
        lambda: review.withdraw(application_id=application.pk, reason="不办了", actor=owner_actor, at=at),
    )

    case.refresh_from_db()
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    # decided before it was withdrawn, or withdrawn and never decided
    decided = Decision.objects.filter(case=case).exists()
    assert case.state == (CaseState.DECIDED if decided else CaseState.CLOSED)
    assert len(refusals(results)) == (0 if decided else 1)
    assert not Case.objects.filter(application=application).running().exists()
    assert factory.run_of(project, "S1").state == StageState.OPEN
    assert audit.verify(project.audit_stream) is None


def test_a_hold_placed_while_deciding_comes_before_or_too_late(application: Application, at: datetime) -> None:
    case = factory.case_of(application, "S1-04")
    task = factory.open_task(case)
    holder = factory.member(case.department_id, "checker")

    results = together(
        grant(task, at),
        lambda: review.place_hold(case_id=case.pk, reason="等上级意见", actor=holder, at=at),
    )

    case.refresh_from_db()
    assert len(refusals(results)) == 1
    assert (case.state == CaseState.DECIDED) == (not case.holds.filter(released_at=None).exists())
