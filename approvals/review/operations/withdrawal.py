"""Giving up a whole project, with everything that runs for it."""

from datetime import datetime

from approvals.applications import operations as applications
from approvals.applications.models import Application
from approvals.review.operations import cases, joins
from approvals.review.policies import require
from approvals.review.states import STAGE_TRANSITIONS, StageState
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.unit import operation
from projects.registry import operations as registry
from projects.registry import policies as registry_policies
from projects.registry.models import Project


def withdraw_project(*, project_id: int, reason: str, actor: Actor, at: datetime) -> Project:
    """Take a project back with its applications, cases, tasks, holds and clocks; what was granted stays.

    :raises NotAllowed: the actor is neither of the owner's nor of the window
    :raises InvalidInput: no reason
    :raises TransitionRefused: it is closed, or was taken back already
    """
    with operation():
        runs = joins.lock_runs(project_id)
        project = Project.objects.filter(pk=project_id).first()
        if project is None:
            raise NotFound
        require(registry_policies.can_withdraw(actor, project))
        running = (
            Application.objects.open()
            .select_for_update(of=("self",), no_key=True)
            .filter(project_id=project_id)
            .order_by("pk")
        )
        for application in running:
            cases.close_cases(application, reason=reason, actor=actor, at=at)
            applications.mark_withdrawn(application_id=application.pk, reason=reason, actor=actor, at=at)
        for run in runs:
            if StageState.CLOSED in STAGE_TRANSITIONS[StageState(run.state)]:
                joins.move_run(run, StageState.CLOSED, actor=actor, at=at)
        # last, because the project is locked last; what it refuses takes back all of the above
        return registry.withdraw(project_id=project_id, reason=reason, actor=actor, at=at)
