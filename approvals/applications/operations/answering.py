"""The window's answer, and how an application ends."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from approvals.applications import policies, queries
from approvals.applications.models import Application, ApplicationItem, CorrectionPoint, FieldRemark, MaterialSlot
from approvals.applications.operations import papers, pointing
from approvals.applications.operations.locking import lock
from approvals.applications.states import CORRECTION_DAYS, VERDICTS_BAD, ApplicationState, NoticeKind, Verdict
from approvals.deadlines import operations as deadlines
from approvals.deadlines.states import EventType, Outcome
from portal.core import calendars, clock
from portal.core.actor import Actor
from portal.core.errors import Conflict, InvalidInput
from portal.core.prepared import Prepared
from portal.core.rows import Changes
from portal.core.transitions import move, require_from, require_move
from portal.core.unit import operation


class SecondCorrection(Conflict):
    """The applicant was told once already; the law knows no second list."""

    code = "second_correction"
    message = _("已经一次性告知过，不能再次要求补正。请受理，或者写明理由不予受理。")


class DeemedAccepted(Conflict):
    """Nobody answered in time, so the law has accepted it."""

    code = "deemed_accepted"
    message = _("超过 5 个工作日没有答复，依法已视为受理。请直接受理。")


class ProblemsOpen(Conflict):
    """The check found something missing or wrong."""

    code = "problems_open"
    message = _("核对出的问题还没有解决，不能受理。请先一次性告知补正。")


def request_correction(
    *,
    application_id: int,
    actor: Actor,
    at: datetime,
    reason: str = "",
    missing: Sequence[int | str] = (),
    points: Sequence[pointing.Point] = (),
) -> Application:
    """Tell the applicant, once and completely, what to mend within 20 working days.

    The list is everything the check found, with what is named here.
    Legal source: 行政许可法第32条第4项.
    :param missing: slots (id or material) and fields (id) that are missing or wrong
    :param points: the same with their own words
    :raises SecondCorrection: a notice was given already
    :raises DeemedAccepted: the five working days are over
    :raises InvalidInput: nothing to mend, or something named that the application does not have
    :raises TransitionRefused: it does not wait at the window
    """
    with operation():
        application = _lock_for_answer(
            application_id, to=ApplicationState.CORRECTING, act="application.correct", actor=actor
        )
        if application.notices.filter(kind=NoticeKind.CORRECTION).exists():
            raise SecondCorrection
        _require_in_time(application, at)
        found = pointing.gather(application, missing=missing, points=points, reason=reason, actor=actor, at=at)
        application.correction_due_on = calendars.current(application.project.region).add_workdays(
            clock.day_of(at), CORRECTION_DAYS
        )
        promised_days, _statutory_days = queries.limits(application)
        notice = papers.issue(
            application,
            kind=NoticeKind.CORRECTION,
            actor=actor,
            at=at,
            reason=reason,
            points=queries.point_rows(application, found),
            due_on=application.correction_due_on.isoformat(),
            slots=queries.slot_count(application),
            promised_days=promised_days,
        )
        for point in found:
            point.notice = notice
        CorrectionPoint.objects.bulk_create(found)
        deadlines.record(timer_id=application.clock_id, type=EventType.CORRECTION_REQUESTED, actor=actor, at=at)
        return move(
            application,
            to=ApplicationState.CORRECTING,
            actor=actor,
            at=at,
            topic="applications.application.correction_requested",
            data={"notice": notice.number, "points": [point.label for point in found]},
            fields=["correction_due_on"],
        )


def reject(*, application_id: int, reason: str, actor: Actor, at: datetime) -> Application:
    """Refuse to accept, with the reason and a paper of its own (行政许可法第32条第2项).

    :raises InvalidInput: no reason
    :raises DeemedAccepted: the five working days are over
    """
    return _refuse(
        application_id=application_id,
        to=ApplicationState.REJECTED,
        kind=NoticeKind.REJECTION,
        reason=reason,
        actor=actor,
        at=at,
    )


def not_required(*, application_id: int, reason: str, actor: Actor, at: datetime) -> Application:
    """Tell that the law asks no permit for this (行政许可法第32条第1项)."""
    return _refuse(
        application_id=application_id,
        to=ApplicationState.NOT_REQUIRED,
        kind=NoticeKind.NOT_REQUIRED,
        reason=reason,
        actor=actor,
        at=at,
    )


def mark_accepted(*, application_id: int, actor: Actor, at: datetime) -> Application:
    """Accept; `review.accept` opens the cases in the same transaction.

    What the clerk has not looked at is complete by his acceptance.
    :raises ProblemsOpen: the check found something missing or wrong
    :raises TransitionRefused: it does not wait at the window; a colleague may have been quicker
    """
    with operation():
        application = _lock_for_answer(
            application_id, to=ApplicationState.ACCEPTED, act="application.accept", actor=actor
        )
        bad, remarks = _BAD_SLOTS(application.pk), _REMARKS(application.pk)
        if bad or remarks:
            raise ProblemsOpen(
                fields={f"slot:{slot.pk}": slot.remark or slot.name for slot in bad}
                | {remark.field: remark.remark for remark in remarks}
            )
        application.slots.filter(verdict=Verdict.UNCHECKED).update(
            verdict=Verdict.COMPLETE, checked_by_id=actor.user_id, checked_at=at
        )
        return _accept(application, actor=actor, at=at)


_BAD_SLOTS = Prepared(lambda pk: MaterialSlot.objects.filter(application_id=pk, verdict__in=VERDICTS_BAD))
_REMARKS = Prepared(lambda pk: FieldRemark.objects.filter(application_id=pk))


def mark_deemed(*, application_id: int, at: datetime) -> Application | None:
    """Accept what nobody has answered within the notice period; `review.accept_silent` opens the cases with it.

    It counts as accepted from the day of receipt (行政许可法第32条), whatever the check may have found by now; what
    nobody has looked at stays unchecked.

    :returns: None when the window has answered meanwhile, or still can
    """
    with operation():
        application = lock(application_id)
        if not application.is_at_window or not queries.is_silent(application, today=clock.day_of(at)):
            return None
        return _accept(application, actor=Actor.system(str(_("逾期未答复，系统"))), at=at)


def mark_completed(*, application_id: int, actor: Actor, at: datetime) -> Application:
    """End an application none of whose cases is open or can still open."""
    with operation():
        application = lock(application_id)
        require_move(application, to=ApplicationState.COMPLETED)
        application.closed_at = at
        changes = Changes()
        deadlines.record(
            timer_id=application.clock_id,
            type=EventType.DECIDED,
            kind=Outcome.APPROVED,
            actor=actor,
            at=at,
            changes=changes,
        )
        move(
            application,
            to=ApplicationState.COMPLETED,
            actor=actor,
            at=at,
            topic="applications.application.completed",
            fields=["closed_at"],
            changes=changes,
        )
        changes.write()
        return application


def mark_reopened(*, application_id: int, actor: Actor, at: datetime) -> Application:
    """Put a completed application under review again, with a new clock: one of its cases was taken up again."""
    with operation():
        application = lock(application_id)
        require_from(application, ApplicationState.COMPLETED, to=ApplicationState.ACCEPTED)
        application.timer = deadlines.open_again(timer_id=application.clock_id, actor=actor, at=at)
        application.closed_at, application.reopened_at = None, at
        return move(
            application,
            to=ApplicationState.ACCEPTED,
            actor=actor,
            at=at,
            topic="applications.application.reopened",
            fields=["timer", "closed_at", "reopened_at"],
        )


def mark_withdrawn(*, application_id: int, reason: str, actor: Actor, at: datetime) -> Application:
    """Take an application back; a draft just ends, what was handed in stops its clock too."""
    with operation():
        application = lock(application_id)
        require_move(application, to=ApplicationState.WITHDRAWN)
        application.closed_at = at
        if application.timer_id is not None:
            deadlines.record(timer_id=application.clock_id, type=EventType.WITHDRAWN, actor=actor, at=at)
        return move(
            application,
            to=ApplicationState.WITHDRAWN,
            actor=actor,
            at=at,
            topic="applications.application.withdrawn",
            data={"reason": reason},
            fields=["closed_at"],
        )


def return_expired(*, at: datetime) -> int:
    """Return every application whose correction is overdue, each by itself, and say how many.

    Running it again returns nothing twice: each row is looked at again under its lock.
    """
    actor = Actor.system(str(_("补正到期检查")))
    today = clock.day_of(at)
    ids = list(Application.objects.correcting().filter(correction_due_on__lt=today).values_list("pk", flat=True))
    return sum(_return_one(application_id, actor=actor, at=at) for application_id in ids)


def _return_one(application_id: int, *, actor: Actor, at: datetime) -> bool:
    with operation():
        application = lock(application_id)
        due_on = application.correction_due_on
        if not application.is_correcting or due_on is None or due_on >= clock.day_of(at):
            return False
        application.closed_at = at
        deadlines.record(timer_id=application.clock_id, type=EventType.WITHDRAWN, actor=actor, at=at)
        move(
            application,
            to=ApplicationState.RETURNED,
            actor=actor,
            at=at,
            topic="applications.application.returned",
            fields=["closed_at"],
        )
        papers.issue(application, kind=NoticeKind.RETURN, actor=actor, at=at, due_on=due_on.isoformat())
        return True


def _accept(application: Application, *, actor: Actor, at: datetime) -> Application:
    application.accepted_at = at
    changes = Changes()
    timer = deadlines.record(
        timer_id=application.clock_id, type=EventType.ACCEPTED, actor=actor, at=at, changes=changes
    )
    application.timer = timer
    move(
        application,
        to=ApplicationState.ACCEPTED,
        actor=actor,
        at=at,
        topic="applications.application.accepted",
        data={"deemed": True} if timer.is_deemed else None,
        fields=["accepted_at"],
        changes=changes,
    )
    changes.write()
    # asked twice from here
    prefetch_related_objects([application], Prefetch("items", ApplicationItem.objects.select_related("service_item")))
    promised_days, _statutory_days = queries.limits(application)
    papers.issue(
        application,
        kind=NoticeKind.ACCEPTANCE,
        actor=actor,
        at=at,
        promised_days=promised_days,
        due_on=timer.promised_due_on.isoformat() if timer.promised_due_on else "",
        accepted_on=(timer.accepted_on or clock.day_of(at)).isoformat(),
        deemed=timer.is_deemed,
        materials=queries.handed_in(application),
    )
    return application


def _refuse(
    *, application_id: int, to: ApplicationState, kind: NoticeKind, reason: str, actor: Actor, at: datetime
) -> Application:
    with operation():
        application = _lock_for_answer(application_id, to=to, act="application.reject", actor=actor)
        reason = reason.strip()
        if not reason:
            raise InvalidInput(fields={"reason": _("请写明理由。申请人会在决定书上看到。")})
        _require_in_time(application, at)
        application.closed_at = at
        deadlines.record(
            timer_id=application.clock_id, type=EventType.DECIDED, kind=Outcome.REFUSED, actor=actor, at=at
        )
        move(
            application,
            to=to,
            actor=actor,
            at=at,
            topic=f"applications.application.{to}",
            data={"reason": reason},
            fields=["closed_at"],
        )
        papers.issue(application, kind=kind, actor=actor, at=at, reason=reason)
        return application


def _lock_for_answer(application_id: int, *, to: ApplicationState, act: str, actor: Actor) -> Application:
    application = lock(application_id)
    policies.require_window(actor, application, act)
    require_from(application, ApplicationState.SUBMITTED, to=to)
    return application


def _require_in_time(application: Application, at: datetime) -> None:
    """Refuse what would turn an acceptance by silence around; a timely correction notice ruled that out for good."""
    if queries.is_silent(application, today=clock.day_of(at)):
        raise DeemedAccepted
