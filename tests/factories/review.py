"""Applications at the window and cases under review, as they come about through the operations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from approvals.applications.models import Application
from approvals.applications.states import ApplicationState
from approvals.deadlines import operations as deadlines
from approvals.deadlines.events import Event
from approvals.deadlines.states import EventType
from approvals.review import operations as review
from approvals.review.models import Case, ReviewTask, StageRun
from approvals.review.states import TASK_OPEN, Conclusion
from portal.accounts.models import Department, Enterprise, Membership, User
from portal.core import clock
from portal.core.actor import Actor
from projects.registry.models import Project, Unit
from tests.cast import SINCE, as_actor
from tests.factories.projects import REGION, SMALL

ROLES = {"handler": "handler", "checker": "checker", "approver": "approver"}


def a_running_project(
    *,
    owner: Enterprise,
    actor: Actor,
    at: datetime,
    facts: dict[str, Any] | None = None,
    name: str = "山前小型仓储用房",
) -> Project:
    """Register a project with its stages, 社会投资小型类 unless other facts are given."""
    return review.register_project(
        name=name, region=REGION, facts=SMALL if facts is None else facts, owner_id=owner.pk, actor=actor, at=at
    )


def at_the_window(
    *,
    project: Project,
    stage: str,
    actor: Actor,
    at: datetime,
    items: Sequence[str] | None = None,
    unit: Unit | None = None,
) -> Application:
    """Return an application handed in; the filling in of its form is left to the tests of applications."""
    application = review.open_application(
        project_id=project.pk,
        stage=stage,
        item_ids=None if items is None else list(items),
        unit_id=unit and unit.pk,
        actor=actor,
        at=at,
    )
    application.number = f"R{application.pk:08d}"
    application.submitted_at = at
    application.timer = deadlines.open_timer(
        statutory_days=20, promised_days=8, events=[Event(EventType.SUBMITTED, at)], actor=actor, at=at
    )
    application.state = ApplicationState.SUBMITTED
    application.save()
    return application


def accepted(
    *,
    project: Project,
    stage: str,
    applicant: Actor,
    clerk: Actor,
    at: datetime,
    items: Sequence[str] | None = None,
    unit: Unit | None = None,
) -> Application:
    """Return an accepted application with its cases open."""
    application = at_the_window(project=project, stage=stage, actor=applicant, at=at, items=items, unit=unit)
    return review.accept(application_id=application.pk, actor=clerk, at=at)


def member(department: str, role: str) -> Actor:
    """Return a person of a department with one role, made at the first asking."""
    username = f"{department}-{role}"
    user, created = User.objects.get_or_create(
        username=username, defaults={"name": f"{Department.objects.get(pk=department).short}{role}"}
    )
    if created:
        Membership.objects.create(user=user, role_id=role, department_id=department, active_from=SINCE)
    return as_actor(user)


def open_task(case: Case) -> ReviewTask:
    return ReviewTask.objects.get(case=case, state__in=TASK_OPEN)


def case_of(application: Application, item: str) -> Case:
    return Case.objects.get(application=application, service_item__code=item)


def run_of(project: Project, stage: str) -> StageRun:
    return StageRun.objects.get(project=project, stage=stage)


def finish(case: Case, *, at: datetime, conclusion: str = Conclusion.GRANT, opinion: str = "符合要求") -> Case:
    """Take a case through all its steps to a decision, each by somebody else."""
    while True:
        task = open_task(case)
        case = review.complete_task(
            task_id=task.pk,
            conclusion=conclusion if task.is_deciding else Conclusion.PASS,
            opinion=opinion,
            actor=member(case.department_id, task.step),
            at=at,
        )
        if task.is_deciding:
            return case


def up_to_decision(case: Case, *, at: datetime) -> ReviewTask:
    """Take a case to its deciding step and return that task."""
    while not (task := open_task(case)).is_deciding:
        review.complete_task(
            task_id=task.pk,
            conclusion=Conclusion.PASS,
            opinion="符合要求",
            actor=member(case.department_id, task.step),
            at=at,
        )
    return task


def strayed_days(**cases: Any) -> list[str]:
    """Name the open tasks that do not say what the clock of their case says, and where light and words part."""
    found = []
    rows = ReviewTask.objects.open().filter(**{f"case__{key}": value for key, value in cases.items()})
    for task in rows.select_related("case__timer").with_light(clock.today()):
        timer = task.case.timer
        copied = (task.clock_from, task.due_on, task.yellow_on, task.red_on, task.paused_on)
        meant = (timer.clock_from, timer.promised_due_on, timer.yellow_on, timer.red_on, timer.paused_on)
        if copied != meant or task.light != timer.light_on(clock.today()):  # type: ignore[attr-defined]
            found.append(f"{task}: {copied} {task.light}, its clock: {meant}")  # type: ignore[attr-defined]
    return found
