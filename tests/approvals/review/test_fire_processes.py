"""Two processes at once against PostgreSQL: what happens in the same moment happens once, whoever does it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.certificates.models import Certificate
from approvals.deadlines.states import TimerState
from approvals.reminders.models import Occasion
from approvals.review.models import Case, Decision, Opinion, ReviewTask, StageRun
from approvals.review.states import TASK_OPEN, CaseState, StageState
from portal.accounts.models import User
from portal.core import audit, outbox
from portal.core.models import HandledMessage, OutboxMessage
from projects.registry.models import Project
from tests.approvals.review.fire import Act, Other, together
from tests.factories import review as factory

pytestmark = pytest.mark.django_db(transaction=True)


def both(mine: list[Act], theirs: list[Act], at: datetime) -> tuple[list[str], list[str]]:
    """Let this process and another one act in the same moment."""
    other = Other(theirs, at=at, database=connection.settings_dict["NAME"])
    other.go()
    return together(mine, at=at), other.results()


def complete(task: ReviewTask) -> Act:
    actor = factory.member(task.department_id, task.step)
    return "complete", {"task_id": task.pk, "user": actor.user_id}


def test_the_last_cases_ending_in_two_processes_conclude_once(
    application: Application, project: Project, at: datetime
) -> None:
    tasks = [factory.up_to_decision(case, at=at) for case in application.cases.order_by("pk")]
    acts = [complete(task) for task in tasks]

    mine, theirs = both(acts, acts, at)

    assert sorted([*mine, *theirs]).count("done") == len(tasks)
    assert Decision.objects.filter(case__application=application).count() == len(tasks)
    assert Opinion.objects.filter(task__in=tasks).count() == len(tasks)
    run = factory.run_of(project, "S1")
    assert run.state == StageState.CONCLUDED
    assert OutboxMessage.objects.filter(topic="review.stage.concluded", payload__id=run.pk).count() == 1
    assert audit.verify(project.audit_stream) is None


def test_two_clerks_in_two_processes_open_the_cases_once(
    waiting: Application, clerk: User, other_clerk: User, at: datetime
) -> None:
    def accept(user: User) -> Act:
        return "accept", {"application_id": waiting.pk, "user": user.pk}

    mine, theirs = both([accept(clerk)], [accept(other_clerk)], at)

    assert sorted([*mine, *theirs]) == ["TransitionRefused", "done"]
    cases = Case.objects.filter(application=waiting)
    assert cases.count() == 2
    assert ReviewTask.objects.filter(case__in=cases, state__in=TASK_OPEN).count() == 2


def test_deciding_while_another_process_holds_or_withdraws_leaves_one_truth(
    application: Application, project: Project, applicant: User, at: datetime
) -> None:
    case = factory.case_of(application, "S1-04")
    task = factory.open_task(case)
    holder = factory.member(case.department_id, "checker")
    withdraw: Act = ("withdraw", {"application_id": application.pk, "user": applicant.pk})

    both([complete(task)], [("hold", {"case_id": case.pk, "user": holder.user_id}), withdraw], at)

    case.refresh_from_db()
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    assert (case.state == CaseState.DECIDED) == Decision.objects.filter(case=case).exists()
    assert not case.holds.filter(released_at=None).exists()
    assert not ReviewTask.objects.filter(case__application=application, state__in=TASK_OPEN).exists()
    for ended in Case.objects.filter(application=application).select_related("timer"):
        assert ended.timer.state == TimerState.STOPPED
    assert audit.verify(project.audit_stream) is None


def test_two_sweeps_in_two_processes_tell_everything_once(application: Application, at: datetime) -> None:
    late = at + timedelta(days=60)

    both([("sweep", {})] * 2, [("sweep", {})] * 2, late)

    occasions = list(Occasion.objects.values_list("pk", flat=True))
    together([("sweep", {})], at=late)
    assert occasions
    assert list(Occasion.objects.values_list("pk", flat=True)) == occasions


def test_a_worker_killed_after_the_commit_loses_nothing(application: Application, at: datetime) -> None:
    tasks = [factory.up_to_decision(case, at=at) for case in application.cases.order_by("pk")]
    together([complete(task) for task in tasks], at=at)
    undelivered = OutboxMessage.objects.filter(done_at=None).count()

    worker = Other([("drain", {})], at=at, database=connection.settings_dict["NAME"])
    worker.go()
    # somewhere between the first message and the last
    while OutboxMessage.objects.filter(done_at=None).count() == undelivered:
        pass
    worker.kill()
    outbox.drain(at=at + timedelta(minutes=1), limit=10_000)
    outbox.drain(at=at + timedelta(minutes=2), limit=10_000)

    assert not OutboxMessage.objects.filter(done_at=None).exists()
    decided = list(Decision.objects.filter(case__application=application).values_list("pk", flat=True))
    assert len(decided) == len(tasks)
    issued = Certificate.objects.filter(decision__in=decided)
    assert sorted(issued.values_list("decision_id", flat=True)) == sorted(decided)
    handled = HandledMessage.objects.values_list("message_id", "handler")
    assert len(handled) == len(set(handled))


def test_a_process_killed_before_it_acts_leaves_the_stage_as_it_was(
    application: Application, project: Project, at: datetime
) -> None:
    task = factory.open_task(factory.case_of(application, "S1-04"))

    other = Other([complete(task)], at=at, database=connection.settings_dict["NAME"])
    other.kill()

    assert together([complete(task)], at=at) == ["done"]
    assert StageRun.objects.get(project=project, stage="S1").state == StageState.IN_REVIEW
