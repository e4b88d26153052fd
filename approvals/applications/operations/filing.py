"""Handing in: for the first time, and again after mending."""

from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from approvals.applications import policies, queries
from approvals.applications.models import Application
from approvals.applications.operations import drafting, materials, mending, papers
from approvals.applications.operations.locking import lock
from approvals.applications.states import ApplicationState, NoticeKind
from approvals.deadlines import events
from approvals.deadlines import operations as deadlines
from approvals.deadlines.states import EventType
from portal.core import calendars, clock, sequences
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.transitions import move, require_move
from portal.core.unit import operation


class Incomplete(InvalidInput):
    """Something is missing or wrong; all of it is told at once."""

    code = "incomplete"
    message = _("还有内容没有填好，改好才能提交。您填的内容都已保存。")


class Unmended(Conflict):
    """The correction notice asks for something that was not touched yet."""

    code = "unmended"
    message = _("告知书上还有没补的内容。请逐项补完，再一次提交。")


def submit(*, application_id: int, actor: Actor, at: datetime) -> Application:
    """Hand an application in.

    Everything missing is told at once. The first time it gets its receipt number, and the window five working days
    from the day of receipt to answer (行政许可法第32条); paper counts from its own day. After a correction it comes
    back under the same number.
    :raises NotAllowed: actor may fill in, but not sign for the enterprise
    :raises TransitionRefused: it has been handed in already, or has ended
    :raises Incomplete: with one sentence per field and material
    :raises Unmended: a point of the correction notice was not touched
    """
    with operation():
        application = lock(application_id)
        policies.require_view(actor, application)
        require_move(application, to=ApplicationState.SUBMITTED)
        policies.require(policies.can_submit(actor, application))
        drafting.take_known(application, actor=actor, at=at)
        materials.fill_from_archive(application, actor=actor, at=at)
        application = lock(application_id)
        _require_mended(application)
        _require_complete(application, at)
        if application.is_correcting:
            return _hand_in_again(application, actor=actor, at=at)
        return _hand_in(application, actor=actor, at=at)


def _hand_in(application: Application, *, actor: Actor, at: datetime) -> Application:
    application.number = _draw_number(application, at)
    application.submitted_at = at
    promised_days, statutory_days = queries.limits(application)
    timer = deadlines.open_timer(
        statutory_days=statutory_days,
        promised_days=promised_days,
        region=application.project.region,
        pack_version_id=application.pack_version_id,
        actor=actor,
        at=at,
    )
    if application.paper_received_on is not None:
        timer = deadlines.record(
            timer_id=timer.pk,
            type=EventType.RECEIVED,
            actor=actor,
            at=at,
            happened_at=_paper_moment(application.paper_received_on, at),
        )
    else:
        timer = deadlines.record(timer_id=timer.pk, type=EventType.SUBMITTED, actor=actor, at=at)
    application.timer = timer
    received_on = timer.received_on or clock.day_of(at)
    application.notice_due_on = _answer_by(application, received_on)
    move(
        application,
        to=ApplicationState.SUBMITTED,
        actor=actor,
        at=at,
        topic="applications.application.submitted",
        data={"number": application.number, "materials": [row["name"] for row in queries.handed_in(application)]},
        fields=["number", "submitted_at", "timer", "notice_due_on"],
    )
    papers.issue(
        application,
        kind=NoticeKind.RECEIPT,
        actor=actor,
        at=at,
        materials=queries.handed_in(application),
        notice_due_on=application.notice_due_on.isoformat(),
    )
    return application


def _answer_by(application: Application, day: date) -> date:
    return calendars.current(application.project.region).add_workdays(day, events.NOTICE_DAYS)


def _hand_in_again(application: Application, *, actor: Actor, at: datetime) -> Application:
    deadlines.record(timer_id=application.clock_id, type=EventType.CORRECTION_SUPPLIED, actor=actor, at=at)
    # The law sets no day for the second look; the window keeps to the same five working days.
    application.notice_due_on = _answer_by(application, clock.day_of(at))
    return move(
        application,
        to=ApplicationState.SUBMITTED,
        actor=actor,
        at=at,
        topic="applications.application.resubmitted",
        fields=["notice_due_on"],
    )


def _require_mended(application: Application) -> None:
    if not application.is_correcting:
        return
    form = queries.form_of(application)
    left = [
        point
        for point in mending.points(application).filter(mended_at=None)
        # what an authority has delivered since is mended by it
        if not (point.field in form.filled and form.filled[point.field].read_only)
    ]
    if left:
        raise Unmended(fields={(point.field or f"slot:{point.slot_id}"): point.problem for point in left})


def _require_complete(application: Application, at: datetime) -> None:
    missing = queries.missing(application, today=clock.day_of(at))
    if missing:
        raise Incomplete(fields={line.key: line.message for line in missing})


def _draw_number(application: Application, at: datetime) -> str:
    """Draw the receipt number: stage, day, serial of the day."""
    head = f"{application.stage}-{clock.day_of(at):%Y%m%d}"
    return f"{head}-{sequences.next_value(f'receipt/{head}'):04d}"


def _paper_moment(day: date, at: datetime) -> datetime:
    """Return when the paper came in; only its day counts, and it is never later than now."""
    return at if day == clock.day_of(at) else datetime.combine(day, time(12), clock.SHANGHAI)
