"""Accepting an application opens its cases; withdrawing it ends them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from approvals.applications import operations as applications
from approvals.applications import queries as application_queries
from approvals.applications.models import Application
from approvals.deadlines import operations as deadlines
from approvals.deadlines.models import Timer
from approvals.review import policies
from approvals.review.models import StageRun
from approvals.review.operations import cases, joins
from portal.core import audit, clock
from portal.core.actor import Actor
from portal.core.errors import InvalidInput
from portal.core.unit import book, operation
from projects.registry import operations as registry


def accept(*, application_id: int, actor: Actor, at: datetime) -> Application:
    """Accept a complete application: every item whose hard prerequisites are met becomes a case with its clock.

    The other items wait; a grant opens them later.
    :raises NotAllowed: actor is not of the window
    :raises TransitionRefused: it is not waiting at the window; a colleague may have been quicker
    """
    with operation():
        runs = _lock_runs(application_id)
        policies.require(policies.can_accept(actor))
        application = applications.mark_accepted(application_id=application_id, actor=actor, at=at)
        return _open_review(application, runs, actor=actor, at=at)


def accept_silent(*, at: datetime) -> int:
    """Accept every application that the window has not answered within the notice period, and say how many.

    By law it counts as accepted from the day of receipt (行政许可法第32条); the cases run from that day on. Each is a
    transaction of its own, and is looked at again under its locks: a clerk who is quicker, and a second run at the same
    moment, are no fault.
    """
    return sum(
        _accept_one(application_id, at=at) for application_id in application_queries.silent(today=clock.day_of(at))
    )


def _accept_one(application_id: int, *, at: datetime) -> bool:
    with operation():
        runs = _lock_runs(application_id)
        application = applications.mark_deemed(application_id=application_id, at=at)
        if application is None:
            return False
        _open_review(application, runs, actor=Actor.system(str(_("逾期未答复，系统"))), at=at)
        return True


def _open_review(application: Application, runs: list[StageRun], *, actor: Actor, at: datetime) -> Application:
    """Open the cases of an application that has just been accepted, with their clocks and the stage's."""
    run = None if application.is_parallel else _run_of(application, runs)
    if run is not None and application.timer is not None:
        _start_stage_clock(run, application=application, copied=application.timer, actor=actor, at=at)
    joins.settle(project=application.project, runs=runs, actor=actor, at=at, accepted=application.pk)
    return application


def withdraw(*, application_id: int, reason: str, actor: Actor, at: datetime) -> Application:
    """Take an application back at the applicant's wish; its running cases end with it, what was granted stays.

    :raises NotAllowed: actor is not the applicant
    :raises InvalidInput: no reason was given for what has been handed in
    :raises TransitionRefused: it has ended already
    """
    with operation():
        application, runs = _lock(application_id)
        policies.require(policies.can_withdraw(actor, application))
        if application.submitted_at is not None and not reason.strip():
            raise InvalidInput(fields={"reason": _("请写明撤回的理由。")})
        cases.close_cases(application, reason=reason, actor=actor, at=at)
        applications.mark_withdrawn(application_id=application_id, reason=reason, actor=actor, at=at)
        application.refresh_from_db()
        if runs:
            joins.settle(project=application.project, runs=runs, actor=actor, at=at)
        return application


def _lock(application_id: int) -> tuple[Application, list[StageRun]]:
    """Lock in the documented order: the project's runs, then the application."""
    runs = _lock_runs(application_id)
    return applications.lock(application_id), runs


def _lock_runs(application_id: int) -> list[StageRun]:
    return joins.lock_runs_of_application(application_id)


def _run_of(application: Application, runs: list[StageRun]) -> StageRun | None:
    return joins.run_for(runs, stage=application.stage, unit=application.unit.code if application.unit else "")


def _start_stage_clock(run: StageRun, *, application: Application, copied: Timer, actor: Actor, at: datetime) -> None:
    """Start the stage's own clock with the events of the application, and let its lead see the project.

    It is the stage's own because it stops with the last milestone (calibre C7), the application's with the last case.
    """
    run.project = application.project
    run.timer = deadlines.open_timer(
        statutory_days=copied.statutory_days,
        promised_days=copied.promised_days,
        unit=copied.unit,
        region=copied.region,
        pack_version_id=application.pack_version_id,
        copy_of=copied.pk,
        actor=actor,
        at=at,
    )
    book().changes.update(run, ["timer"])
    audit.record(
        stream=run.audit_stream,
        action="review.stage.clock_started",
        actor=actor,
        at=at,
        subject=run,
        data={"application": application.pk, "timer": run.timer_id},
    )
    if run.lead_id:
        registry.grant_accesses(project=application.project, reasons={run.lead_id: str(_("牵头部门"))}, at=at)
